// oauth2orize as its documentation builds a server, in memory. What it leaves to the application is done here in the
// simplest way: clients by HTTP Basic (or by their id alone), PKCE, and refresh tokens that stay the same.
import { createHash, randomBytes } from 'node:crypto';
import express from 'express';
import oauth2orize from 'oauth2orize';

const CLIENTS = { public: '', desk: 'invented & secret/1+2=3%41' };
const random = () => randomBytes(24).toString('base64url');
const hashed = (verifier) => createHash('sha256').update(verifier ?? '').digest('base64url');

const authenticated = (request, response, next) => {
  const [id, secret] = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString().split(':')
    .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  const name = id || request.body.client_id;
  request.user = CLIENTS[name] === (secret ?? '') && { id: name };
  return request.user ? next() : response.status(401).send('Unauthorized');
};

export default async (base, redirect) => {
  const codes = new Map();
  const access = new Map();
  const refresh = new Map();
  const granted = (client) => {
    const token = random();
    access.set(token, client.id);
    return token;
  };
  const server = oauth2orize.createServer();
  server.serializeClient((client, done) => done(null, client.id));
  server.deserializeClient((id, done) => done(null, { id }));
  server.grant('*', 'request', (request) => ({ challenge: request.query.code_challenge }));
  server.grant(oauth2orize.grant.code((client, uri, user, allowed, asked, done) => {
    const code = random();
    codes.set(code, { client: client.id, uri, challenge: asked.challenge });
    done(null, code);
  }));
  server.exchange(oauth2orize.exchange.code((client, code, uri, body, done) => {
    const kept = codes.get(code);
    codes.delete(code);
    if (kept?.client !== client.id || kept.uri !== uri || kept.challenge !== hashed(body.code_verifier)) return done(null, false);
    const renewal = random();
    refresh.set(renewal, client.id);
    return done(null, granted(client), renewal);
  }));
  server.exchange(oauth2orize.exchange.refreshToken((client, token, scope, done) => (
    done(null, refresh.get(token) === client.id && granted(client))
  )));

  const app = express();
  const session = {};
  app.use(express.urlencoded({ extended: false }));
  app.use((request, response, next) => Object.assign(request, { session }) && next());
  app.get('/authorize', server.authorization((id, uri, done) => done(null, id in CLIENTS && { id }, redirect)), (request, response) => {
    response.send(`<form action="/decision" method="post">
      <input type="hidden" name="transaction_id" value="${request.oauth2.transactionID}">
      <button name="allow" value="1"></button><button name="cancel" value="refuse"></button></form>`);
  });
  app.post('/decision', ...server.decision());
  app.post('/token', authenticated, server.token(), server.errorHandler());
  app.post('/forget', (request, response) => refresh.clear() ?? response.end());
  app.get('/api/balances', (request, response) => {
    const user = access.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (!user) return response.status(401).json({ error: 'invalid_token' });
    return response.json({ rows: [{ asset: 'BTC', free: '0.123456789012345678', total: '0.5' }], user });
  });
  return app;
};
