"""Finds what a sentence is in the language that is spoken now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from functools import cache

TYPE_CHECKING = False  # `typing` takes longer to import than a verb of the command line may wait
if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations
    from typing import Self

SOURCE = "en"
_chosen = SOURCE
_asked: ContextVar[str] = ContextVar("language", default="")
_given: "dict[str, NullTranslations]" = {}


def use(language: str, catalogue: "NullTranslations | None" = None) -> None:
    """Speak a language of `languages.LANGUAGES` from now on, or one whose catalogue is given."""
    global _chosen  # noqa: PLW0603  a process speaks one language
    if catalogue is None:
        _given.pop(language, None)
    else:
        _given[language] = catalogue
    _chosen = language


def spoken() -> str:
    """The language of this moment, such as "ko"."""
    return _asked.get() or _chosen


def asked() -> str:
    """The language that the request of this moment asked for, "" for none."""
    return _asked.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language inside, as for the response to one request. "" is the one that `use` chose."""
    token = _asked.set(language)
    try:
        yield
    finally:
        _asked.reset(token)


def outliving() -> Context:
    """The context of a task that outlives the request that began it, and so speaks the language that `use` chose."""
    context = copy_context()
    context.run(_asked.set, "")
    return context


def mark(text: str) -> str:
    """The text itself. It marks a sentence of a table, which is translated where it is shown."""
    return text


def mark_plural(one: str, more: str) -> tuple[str, str]:
    """The two forms themselves. It marks what stands in a table for `plural`."""
    return one, more


class Values(dict[str, str]):
    """The values of a sentence by their places. A place without one shows "…"."""

    def __missing__(self, name: str) -> str:
        return "…"


class Phrase(str):
    """A part of a sentence, in English, that is translated where the sentence is shown.

    `text` is marked elsewhere, and `values` fill its places. Without them it has none, and braces are just braces. The
    log and the disk get the English, since this is a str.
    """

    __slots__ = ("_text", "_values")
    _text: str
    _values: "Mapping[str, str] | None"

    def __new__(cls, text: str, values: "Mapping[str, str] | None" = None) -> "Self":
        """The phrase of a marked text."""
        made = super().__new__(cls, text if values is None else text.format_map(Values(values)))
        made._text, made._values = text, values
        return made

    def shown(self) -> str:
        """The phrase in the language of this moment."""
        found = translated(self._text)
        return found if self._values is None else found.format_map(shown_values(self._values))


def shown(value: str) -> str:
    """A value in the language of this moment where it is a phrase, else the value itself."""
    return value.shown() if isinstance(value, Phrase) else value


def shown_values(values: "Mapping[str, str]") -> Values:
    """The same for each of them."""
    return Values({name: shown(value) for name, value in values.items()})


def tr(text: str, /, **values: object) -> str:
    """The sentence in the language of this moment, with the values in the places that are named like them."""
    found = translated(text)
    return found.format_map(values) if values else found


def plural(one: str, more: str, count: int, /, **values: object) -> str:
    """The sentence for so many. `{n}` stands for the number, unless `n` is among the values as text.

    Languages have between one form and three, by the rule in their catalogue.
    """
    language = spoken()
    found = (one if count == 1 else more) if language == SOURCE else _catalogue(language).ngettext(one, more, count)
    return found.format_map({"n": count, **values})


def translated(text: str, context: str = "") -> str:
    """The text in the language of this moment. The text itself where it has no translation.

    `context` tells two meanings of one English word apart.
    """
    language = spoken()
    if language == SOURCE or not text:
        return text
    catalogue = _catalogue(language)
    return catalogue.pgettext(context, text) if context else catalogue.gettext(text)


def _catalogue(language: str) -> "NullTranslations":
    return _given.get(language) or _read(language)


@cache
def _read(language: str) -> "NullTranslations":
    # The command line pays for every import, and in English it needs none of these.
    from gettext import GNUTranslations

    from keyrack.resources import resource

    with resource(f"languages/{language}.mo").open("rb") as file:
        return GNUTranslations(file)
