"""The failures that more than one room of the core raises."""

from keyrack.oauth.oauth_errors import InvalidGrant
from keyrack.primitives.failure import Failure


class NotSignedIn(Failure):
    """There is no token, because the account is not signed in."""


class AccountGone(Failure):
    """The account was removed while something was requested for it."""

    code = "account_gone"


class SignInLapsed(Failure):
    """The sign-in ended because it was not renewed in time."""

    code = "sign_in_lapsed"


class Interrupted(InvalidGrant):
    """The refresh token was used up by an earlier renewal, the response to which was never stored (S73)."""

    code = "refresh_interrupted"


class RefusedForNow(Failure):
    """The API refuses a token that nothing renews. It is kept, because that may pass."""

    def __init__(self, provider: str, *, detail: str) -> None:
        super().__init__("token_refused_for_now", detail=detail, provider=provider)


class WrongAccount(Failure):
    """The person signed in with another account than this one belongs to (S34)."""

    code = "wrong_account"


class ExchangeClosed(Failure):
    """The provider has ended its service (ProBit Q1)."""

    code = "exchange_closed"


class CodeRefused(Failure):
    """What the person entered as a user code is not sent (S55)."""


class Unexpected(Failure):
    """A fault of Keyrack itself. The log names the type of the exception."""

    code = "unexpected"


class NoTokenToGive(Failure):
    """The account has an API key. The key signs each request and is never sent itself."""

    def __init__(self, name: str) -> None:
        super().__init__("key_and_no_token", account=name)


class LifetimeTooShort(Failure):
    """The caller needs a token that lives longer than any token of this account."""

    code = "lifetime_too_short"


class DraftProblem(Failure):
    """A field of an account's settings is not accepted. `field` names it."""

    def __init__(self, field: str, code: str, **params: str) -> None:
        super().__init__(code, params=params)
        self.field = field
