"""The schema of a provider file: a closed set of named choices and dotted paths."""

from datetime import date
from typing import Literal

import msgspec

from keyrack.oauth.server import Dialect

FlowName = Literal["client_credentials", "authorization_code", "user_code"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a provider file; unknown keys are mistakes."""


class Region(_Part, frozen=True):
    """One site of the provider; all addresses whole.

    `issuer` is what the site sends as `iss`, "" if it sends none (RFC 9207); `closed` marks a
    service that has ended, `test` a server on this machine (S40).
    """

    name: str
    token_endpoint: str
    api: str
    authorization_endpoint: str = ""
    refresh_endpoint: str = ""
    user_code_page: str = ""
    issuer: str = ""
    note: str = ""
    closed: bool = False
    test: bool = False


class Flow(_Part, frozen=True):
    """One way to sign in, in words for the person who chooses it."""

    title: str
    credentials_help: str
    credentials_url: str = ""
    needs_redirect: bool = False
    needs_secret: bool = True
    warning: str = ""


class BalanceCall(_Part, frozen=True):
    """One call whose answer lists what the account holds.

    `shape` says whether `rows` is a list of rows or an object keyed by asset; `total` may be
    missing where `in_use` is given, and is then their sum.
    """

    path: str
    shape: Literal["array", "keyed"]
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    rows: str = ""
    asset: str = ""
    available: str = ""
    total: str = ""
    in_use: str = ""
    place: str = ""


class StorageCall(_Part, frozen=True):
    """One call whose answer tells storage space; all figures in bytes."""

    path: str
    used: str = ""
    available: str = ""
    size: str = ""
    plan: str = ""
    plan_ends: str = ""


class IdentityCall(_Part, frozen=True):
    """The call that tells which account a token belongs to."""

    path: str
    field: str


class ApiErrors(_Part, frozen=True):
    """Where the API tells its failures: dotted paths of code and message, and the codes that mean 401."""

    codes: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    unauthorized: tuple[str, ...] = ()


class Provider(_Part, frozen=True):
    """One provider. `checked` is the day on which its documentation was last compared."""

    id: str
    name: str
    monogram: str
    documentation: str
    checked: date
    dialect: Dialect
    regions: dict[str, Region]
    flows: dict[FlowName, Flow]
    balances: tuple[BalanceCall, ...] = ()
    storage: tuple[StorageCall, ...] = ()
    identity: IdentityCall | None = None
    errors: ApiErrors = ApiErrors()
    leaves_out: str = ""
    scope: str = ""
    risky_scopes: tuple[str, ...] = ()
    removal: str = ""
