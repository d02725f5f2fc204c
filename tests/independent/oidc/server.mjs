// A certified OpenID provider on 127.0.0.1, with an API that lists balances, for Keyrack's tests.
// Prints one line of JSON with its address when it accepts, and ends with its standard input.
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.argv[2]}/`);
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const CLIENTS = [
  {
    client_id: 'keyrack-public',
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/cb/oidc'],
  },
  {
    client_id: 'keyrack-secret',
    client_secret: 'invented & secret/1+2=3',
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/cb/oidc'],
  },
];

const server = http.createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: CLIENTS,
  cookies: { keys: ['invented-cookie-key'] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    userinfo: { enabled: true },
  },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  pkce: { required: (_, client) => client.clientAuthMethod === 'none' },
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  ttl: { AccessToken: 300, ClientCredentials: 300, DeviceCode: 120, Grant: 3600, Interaction: 600, RefreshToken: 3600, Session: 600 },
});

const counted = { token: 0, refused: 0 };
provider.on('grant.success', () => { counted.token += 1; });
provider.on('grant.error', () => { counted.refused += 1; });

const answer = (response, status, content) => {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(content));
};

async function balances(request, response) {
  const value = (request.headers.authorization ?? '').replace('Bearer ', '');
  const token = await provider.AccessToken.find(value) ?? await provider.ClientCredentials.find(value);
  if (!token?.isValid) return answer(response, 401, { error: 'invalid_token' });
  const rows = [{ asset: 'BTC', free: '0.123456789012345678', total: '0.5' }];
  return answer(response, 200, { rows, user: token.accountId ?? token.clientId });
}

const handle = provider.callback();
server.on('request', (request, response) => {
  if (request.url.startsWith('/api/')) balances(request, response);
  else if (request.url === '/counted') answer(response, 200, counted);
  else handle(request, response);
});
console.log(JSON.stringify({ issuer }));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
