"""Authlib's authorization server in Flask, with everything in memory, as its documentation builds one.

Beyond its defaults: refresh tokens (for clients that may renew), PKCE, the issuer in the redirect (RFC 9207),
revocation (RFC 7009).
"""

from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin, grants
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from flask import Flask, request

PAGE = '<form method="post"><button name="allow" value="1"></button><button name="refuse" value="1"></button></form>'
RENEWS = ("authorization_code", "refresh_token", "client_credentials")


@dataclass
class Client(ClientMixin):
    id: str
    secret: str
    redirect: str
    grants: tuple[str, ...] = RENEWS

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> str:
        return self.redirect

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == self.secret

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == ("client_secret_basic" if self.secret else "none")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.grants


@dataclass
class Code(AuthorizationCodeMixin):
    redirect: str
    scope: str
    code_challenge: str | None
    code_challenge_method: str | None

    def get_redirect_uri(self) -> str:
        return self.redirect

    def get_scope(self) -> str:
        return self.scope


@dataclass
class Token(TokenMixin):
    told: dict[str, Any]
    client: Client
    ended: bool = False

    def check_client(self, client: Client) -> bool:
        return client is self.client

    def get_scope(self) -> str:
        return str(self.told.get("scope", ""))

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return self.ended


@dataclass
class Store:
    """What a database would hold."""

    clients: dict[str, Client]
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)

    def find(self, kind: str, value: str) -> Token | None:
        return next((token for token in self.tokens if token.told.get(kind) == value), None)


def application(base: str, redirect: str) -> Flask:
    kept = Store(
        {
            "public": Client("public", "", redirect),
            "desk": Client("desk", "invented & secret/1+2=3%41", redirect),
            "once": Client("once", "", redirect, ("authorization_code",)),
        }
    )
    app = Flask("authlib")
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
    server = AuthorizationServer(
        app, kept.clients.get, lambda told, asked: kept.tokens.append(Token(told, asked.client))
    )
    add_grants(server, kept)

    class Issuer(IssuerParameter):
        def get_issuer(self) -> str:
            return base

    server.register_extension(Issuer())
    add_pages(app, server, kept)
    return app


def add_grants(server: AuthorizationServer, kept: Store) -> None:
    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "none")

        def save_authorization_code(self, code: str, request: Any) -> None:
            told = request.payload
            asked = told.data
            kept.codes[code] = Code(
                told.redirect_uri, told.scope, asked.get("code_challenge"), asked.get("code_challenge_method")
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return kept.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            kept.codes = {key: code for key, code in kept.codes.items() if code is not authorization_code}

        def authenticate_user(self, authorization_code: Code) -> str:
            return "kim"

    class RefreshGrant(grants.RefreshTokenGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "none")

        def authenticate_refresh_token(self, refresh_token: str) -> Token | None:
            found = kept.find("refresh_token", refresh_token)
            return found if found and not found.ended else None

        def authenticate_user(self, refresh_token: Token) -> str:
            return "kim"

        def revoke_old_credential(self, refresh_token: Token) -> None:
            """It goes on: without rotation no new one comes."""

    class Revocation(RevocationEndpoint):
        def query_token(self, token_string: str, token_type_hint: str | None) -> Token | None:
            return kept.find("refresh_token", token_string) or kept.find("access_token", token_string)

        def revoke_token(self, token: Token, request: Any) -> None:
            token.ended = True

    server.register_grant(CodeGrant, [CodeChallenge(required=True)])
    server.register_grant(RefreshGrant)
    server.register_grant(grants.ClientCredentialsGrant)
    server.register_endpoint(Revocation)


def add_pages(app: Flask, server: AuthorizationServer, kept: Store) -> None:
    class Validator(BearerTokenValidator):
        def authenticate_token(self, token_string: str) -> Token | None:
            return kept.find("access_token", token_string)

    protected = ResourceProtector()
    protected.register_token_validator(Validator())

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        try:
            grant = server.get_consent_grant(end_user="kim")
        except OAuth2Error as error:
            return server.handle_error_response(server.create_oauth2_request(None), error)
        if request.method == "GET":
            return PAGE
        return server.create_authorization_response(grant_user="kim" if "allow" in request.form else None, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.post("/revoke")
    def revoke() -> Any:
        return server.create_endpoint_response("revocation")

    @app.get("/api/balances")
    @protected()
    def balances() -> Any:
        rows = [{"asset": "BTC", "free": "0.123456789012345678", "total": "0.5"}]
        return {"rows": rows, "user": current_token.client.id}
