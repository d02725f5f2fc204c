#!/usr/bin/env bash
# @node-oauth/express-oauth-server 4.2.0: a person's "no" never comes back to the program that asked.
#
# RFC 6749, 4.1.2.1: a refusal is told by redirecting the browser with `error=access_denied`. The library builds exactly
# this redirect, and its express part then sends the redirect's headers under the error's own status: 400 with a
# `Location`, which no browser follows. The person sees JSON, and the program waits until its own time is over. The same
# holds for every other error of the authorization endpoint, an unknown scope for example. Only a granted request comes
# back. So a native client cannot rely on being told of a refusal and needs a deadline and a button to cancel.
#
# Seen with @node-oauth/express-oauth-server 4.2.0, @node-oauth/oauth2-server 5.3.0, express 5.3.0, Node 20.20.2:
#   granted: 302, Location with code and state
#   refused: 400, Location with error=access_denied and state
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private": true, "type": "module"}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts \
  @node-oauth/express-oauth-server@4.2.0 @node-oauth/oauth2-server@5.3.0 express@5.3.0
cat > try.js <<'NODE'
import express from 'express';
import OAuthServer from '@node-oauth/express-oauth-server';

const redirect = 'http://127.0.0.1:17463/cb';
const client = { id: 'app', grants: ['authorization_code'], redirectUris: [redirect] };
const model = {
  getClient: () => client,
  saveAuthorizationCode: (code) => ({ ...code, client, user: {} }),
  getAccessToken: () => undefined,
};
const app = express();
app.use(express.urlencoded({ extended: false }));
app.post('/authorize', new OAuthServer({ model }).authorize({ authenticateHandler: { handle: () => ({ name: 'kim' }) } }));
const server = app.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}/authorize`;
  const seen = [];
  for (const allowed of ['true', 'false']) {
    const query = new URLSearchParams({ response_type: 'code', client_id: 'app', redirect_uri: redirect, state: 'known' });
    const answer = await fetch(`${base}?${query}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ allowed }) });
    const back = new URL(answer.headers.get('location')).searchParams;
    const told = back.get('error') ? `error=${back.get('error')}` : 'code';
    seen.push(`${allowed === 'true' ? 'granted' : 'refused'}: ${answer.status}, Location with ${told} and ${back.get('state') ? 'state' : 'no state'}`);
  }
  seen.forEach((line) => console.log(line));
  const expected = ['granted: 302, Location with code and state', 'refused: 400, Location with error=access_denied and state'];
  if (seen.join() !== expected.join()) { console.error('this has changed'); process.exitCode = 1; }
  server.close();
  server.closeAllConnections();
});
NODE
node try.js
