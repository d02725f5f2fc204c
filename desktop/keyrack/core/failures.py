"""The failures that the core itself tells."""

from keyrack.oauth.oauth_errors import InvalidGrant
from keyrack.primitives.failure import Failure


class NotSignedIn(Failure):
    """There is no token, because nobody is signed in."""


class SignInLapsed(Failure):
    """The sign-in ended because it was not renewed in time."""

    code = "sign_in_lapsed"


class Interrupted(InvalidGrant):
    """The refresh token is dead after an earlier renewal whose answer was never stored (S73)."""

    code = "refresh_interrupted"


class WrongAccount(Failure):
    """Another account signed in than the one that the entry belongs to (S34)."""

    code = "wrong_account"


class ExchangeClosed(Failure):
    """The provider has ended its service (ProBit Q1)."""

    code = "exchange_closed"


class CodeRefused(Failure):
    """What was typed as a user code is not sent (S55)."""


class Unexpected(Failure):
    """A fault of Keyrack itself; the log names its kind."""

    code = "unexpected"


class NoTokenToGive(Failure):
    """The account has an API key, which signs each request and is never sent itself."""

    def __init__(self, name: str) -> None:
        super().__init__("key_and_no_token", account=name)


class LifetimeTooShort(Failure):
    """More time was asked for than any token of this account lives."""

    code = "lifetime_too_short"


class DraftProblem(Failure):
    """A field of an account's settings is not accepted. `field` names it."""

    def __init__(self, field: str, code: str, **params: str) -> None:
        super().__init__(code, params=params)
        self.field = field
