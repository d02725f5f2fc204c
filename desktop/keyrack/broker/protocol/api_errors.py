"""From a failure to the code, the HTTP status and the sentences that a program at the socket is told."""

from collections.abc import Mapping
from typing import Literal, cast

from keyrack.core.failures import CodeRefused, DraftProblem, Interrupted, LifetimeTooShort, NotSignedIn, SignInLapsed
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import AccessDenied, ClientRejected, InvalidGrant, RequestRefused, Transient
from keyrack.primitives.failure import Failure

Code = Literal[
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
STATUSES: Mapping[Code, int] = {
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
_CODES: dict[type[Failure], Code] = {
    NotSignedIn: "sign_in_needed",
    SignInLapsed: "sign_in_needed",
    Interrupted: "sign_in_needed",
    InvalidGrant: "sign_in_needed",
    AccessDenied: "sign_in_needed",
    LifetimeTooShort: "usage",
    DraftProblem: "usage",
    CodeRefused: "usage",
    VaultFailure: "keyring",
    NetworkFailure: "provider",
    Transient: "provider",
    ClientRejected: "provider",
    RequestRefused: "provider",
}


class ApiError(Failure):
    """The socket itself says no; `kind` is one of the documented codes."""

    def __init__(self, code: Code, happened: str, means: str = "", todo: str = "") -> None:
        super().__init__(happened, means, todo)
        self.kind = code


def code_of(failure: Failure) -> Code:
    """The documented code of a failure: its own `kind` where it names one, else that of its class."""
    own = getattr(failure, "kind", None)
    if own in STATUSES:
        return cast(Code, own)
    for kind in type(failure).__mro__:
        if kind in _CODES:
            return _CODES[kind]
    return "unexpected"


def told(failure: Failure) -> dict[str, object]:
    """The object that an error answer holds."""
    error = {
        "code": code_of(failure),
        "happened": failure.happened,
        "means": failure.means,
        "todo": failure.todo,
    }
    return {"version": VERSION, "error": error}


def no_account(name: str) -> ApiError:
    """No account has the name, which was checked to hold no control characters."""
    return ApiError(
        "no_account",
        f"There is no account “{name}”.",
        "Names are compared without regard to upper and lower case.",
        "`keyrack status` lists the accounts.",
    )


def quitting() -> ApiError:
    """What a request is told that was under way when Keyrack was ended."""
    return ApiError("busy", "Keyrack is quitting.", "It gives out nothing any more.", "Start it again.")
