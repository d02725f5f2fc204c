"""One setting: its name, its type, what it may be, its default, and one sentence on it."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeVar, cast

from keyrack.language.translation import plural, tr, translated

T = TypeVar("T", bound=bool | int | str)
Place = Literal["start", "look", "safety", "notices", "accounts", "about", ""]
LONGEST = 50_000
_LONGEST_NUMBER = 9
_ON, _OFF = ("true", "on", "yes"), ("false", "off", "no")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """A value, and how a person reads it: `text` in English, or for `count` of something `text` or `more`."""

    value: T
    text: str
    more: str = ""
    count: int = 0

    @property
    def words(self) -> str:
        """How a person reads it, in the language of this moment."""
        return plural(self.text, self.more, self.count) if self.more else translated(self.text)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """`text` is its sentence in English. `place` is where the page shows it, "" for nowhere there.

    Without `choices`, yes and no are allowed, or every text. `only_by` is what alone
    may change it, "" for `keyrack settings set`.
    """

    name: str
    default: T
    text: str
    place: Place = ""
    choices: tuple[Choice[T], ...] = ()
    only_by: str = ""

    @property
    def sentence(self) -> str:
        """What it is about, in the language of this moment."""
        return translated(self.text)

    def allows(self, value: object) -> bool:
        """Whether it may have this value. A number is no yes or no, and neither is a text."""
        if type(value) is not type(self.default):
            return False
        if self.choices:
            return any(choice.value == value for choice in self.choices)
        return not isinstance(value, str) or len(value) <= LONGEST

    def allowed(self) -> str:
        """What it may be, as the file writes it."""
        if isinstance(self.default, bool):
            return tr("true or false")
        if not self.choices:
            return tr("a text in quotation marks")
        *first, last = [written(choice.value) for choice in self.choices]
        return tr("{values} or {last}", values=", ".join(first), last=last)

    def words_of(self, value: T) -> str:
        """A value as a person reads it."""
        if isinstance(value, bool):
            return tr("on") if value else tr("off")
        return next((choice.words for choice in self.choices if choice.value == value), str(value))

    def of_text(self, text: str) -> T | None:
        """The value that a person typed, None where it is not allowed."""
        words, found = text.strip(), cast("T", None)
        if isinstance(self.default, str):
            found = cast("T", words)
        elif isinstance(self.default, bool) and words.lower() in (*_ON, *_OFF):
            found = cast("T", words.lower() in _ON)
        elif words.isdecimal() and len(words) <= _LONGEST_NUMBER:
            found = cast("T", int(words))
        return found if self.allows(found) else None


def written(value: bool | int | str) -> str:
    """A value as TOML writes it (TOML 1.0, String)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(_escaped(letter) for letter in value) + '"'


def plainly(value: bool | int | str) -> str:
    """A value as the command line prints it."""
    return value if isinstance(value, str) else written(value)


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    return letter if letter.isprintable() else f"\\U{ord(letter):08x}"
