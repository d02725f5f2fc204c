"""Sends a grant to a token endpoint and reads the token in the response: the code exchange and every renewal."""

from collections.abc import Callable
from typing import Any

from keyrack.net.client.client_message import Request, Response
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints import grants
from keyrack.oauth.endpoints.error_response import ended, refusal, unavailable
from keyrack.oauth.endpoints.token_response import read_token
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused, UnexpectedResponse
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.strict_json import read_json
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
        return await self._exchange(grants.client_credentials(self._server, client))

    async def authorization_code(self, client: OAuthClient, code: Secret, verifier: Secret | None) -> Token:
        """A token for an authorization code (RFC 6749 section 4.1.3)."""
        return await self._exchange(grants.authorization_code(self._server, client, code, verifier))

    async def user_code(self, client: OAuthClient, code: Secret) -> Token:
        """A token for a code that the person copied (Bitport Q4)."""
        return await self._exchange(grants.user_code(self._server, client, code))

    async def refresh(self, client: OAuthClient, old: Token) -> Token:
        """A new token by the server's way of renewal (RFC 6749 section 6).

        The old refresh token is kept when no new one is sent.
        """
        renewal = self._server.dialect.renewal
        if renewal == "again" or (renewal == "refresh_or_again" and old.refresh is None):
            return await self._exchange(grants.client_credentials(self._server, client), old)
        if renewal == "refresh_or_again":
            return await self._refresh_or_again(client, old)
        if renewal == "none" or old.refresh is None:
            raise InvalidGrant("renewal_not_offered", server=self._server.name)
        return await self._exchange(grants.refresh(self._server, client, old.refresh), old)

    async def _refresh_or_again(self, client: OAuthClient, old: Token) -> Token:
        """Use the refresh token, and where it is refused the client's own credentials, as at the first sign-in.

        Deribit does not document how it refuses a used refresh token. The credentials then show what is wrong.
        """
        try:
            return await self._exchange(grants.refresh(self._server, client, old.refresh or Secret("")), old)
        except (InvalidGrant, ClientRejected, RequestRefused):
            return await self.client_credentials(client)

    async def _exchange(self, request: Request, old: Token | None = None) -> Token:
        issued = self._elapsed()
        response = await self._http.send(request)
        return read_token(self._server, self._decoded(response), issued, old)

    def _decoded(self, response: Response) -> Any:
        name, status = self._server.name, response.status
        failure = ended(name, response, announced=self._server.end_announced, advice=self._server.end_advice)
        failure = failure or unavailable(name, status, response.headers)
        if failure is not None:
            raise failure
        value = self._value(response)
        failure = refusal(self._server, response.status, value)
        if failure is not None:
            raise failure
        return value

    def _value(self, response: Response) -> Any:
        try:
            return read_json(response.body, self._server.name)
        except UnexpectedResponse:
            if response.status in (403, 451):
                raise _network_refused(self._server, response.status) from None
            if response.status == 401 and "www-authenticate" in response.headers:
                return None  # refused by HTTP's own means (RFC 6749 section 5.2), which needs no body
            raise


def _network_refused(server: AuthorizationServer, status: int) -> UnexpectedResponse:
    return UnexpectedResponse("network_refused", server=server.name, detail=f"HTTP {status}")
