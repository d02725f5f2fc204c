// oauth2-mock-server: it takes every client, secret, code and refresh token, and grants the scope "dummy".
import { OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';

export default async (base) => {
  const issuer = new OAuth2Issuer();
  issuer.url = base;
  await issuer.keys.generate('ES256');
  const service = new OAuth2Service(issuer);
  const given = new Set();
  service.on('beforeResponse', (told) => given.add(told.body.access_token));
  return (request, response) => {
    if (!request.url.startsWith('/api/')) return service.requestHandler(request, response);
    const good = given.has((request.headers.authorization ?? '').replace('Bearer ', ''));
    const rows = [{ asset: 'BTC', free: '0.123456789012345678', total: '0.5' }];
    response.writeHead(good ? 200 : 401, { 'Content-Type': 'application/json' });
    return response.end(JSON.stringify(good ? { rows, user: 'johndoe' } : { error: 'invalid_token' }));
  };
};
