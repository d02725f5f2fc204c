"""Gives each failure its kind in the interface, and makes the body of an error response.

The kind is the documented `code` of an error response. It decides the HTTP status and, in the command line, the exit
code. A class that is not listed has the kind of its nearest base class, and "unexpected" without one.

    failure class         kind             HTTP status   exit code
    ApiError              its own
    AccessRefused         its own          403           8
    LockRefused           its own          403           8
    LifetimeTooShort      usage            400           2
    NoTokenToGive         usage            400           2
    DraftProblem          usage            400           2
    CodeRefused           usage            400           2
    WrongAddressPasted    usage            400           2
    NotAKey               usage            400           2
    MovingFailure         usage            400           2
    AccountGone           no_account       404           3
    NotSignedIn           sign_in_needed   409           4
    SignInLapsed          sign_in_needed   409           4
    Interrupted           sign_in_needed   409           4
    ExchangeClosed        sign_in_needed   409           4
    InvalidGrant          sign_in_needed   409           4
    AccessDenied          sign_in_needed   409           4
    VaultFailure          keyring          503           5
    NetworkFailure        provider         502           6
    Transient             provider         502           6
    ClientRejected        provider         502           6
    RequestRefused        provider         502           6
    ServiceEnded          provider         502           6
    GroupFailure          usage            400           2
    CannotShare           usage            400           2
    NotTheRenewer         busy             503           8
    SealFailure           refused          403           8
    SharedStoreFailure    provider         502           6
    Failure               unexpected       500           1

An ApiError may also be "no_account" (404, exit code 3), "busy" (503, exit code 8) or "not_found" (404, exit code 2).
"""

import shlex
from collections.abc import Mapping
from typing import Literal

from keyrack.core.access.lock import LockRefused
from keyrack.core.access.policy import AccessRefused
from keyrack.core.api_keys.key_failures import NotAKey
from keyrack.core.failures import (
    AccountGone,
    CodeRefused,
    DraftProblem,
    ExchangeClosed,
    Interrupted,
    LifetimeTooShort,
    NoTokenToGive,
    NotSignedIn,
    SignInLapsed,
)
from keyrack.core.moving.moving_failures import MovingFailure
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.messages.catalogue import message
from keyrack.messages.message import Message
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import (
    AccessDenied,
    ClientRejected,
    InvalidGrant,
    RequestRefused,
    ServiceEnded,
    Transient,
    WrongAddressPasted,
)
from keyrack.primitives.failure import Failure

Kind = Literal[
    "usage",
    "no_account",
    "sign_in_needed",
    "keyring",
    "provider",
    "refused",
    "locked",
    "busy",
    "not_found",
    "unexpected",
]
VERSION = 1
STATUSES: Mapping[Kind, int] = {
    "usage": 400,
    "no_account": 404,
    "sign_in_needed": 409,
    "keyring": 503,
    "provider": 502,
    "refused": 403,
    "locked": 403,
    "busy": 503,
    "not_found": 404,
    "unexpected": 500,
}
_KINDS: Mapping[type[Failure], Kind] = {
    AccountGone: "no_account",
    NotSignedIn: "sign_in_needed",
    SignInLapsed: "sign_in_needed",
    Interrupted: "sign_in_needed",
    ExchangeClosed: "sign_in_needed",
    InvalidGrant: "sign_in_needed",
    AccessDenied: "sign_in_needed",
    LifetimeTooShort: "usage",
    NoTokenToGive: "usage",
    DraftProblem: "usage",
    CodeRefused: "usage",
    WrongAddressPasted: "usage",
    NotAKey: "usage",
    MovingFailure: "usage",
    VaultFailure: "keyring",
    NetworkFailure: "provider",
    Transient: "provider",
    ClientRejected: "provider",
    RequestRefused: "provider",
    ServiceEnded: "provider",
}
# Their rooms are imported only where accounts are shared, so these are known by their names.
_KINDS_OF_SHARING: Mapping[str, Kind] = {
    "GroupFailure": "usage",
    "CannotShare": "usage",
    "NotTheRenewer": "busy",
    "SealFailure": "refused",
    "SharedStoreFailure": "provider",
}


class ApiError(Failure):
    """The broker refuses a request. `kind` is the documented error code, `code` names the sentences."""

    def __init__(self, kind: Kind, code: str, *, detail: str = "", **params: str) -> None:
        super().__init__(code, detail=detail, params=params)
        self.kind: Kind = kind


class RelayedFailure(ApiError):
    """Another failure with its own sentences, under a kind that its class does not have.

    `todo` replaces the sentence of that name.
    """

    def __init__(self, kind: Kind, why: Failure, *, todo: str = "") -> None:
        self._relayed, self._todo = why, todo
        super().__init__(kind, why.code, detail=_said_by_provider(why), **why.params)

    @property
    def message(self) -> Message:
        """The sentences of the other failure."""
        why = self._relayed
        return Message(why.happened, why.means, self._todo or why.todo)


def kind_of(failure: Failure) -> Kind:
    """The documented error code of a failure: its own `kind` if it has one, else the kind of its class."""
    if isinstance(failure, ApiError | AccessRefused | LockRefused):
        return failure.kind
    for parent in type(failure).__mro__:
        if parent in _KINDS:
            return _KINDS[parent]
        if parent.__name__ in _KINDS_OF_SHARING:
            return _KINDS_OF_SHARING[parent.__name__]
    return "unexpected"


def error_body(failure: Failure) -> dict[str, object]:
    """The JSON object of an error response."""
    error = {
        "code": kind_of(failure),
        "happened": failure.happened,
        "means": failure.means,
        "todo": failure.todo,
        "detail": _said_by_provider(failure),
    }
    return {"version": VERSION, "error": error}


def _said_by_provider(failure: Failure) -> str:
    """The provider's own words, plain and without secrets. Those of this computer's parts are for the log alone."""
    return "" if isinstance(failure, NetworkFailure | VaultFailure) else failure.detail


def client_rejected(why: ClientRejected, name: str) -> ApiError:
    """The error for credentials that the provider refused: waiting does not help, unlike with one that is away."""
    code = "enter_client_id_again" if why.code == "client_id_rejected" else "enter_secret_again"
    return RelayedFailure("sign_in_needed", why, todo=message(code, {"name": shlex.quote(name)}).happened)


def no_account(name: str) -> ApiError:
    """No account has this name, which was checked to hold no control characters."""
    return ApiError("no_account", "account_unknown", name=name)


def quitting() -> ApiError:
    """Keyrack ends while a request is under way."""
    return ApiError("busy", "keyrack_quitting")
