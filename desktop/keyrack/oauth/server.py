"""An authorization server as data: its endpoints (RFC 8414 names) and how it departs from the RFCs."""

from dataclasses import dataclass
from typing import Literal

import msgspec


class KnownFailure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A failure that this server tells in its own words.

    `at` is a dotted path into the answer, `says` the exact text there; `happened`, `means` and
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

    Lifetimes and intervals in seconds. `inside` names the key that wraps a token answer,
    `client_id_parameter` the name used at the authorization endpoint, `error_codes` and `error_texts`
    the dotted paths of what a failed answer says.
    """

    body: Literal["form", "json"] = "form"
    client_authentication: Literal["basic", "basic_raw", "body"] = "basic"
    pkce: bool = True
    client_id_parameter: str = "client_id"
    send_response_type: bool = True
    send_redirect_uri: bool = True
    send_grant_type: bool = True
    send_redirect_uri_at_token: bool = True
    state_echo: Literal["exact", "never"] = "exact"
    iss_required: bool = False
    renewal: Literal["refresh_token", "again", "none"] = "refresh_token"
    refresh_parameter: str = "refresh_token"
    refresh_interval: float = 0.0
    refresh_lifetime: float | None = None
    inside: str = ""
    scope_separator: str = " "
    token_type_optional: bool = False
    default_lifetime: float | None = None
    user_code_grant: str = ""
    error_codes: tuple[str, ...] = ("error",)
    error_texts: tuple[str, ...] = ("error_description",)
    failures: tuple[KnownFailure, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """One authorization server; `name` is for sentences, `plain_http` marks a test server on this machine (S40)."""

    name: str
    dialect: Dialect
    token_endpoint: str
    authorization_endpoint: str = ""
    refresh_endpoint: str = ""
    issuer: str | None = None
    scope: str = ""
    plain_http: bool = False
