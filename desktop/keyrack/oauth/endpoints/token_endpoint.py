"""Sends a grant to a token endpoint and reads the token in the response: the code exchange and every renewal."""

from collections.abc import Callable
from dataclasses import replace

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints import grants
from keyrack.oauth.endpoints.error_response import refusal, server_time
from keyrack.oauth.endpoints.grants import is_public
from keyrack.oauth.endpoints.id_token import check_nonce
from keyrack.oauth.endpoints.response_content import content
from keyrack.oauth.endpoints.token_response import read_token
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret


class TokenEndpoint:
    """One server's token endpoint. `elapsed` gives the moment that lifetimes count from, in seconds.

    Every method returns a checked `Token` or raises a `Failure` of `keyrack.oauth.oauth_errors` or
    `keyrack.net.network_errors`. Nothing is sent twice (S44).
    """

    def __init__(self, http: HttpClient, server: AuthorizationServer, elapsed: Callable[[], float]) -> None:
        self._http = http
        self._server = server
        self._elapsed = elapsed

    async def client_credentials(self, client: OAuthClient) -> Token:
        """A token for the client's own credentials (RFC 6749 section 4.4)."""
        return await self._exchange(client, grants.client_credentials(self._server, client))

    async def authorization_code(
        self, client: OAuthClient, code: Secret, verifier: Secret | None, nonce: Secret | None = None
    ) -> Token:
        """A token for an authorization code (RFC 6749 section 4.1.3).

        Raises WrongNonce when an id_token came that does not hold `nonce`.
        """
        request = grants.authorization_code(self._server, client, code, verifier)
        token = await self._exchange(client, request, nonce=nonce)
        return replace(token, verifier=verifier) if self._server.dialect.verifier_at_refresh else token

    async def user_code(self, client: OAuthClient, code: Secret) -> Token:
        """A token for a code that the person copied (Bitport Q4)."""
        return await self._exchange(client, grants.user_code(self._server, client, code))

    async def refresh(self, client: OAuthClient, old: Token, *, last_check: Callable[[], None] | None = None) -> Token:
        """A new token by the server's way of renewal (RFC 6749 section 6).

        The old refresh token is kept when no new one is sent. `last_check` is for the request that presents it.
        """
        renewal = self._server.dialect.renewal
        if renewal == "again" or (renewal == "refresh_or_again" and old.refresh is None):
            return await self._exchange(client, grants.client_credentials(self._server, client), old)
        if renewal == "refresh_or_again":
            return await self._refresh_or_again(client, old, last_check)
        if renewal == "none" or old.refresh is None:
            raise InvalidGrant("renewal_not_offered", server=self._server.name)
        request = grants.refresh(self._server, client, old.refresh, old.verifier)
        return await self._exchange(client, replace(request, last_check=last_check), old)

    async def pasted_refresh_token(self, client: OAuthClient, refresh: Secret) -> Token:
        """A token for a refresh token that the person copied from the provider's page."""
        issued = self._elapsed()
        pasted = Token(None, issued, None, refresh, self._server.dialect.refresh_lifetime, issued, renewable=True)
        return await self._exchange(client, grants.refresh(self._server, client, refresh), pasted)

    async def _refresh_or_again(self, client: OAuthClient, old: Token, last_check: Callable[[], None] | None) -> Token:
        """Use the refresh token, and where it is refused the client's own credentials, as at the first sign-in.

        Deribit does not document how it refuses a used refresh token. The credentials then show what is wrong.
        """
        try:
            request = grants.refresh(self._server, client, old.refresh or Secret(""), old.verifier)
            return await self._exchange(client, replace(request, last_check=last_check), old)
        except (InvalidGrant, ClientRejected, RequestRefused):
            return await self.client_credentials(client)

    async def _exchange(
        self, client: OAuthClient, request: Request, old: Token | None = None, *, nonce: Secret | None = None
    ) -> Token:
        issued, public = self._elapsed(), is_public(self._server, client)
        response = await self._http.send(request)
        value = content(self._server, response, public=public)
        failure = refusal(self._server, response.status, value, public=public)
        if failure is not None:
            raise failure
        token = read_token(self._server, value, issued, old, now=server_time(response.headers))
        if nonce is not None:
            check_nonce(self._server, value, nonce)
        return token
