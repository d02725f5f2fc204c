"""A catalogue of a few sentences, in place of a language that people translate meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from gettext import NullTranslations

from keyrack.language import translation


class Few(NullTranslations):
    """Has translations of these texts alone."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def gettext(self, message: str) -> str:
        """The translation, or the text itself."""
        return self._texts.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The translation of the form for so many, or the form itself."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def given(language: str, texts: Mapping[str, str]) -> Iterator[None]:
    """Have these translations for a language, and speak English inside all the same."""
    translation.use(language, Few(texts))
    translation.use(translation.SOURCE)
    try:
        yield
    finally:
        translation.use(language)
        translation.use(translation.SOURCE)


@contextmanager
def spoken(language: str, texts: Mapping[str, str]) -> Iterator[None]:
    """Speak a language that has these translations."""
    with given(language, texts):
        translation.use(language, Few(texts))
        yield
