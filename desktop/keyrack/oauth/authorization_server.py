"""An authorization server as data: its endpoints (RFC 8414 names) and how it departs from the RFCs."""

from dataclasses import dataclass
from typing import Literal

import msgspec

# Stands in the path of an authorization address for the client id (Uphold Q10).
CLIENT_ID = "{client_id}"


class KnownFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A failure that this server tells in its own words.

    `at` is a dotted path into the answer, `says` the exact text there, or "true" or "false"; `happened`, `means` and
    `todo` replace the general sentences where they are given.
    """

    at: str
    says: str
    kind: Literal["invalid_grant", "client_rejected", "refused", "transient"]
    happened: str = ""
    means: str = ""
    todo: str = ""


class Dialect(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a server departs from the RFCs; each default is what the RFC says.

    Lifetimes and intervals in seconds; `lifetime_unit` is that of `expires_in` alone. `inside` is the dotted path of
    what wraps a token answer, `inside_optional` where it may be missing (WhiteBIT Fast API key),
    `refresh_lifetime_field` the field that tells the refresh token's own lifetime.
    `client_id_parameter` is the name used at the authorization endpoint, `authorize_parameters` what is always
    sent there besides. `error_codes` and `error_texts` are the dotted paths of what a failed answer says,
    `no_error` the codes of a good one. With `redirect_port` "any" each sign-in takes a free port (RFC 8252 §7.3).
    `client_authentication` "none" is a public client that never sends a secret (Gemini Q1). `renewal`
    "refresh_or_again" asks with the client's own credentials once the refresh token is refused, so that no
    lifetime of that token ends the sign-in.
    `rotation` says what a refresh does to the refresh token: with "never" it outlives a lost answer.
    `old_access_dies` holds back other calls during a refresh, which ends the running token (Kraken Q6).
    `rpc_call` is what the body "json_rpc" calls (Deribit Q4). `revocation` says how a token is taken back:
    "body" as in RFC 7009, "bearer" with the access token itself as proof; with `revocation_trusted` false its
    answer does not tell whether it worked (Coinbase Q11).
    """

    body: Literal["form", "json", "json_rpc"] = "form"
    rpc_call: str = ""
    client_authentication: Literal["basic", "basic_raw", "basic_empty_password", "body", "none"] = "basic"
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
    renewal: Literal["refresh_token", "refresh_or_again", "again", "none"] = "refresh_token"
    rotation: Literal["always", "never", "unknown"] = "unknown"
    old_access_dies: bool = False
    refresh_parameter: str = "refresh_token"
    refresh_interval: float = 0.0
    refresh_lifetime: float | None = None
    inside: str = ""
    inside_optional: bool = False
    scope_separator: str = " "
    token_type_optional: bool = False
    default_lifetime: float | None = None
    lifetime_unit: Literal["seconds", "milliseconds"] = "seconds"
    refresh_lifetime_field: str = ""
    user_code_grant: str = ""
    revocation: Literal["none", "body", "bearer"] = "none"
    revocation_trusted: bool = True
    error_codes: tuple[str, ...] = ("error",)
    error_texts: tuple[str, ...] = ("error_description",)
    no_error: tuple[str, ...] = ()
    failures: tuple[KnownFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorizationServer:
    """One authorization server; `name` is for sentences, `plain_http` marks a test server on this machine (S40).

    `verification_page` is where a person types a device code, where the server's own hosts do not have it.
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
    plain_http: bool = False

    @property
    def renews_again(self) -> bool:
        """Whether the client's own credentials are enough for a new token."""
        return self.dialect.renewal in ("again", "refresh_or_again")

    @property
    def sent_scope(self) -> str:
        """The rights to ask for as this server separates them (Gemini Q2)."""
        return self.dialect.scope_separator.join(self.scope.split())
