#!/usr/bin/env bash
# oauth2-mock-server 8.2.3, told to listen on 127.0.0.1, names itself and every endpoint "localhost".
#
# RFC 8414, 3.3: the issuer in the metadata has to be identical to the one that the client asked, else the metadata must
# not be used. The server replaces each loopback address by the name localhost, so a client that compares, as the RFC
# wants, refuses metadata that came from http://127.0.0.1. And the metadata say that clients authenticate by "none" alone,
# while its documentation reads the client id of a token request from HTTP Basic. The way out is `server.issuer.url`, set
# by hand before the first request.
#
# Seen with oauth2-mock-server 8.2.3, Node 20.20.2:
#   asked at 127.0.0.1: issuer localhost, token endpoint localhost, methods none
#   with issuer.url set: issuer 127.0.0.1, token endpoint 127.0.0.1, methods none
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts oauth2-mock-server@8.2.3
cat > try.js <<'NODE'
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('ES256');
await server.start(0, '127.0.0.1');
const base = `http://127.0.0.1:${server.address().port}`;
const host = (address) => new URL(address).hostname;
const seen = [];
for (const step of ['asked at 127.0.0.1', 'with issuer.url set']) {
  const told = await (await fetch(`${base}/.well-known/openid-configuration`)).json();
  const methods = told.token_endpoint_auth_methods_supported.join(' ');
  seen.push(`${step}: issuer ${host(told.issuer)}, token endpoint ${host(told.token_endpoint)}, methods ${methods}`);
  console.log(seen.at(-1));
  server.issuer.url = base;
}
const expected = [
  'asked at 127.0.0.1: issuer localhost, token endpoint localhost, methods none',
  'with issuer.url set: issuer 127.0.0.1, token endpoint 127.0.0.1, methods none',
];
if (seen.join() !== expected.join()) { console.error('this has changed'); process.exitCode = 1; }
await server.stop();
NODE
node try.js
