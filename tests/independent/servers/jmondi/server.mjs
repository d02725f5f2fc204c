// @jmondi/oauth2-server with the repositories that its documentation asks for, in memory.
import { randomBytes } from 'node:crypto';
import { AuthorizationServer, DateInterval } from '@jmondi/oauth2-server';
import { handleExpressError, handleExpressResponse, requestFromExpress } from '@jmondi/oauth2-server/express';
import express from 'express';

const PAGE = '<form method="post"><button name="allow" value="1"></button>'
  + '<button name="refuse" value="1"></button></form>';
const GRANTS = ['authorization_code', 'refresh_token', 'client_credentials'];
const random = () => randomBytes(24).toString('base64url');

const repositories = (redirect) => {
  const scopes = [{ name: 'balances' }];
  const made = (id, secret) => ({ id, name: id, secret, redirectUris: [redirect], allowedGrants: GRANTS, scopes });
  const clients = { public: made('public'), desk: made('desk', 'invented & secret/1+2=3%41') };
  const codes = new Map();
  let tokens = [];
  return {
    clients: {
      getByIdentifier: async (id) => clients[id],
      isClientValid: async (grant, client, secret) => (client.secret ?? '') === (secret ?? ''),
    },
    scopes: { getAllByIdentifiers: async (names) => scopes.filter((scope) => names.includes(scope.name)), finalize: async (all) => all },
    users: { getUserByCredentials: async (id) => ({ id }) },
    codes: {
      getByIdentifier: async (code) => codes.get(code),
      issueAuthCode: (client, user, asked) => ({ code: random(), client, user, scopes: asked }),
      persist: async (code) => { codes.set(code.code, code); },
      isRevoked: async (code) => !codes.has(code),
      revoke: async (code) => { codes.delete(code); },
    },
    tokens: {
      issueToken: async (client, asked, user) => ({ accessToken: random(), client, user, scopes: asked }),
      issueRefreshToken: async (token) => Object.assign(token, {
        refreshToken: random(), refreshTokenExpiresAt: new DateInterval('30d').getEndDate(),
      }),
      persist: async (token) => { if (!tokens.includes(token)) tokens.push(token); },
      revoke: async (token) => { tokens = tokens.filter((one) => one !== token); },
      isRefreshTokenRevoked: async (token) => !tokens.includes(token),
      getByRefreshToken: async (id) => tokens.find((one) => one.refreshToken === id),
      getByAccessToken: async (id) => tokens.find((one) => one.accessToken === id),
    },
  };
};

export default async (base, redirect) => {
  const kept = repositories(redirect);
  const server = new AuthorizationServer(kept.clients, kept.tokens, kept.scopes, 'invented-signing-key');
  server.enableGrantTypes(
    { grant: 'authorization_code', authCodeRepository: kept.codes, userRepository: kept.users }, 'refresh_token', 'client_credentials',
  );
  const answered = (work) => async (request, response) => {
    try {
      handleExpressResponse(response, await work(request));
    } catch (refused) {
      handleExpressError(refused, response);
    }
  };
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.get('/authorize', (request, response) => response.send(PAGE));
  app.post('/authorize', answered(async (request) => {
    const asked = await server.validateAuthorizationRequest(requestFromExpress(request));
    asked.user = { id: 'kim' };
    asked.isAuthorizationApproved = !request.body.refuse;
    return server.completeAuthorizationRequest(asked);
  }));
  app.post('/token', answered((request) => server.respondToAccessTokenRequest(requestFromExpress(request))));
  app.post('/revoke', answered((request) => server.revoke(requestFromExpress(request))));
  app.get('/api/balances', async (request, response) => {
    const payload = JSON.parse(Buffer.from((request.headers.authorization ?? '..').split('.')[1], 'base64url').toString() || '{}');
    if (!await kept.tokens.getByAccessToken(payload.jti)) return response.status(401).json({ error: 'invalid_token' });
    return response.json({ rows: [{ asset: 'BTC', free: '0.123456789012345678', total: '0.5' }], user: payload.sub });
  });
  return app;
};
