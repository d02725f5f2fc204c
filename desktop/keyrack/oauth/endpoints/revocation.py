"""Revokes tokens at the provider when an account signs out or is removed (RFC 7009)."""

import contextlib
from dataclasses import replace
from typing import Literal

from keyrack.net.client.client_message import Response
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints import grants
from keyrack.oauth.endpoints.error_response import own_words, said, squeezed, unavailable
from keyrack.oauth.oauth_errors import RequestRefused, UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.strict_json import read_json
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

Revoked = Literal["none", "revoked", "asked"]
_NOT_OFFERED = "unsupportedtokentype"


class RevocationEndpoint:
    """One server's revocation endpoint."""

    def __init__(self, http: HttpClient, server: AuthorizationServer) -> None:
        self._http = http
        self._server = server

    @property
    def offered(self) -> bool:
        """Whether the server has one."""
        return bool(self._server.revocation_endpoint) and self._server.dialect.revocation != "none"

    async def revoke(self, client: OAuthClient, token: Token) -> Revoked:
        """Revoke the refresh token and the access token. Raises the Failure of the first where none was revoked.

        A refresh token that was revoked has ended its access tokens, which many servers then no longer know, so that
        it alone counts (RFC 7009 section 2.1). Returns "asked" where the response does not say whether it worked, and
        "none" where there was nothing to do.
        """
        tokens = [(token.access, "access_token")]
        if self._server.dialect.revocation == "body":
            # The refresh token comes first: most servers end its access tokens with it (RFC 7009 section 2.1).
            tokens.insert(0, (token.refresh, "refresh_token"))
        found = [(secret, hint) for secret, hint in tokens if secret is not None] if self.offered else []
        if not found:
            return "none"
        (first, first_hint), *others = found
        await self._send(client, first, first_hint)
        for secret, hint in others:
            with contextlib.suppress(Failure):
                await self._send(client, secret, hint)
        return "revoked" if self._server.dialect.revocation_trusted else "asked"

    async def _send(self, client: OAuthClient, token: Secret, hint: str) -> None:
        request = grants.revocation(self._server, client, token, hint)
        if self._server.dialect.revocation == "bearer":
            request = replace(request, headers={**request.headers, "Authorization": Secret(f"Bearer {token.reveal()}")})
        failure = self._failure(await self._http.send(request), hint)
        if failure is not None:
            raise failure

    def _failure(self, response: Response, hint: str) -> Failure | None:
        """The failure in a response (RFC 7009 section 2.2.1). A server need not revoke access tokens."""
        failure = unavailable(self._server.name, response.status, response.headers)
        if failure is not None or response.status < 400:
            return failure
        code, text = self._words(response)
        if squeezed(code) == _NOT_OFFERED and hint == "access_token":
            return None
        detail = own_words(code, text, response.status)
        return RequestRefused("revocation_refused", server=self._server.name, detail=detail)

    def _words(self, response: Response) -> tuple[str, str]:
        try:
            content = read_json(response.body, self._server.name, forgiving=True)
        except UnexpectedResponse:
            return "", ""
        return said(self._server, response.status, content)
