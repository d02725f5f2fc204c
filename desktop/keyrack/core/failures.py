"""The failures that the core itself tells."""

from keyrack.net.failure import Failure


class NotSignedIn(Failure):
    """There is no token, because nobody is signed in."""


class SignInLapsed(Failure):
    """The sign-in ended because it was not renewed in time."""


class WrongAccount(Failure):
    """Another account signed in than the one that the entry belongs to (S34)."""


class LifetimeTooShort(Failure):
    """More time was asked for than any token of this account lives."""


class DraftProblem(Failure):
    """A field of an account's settings cannot be taken; `field` names it."""

    def __init__(self, field: str, happened: str, todo: str = "") -> None:
        super().__init__(happened, "", todo)
        self.field = field
