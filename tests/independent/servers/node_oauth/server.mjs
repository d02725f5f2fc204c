// @node-oauth/express-oauth-server with the model that its documentation asks for, in memory.
import express from 'express';
import OAuthServer from '@node-oauth/express-oauth-server';

const PAGE = '<form method="post"><button name="allow" value="1"></button>'
  + '<button name="refuse" value="1"></button></form>';
const BOTH = ['authorization_code', 'refresh_token'];

const modelOf = (redirect) => {
  const clients = [
    { id: 'public', secret: '', grants: BOTH, redirectUris: [redirect] },
    { id: 'desk', secret: 'invented & secret/1+2=3%41', grants: BOTH, redirectUris: [redirect] },
  ];
  const codes = new Map();
  let tokens = [];
  return {
    getClient: (id, secret) => clients.find((one) => one.id === id && (secret === null || (secret ?? '') === one.secret)),
    saveAuthorizationCode: (code, client, user) => {
      codes.set(code.authorizationCode, { ...code, client, user });
      return { ...code, client, user };
    },
    getAuthorizationCode: (code) => codes.get(code),
    revokeAuthorizationCode: (code) => codes.delete(code.authorizationCode),
    saveToken: (token, client, user) => {
      tokens.push({ ...token, client, user });
      return tokens.at(-1);
    },
    getAccessToken: (value) => tokens.find((token) => token.accessToken === value),
    getRefreshToken: (value) => tokens.find((token) => token.refreshToken === value),
    revokeToken: (old) => {
      const before = tokens.length;
      tokens = tokens.filter((token) => token.refreshToken !== old.refreshToken);
      return tokens.length < before;
    },
  };
};

export default async (base, redirect) => {
  const oauth = new OAuthServer({ model: modelOf(redirect) });
  const person = { handle: () => ({ name: 'kim' }) };
  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.get('/authorize', (request, response) => response.send(PAGE));
  app.post('/authorize', (request, response, next) => {
    request.body.allowed = String(!request.body.refuse);
    return oauth.authorize({ authenticateHandler: person })(request, response, next);
  });
  app.post('/token', oauth.token());
  app.get('/api/balances', oauth.authenticate(), (request, response) => response.json({
    rows: [{ asset: 'BTC', free: '0.123456789012345678', total: '0.5' }],
    user: response.locals.oauth.token.user.name,
  }));
  return app;
};
