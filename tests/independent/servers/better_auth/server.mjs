// better-auth with its OAuth provider, in memory. The two pages that it leaves to the application are one button each.
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { oauthProvider } from '@better-auth/oauth-provider';

const PERSON = { email: 'kim@example.com', password: 'invented-password', name: 'kim' };
const TABLES = ['user', 'session', 'account', 'verification', 'jwks', 'oauthClient', 'oauthAccessToken', 'oauthRefreshToken',
  'oauthConsent', 'oauthClientAssertion', 'oauthResource', 'oauthClientResource', 'rateLimit'];

const made = (base, tables) => betterAuth({
  baseURL: base,
  secret: 'invented-secret-of-better-auth-0123456789',
  database: memoryAdapter(tables),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  logger: { disabled: true },
  telemetry: { enabled: false },
  plugins: [jwt(), oauthProvider({
    loginPage: '/sign-in',
    consentPage: '/consent',
    storeClientSecret: { hash: async (secret) => secret },
    silenceWarnings: { oauthAuthServerConfig: true, openidConfig: true },
  })],
});

// Its ids and secrets are random; the tests want known ones.
async function register(auth, tables, headers, redirect, id, secret) {
  const body = {
    redirect_uris: [redirect],
    application_type: 'native',
    token_endpoint_auth_method: secret ? 'client_secret_basic' : 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: 'openid offline_access',
  };
  const { client_id: given } = await auth.api.adminCreateOAuthClient({ body, headers });
  Object.assign(tables.oauthClient.find((row) => row.clientId === given), { clientId: id }, secret && { clientSecret: secret });
}

const read = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString());
};

export default async (base, redirect) => {
  const tables = Object.fromEntries(TABLES.map((name) => [name, []]));
  const auth = made(base, tables);
  const { headers } = await auth.api.signUpEmail({ body: PERSON, returnHeaders: true });
  const session = new Headers({ Cookie: headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') });
  for (const id of ['public', 'refused']) await register(auth, tables, session, redirect, id, '');
  await register(auth, tables, session, redirect, 'desk', 'invented & secret/1+2=3%41');

  const pages = {
    '/sign-in': async (request, response, query) => {
      const signed = await auth.api.signInEmail({ body: PERSON, asResponse: true });
      response.setHeader('Set-Cookie', signed.headers.getSetCookie());
      response.writeHead(302, { Location: `/api/auth/oauth2/authorize?${query}` }).end();
    },
    '/consent': async (request, response, query) => {
      if (request.method === 'GET') {
        return response.end('<form method="post"><button name="allow" value="1"></button><button name="refuse" value="1"></button></form>');
      }
      const accept = !(await read(request)).has('refuse');
      const asked = await auth.handler(new Request(`${base}/api/auth/oauth2/consent`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Cookie: request.headers.cookie, Origin: base },
        body: JSON.stringify({ accept, oauth_query: query }),
      }));
      const told = await asked.json();
      return response.writeHead(302, { Location: told.url ?? told.uri ?? told.redirect_uri ?? '/?' + JSON.stringify(told) }).end();
    },
    '/api/balances': async (request, response) => {
      const headers = { Authorization: request.headers.authorization ?? '' };
      const good = await auth.handler(new Request(`${base}/api/auth/oauth2/userinfo`, { headers }));
      const rows = [{ asset: 'BTC', free: '0.123456789012345678', total: '0.5' }];
      response.writeHead(good.ok ? 200 : 401, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(good.ok ? { rows, user: (await good.json()).sub } : { error: 'invalid_token' }));
    },
  };
  const handle = toNodeHandler(auth);
  return (request, response) => {
    const [path, query] = request.url.split('?');
    return pages[path] ? pages[path](request, response, query) : handle(request, response);
  };
};
