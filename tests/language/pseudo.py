"""A language for tests: every sentence stands in brackets, so that one that was not translated is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from keyrack.language import translation

NAME = "en-XA"
OPENS, CLOSES = "⟦", "⟧"


class Bracketed(NullTranslations):
    """Puts what it is asked for in brackets."""

    def gettext(self, message: str) -> str:
        """The sentence in brackets."""
        return f"{OPENS}{message}{CLOSES}"

    def pgettext(self, context: str, message: str) -> str:
        """The same: a context changes no bracket."""
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The form for so many in brackets."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def bracketed() -> Iterator[None]:
    """Speak in brackets inside."""
    before = translation.spoken()
    translation.use(NAME, Bracketed())
    try:
        yield
    finally:
        translation.use(before)


def unmarked(text: str) -> str:
    """What stands outside all brackets, which are inside one another where a value was translated too."""
    outside, depth = "", 0
    for letter in text:
        depth += (letter == OPENS) - (letter == CLOSES)
        outside += letter if not depth and letter != CLOSES else ""
    return outside
