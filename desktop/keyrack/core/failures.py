"""The failures that the core itself tells."""

from keyrack.oauth.oauth_errors import InvalidGrant
from keyrack.primitives.failure import Failure


class NotSignedIn(Failure):
    """There is no token, because nobody is signed in."""


class SignInLapsed(Failure):
    """The sign-in ended because it was not renewed in time."""

    def __init__(self) -> None:
        super().__init__(
            "The sign-in ended because it was not renewed in time.",
            "This happens when the computer sleeps or Keyrack is closed for longer than the provider allows.",
            "Sign in again.",
        )


class Interrupted(InvalidGrant):
    """The refresh token is dead after an earlier renewal whose answer was never stored (S73)."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "A renewal was interrupted before its answer was stored.",
            "The provider had replaced the old token by then, so it cannot be used again.",
            "Sign in again.",
            detail=detail,
        )


class WrongAccount(Failure):
    """Another account signed in than the one that the entry belongs to (S34)."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "Another account signed in than the one this entry belongs to.",
            "Its token was thrown away and nothing was changed.",
            "Sign in with the right account, or add the other one as a new entry.",
            detail=detail,
        )


class ExchangeClosed(Failure):
    """The provider has ended its service (ProBit Q1)."""

    def __init__(self) -> None:
        super().__init__(
            "This exchange has closed.",
            "Its service has ended, so no sign-in can work. Nothing is wrong with your key.",
            "Your entry is kept until you remove it.",
        )


class CodeRefused(Failure):
    """What was typed as a user code is not sent (S55)."""


class Unexpected(Failure):
    """A fault of Keyrack itself; the log names its kind."""

    def __init__(self) -> None:
        super().__init__(
            "Keyrack met an error of its own.", "Nothing was changed.", "Try again; the log file names the error."
        )


class LifetimeTooShort(Failure):
    """More time was asked for than any token of this account lives."""


class DraftProblem(Failure):
    """A field of an account's settings cannot be taken; `field` names it."""

    def __init__(self, field: str, happened: str, todo: str = "") -> None:
        super().__init__(happened, "", todo)
        self.field = field
