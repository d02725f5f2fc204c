"""An authorization server as data: its endpoints (RFC 8414 names) and where it departs from the RFCs."""

from dataclasses import dataclass
from typing import Literal

import msgspec

# Stands in the path of an authorization address for the client id (Uphold Q10).
CLIENT_ID = "{client_id}"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

ClientAuthentication = Literal["basic", "basic_raw", "basic_empty_password", "body", "none"]
Renewal = Literal["refresh_token", "refresh_or_again", "again", "none"]
RevocationWay = Literal["none", "body", "bearer"]
TokenField = Literal["access_token", "token_type", "expires_in", "refresh_token", "scope", "id_token"]


class KnownFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A failure that this server reports in its own words.

    `at` is a dotted path into the response, and `says` is the exact text there, or "true" or "false". `status` is the
    HTTP status, 0 for any. One of the two describes the failure, or both together.
    `happened`, `means` and `todo` replace the general sentences where they are given.
    """

    at: str = ""
    says: str = ""
    status: int = 0
    kind: Literal["invalid_grant", "client_rejected", "refused", "transient", "ended"]
    happened: str = ""
    means: str = ""
    todo: str = ""


class Dialect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a server departs from the RFCs. Each default is what the RFC says.

    Lifetimes and intervals are in seconds. `lifetime_unit` is the unit of `expires_in` alone.

    The authorization request:
    `client_id_parameter` is the name of the client id, and `authorize_parameters` are always sent besides.
    With `redirect_port` "any" each sign-in takes a free port (RFC 8252 section 7.3). `nonce` sends a random one, and
    an id_token that comes must hold it (OpenID Connect Core §3.1.3.7).

    The token request:
    `client_authentication` "none" is a public client that never sends a secret (Gemini Q1).
    `rpc_call` is the method that the body "json_rpc" calls (Deribit Q4). `token_parameters` go with each request for
    a first token, `refresh_parameters` with each renewal by refresh token, and `device_parameters` with the request
    for a device code. Examples are `resource` (RFC 8707) and `audience`. `device_grant` and `device_code_parameter`
    name the grant and its code. `verifier_at_refresh` sends the code verifier of the sign-in once more, and
    `redirect_uri_at_refresh` the redirect address (Saxo Q2).

    The token response:
    `inside` is the dotted path of the object that holds the token, and `inside_optional` says that the path may be
    missing (WhiteBIT Fast API key). `names` are the names of its fields, where they differ. `api_field` is the dotted
    path of the API's address, which must be one of the region's `apis`. With `token_type_optional` the type of the
    token is not looked at. `expires_at_field` is the field with the moment at which the access token ends, for a
    server without `expires_in`. `refresh_lifetime_field` is the field with the refresh token's own lifetime.

    The renewal:
    `renewal` "refresh_or_again" uses the client's own credentials when the refresh token is refused, so that no
    lifetime of that token ends the sign-in. `sign_in_lifetime` counts from the sign-in, and no renewal moves its end.
    `rotation` says what a refresh does to the refresh token: with "never" it
    outlives a lost response. `old_access_dies` delays other calls during a refresh, because the refresh ends the
    current access token (Kraken Q6).

    The error response:
    `error_codes` and `error_texts` are dotted paths into it, and `no_error` are the codes of a good response.

    The revocation:
    `revocation` "body" is RFC 7009, and "bearer" sends the access token itself as proof. With `revocation_trusted`
    false, the response does not say whether it worked (Coinbase Q11).
    """

    body: Literal["form", "json", "json_rpc"] = "form"
    rpc_call: str = ""
    client_authentication: ClientAuthentication = "basic"
    token_parameters: dict[str, str] = {}
    refresh_parameters: dict[str, str] = {}
    device_parameters: dict[str, str] = {}
    device_grant: str = DEVICE_GRANT
    device_code_parameter: str = "device_code"
    verifier_at_refresh: bool = False
    redirect_uri_at_refresh: bool = False
    nonce: bool = False
    pkce: bool = True
    client_id_parameter: str = "client_id"
    authorize_parameters: dict[str, str] = {}
    send_scope: bool = True
    send_response_type: bool = True
    send_redirect_uri: bool = True
    redirect_port: Literal["registered", "any"] = "registered"
    send_grant_type: bool = True
    send_redirect_uri_at_token: bool = True
    state_echo: Literal["exact", "never"] = "exact"
    iss_required: bool = False
    renewal: Renewal = "refresh_token"
    sign_in_lifetime: float | None = None
    rotation: Literal["always", "never", "unknown"] = "unknown"
    old_access_dies: bool = False
    refresh_parameter: str = "refresh_token"
    refresh_interval: float = 0.0
    refresh_lifetime: float | None = None
    inside: str = ""
    inside_optional: bool = False
    names: dict[TokenField, str] = {}
    api_field: str = ""
    scope_separator: str = " "
    token_type_optional: bool = False
    default_lifetime: float | None = None
    lifetime_unit: Literal["seconds", "milliseconds"] = "seconds"
    expires_at_field: str = ""
    refresh_lifetime_field: str = ""
    user_code_grant: str = ""
    revocation: RevocationWay = "none"
    revocation_trusted: bool = True
    error_codes: tuple[str, ...] = ("error",)
    error_texts: tuple[str, ...] = ("error_description",)
    no_error: tuple[str, ...] = ()
    failures: tuple[KnownFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """One authorization server. `name` is for sentences, and `plain_http` marks a test server on this machine (S40).

    `apis` are the addresses of which a token response may name one.
    `verification_page` is the page for a device code, when it is not on one of the server's own hosts.
    With `end_announced` an empty 404 means that the service has ended, and `end_advice` says what to do instead.
    """

    name: str
    dialect: Dialect
    token_endpoint: str
    authorization_endpoint: str = ""
    refresh_endpoint: str = ""
    device_authorization_endpoint: str = ""
    verification_page: str = ""
    revocation_endpoint: str = ""
    issuer: str | None = None
    scope: str = ""
    apis: tuple[str, ...] = ()
    plain_http: bool = False
    end_announced: bool = False
    end_advice: str = ""

    @property
    def renews_again(self) -> bool:
        """Whether the client's own credentials are enough for a new token."""
        return self.dialect.renewal in ("again", "refresh_or_again")

    @property
    def sent_scope(self) -> str:
        """The requested scopes as this server separates them (Gemini Q2)."""
        return self.dialect.scope_separator.join(self.scope.split())
