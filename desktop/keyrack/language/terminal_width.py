"""How much room a text takes in a terminal."""

from unicodedata import combining, east_asian_width

MOST = 100
# Between the parts of a list, each of whose lines stands for itself.
_SEPARATOR = " · "


def width_of(text: str) -> int:
    """Its width in columns: a wide letter takes two, an accent on a letter none (Unicode UAX 11)."""
    return sum(2 if east_asian_width(letter) in "WF" else not combining(letter) for letter in text)


def padded(text: str, width: int) -> str:
    """The text with blanks after it, so that it takes so many columns."""
    return text + " " * (width - width_of(text))


def folded(text: str) -> str:
    """The text without a line wider than `MOST` columns.

    What goes on stands below the words that it goes on from, together with the lines that went on from there already.
    """
    left, found = text.split("\n"), list[str]()
    while left:
        line = left.pop(0)
        if width_of(line) > MOST:
            start = _start(line)
            between = _SEPARATOR if _SEPARATOR in line else " "
            while left and between == " " and _goes_on(left[0], width_of(start)):
                line = f"{line} {left.pop(0).strip()}"
            found += _folded(start, line[len(start) :].split(between), between)
        else:
            found.append(line)
    return "\n".join(found)


def _start(line: str) -> str:
    """Blanks at the left, and a word or an option that stands in a column of its own before what it means."""
    words = line.lstrip()
    column, _, rest = words.partition("  ")
    return line[: len(line) - len(rest.lstrip() if column and rest.strip() else words)]


def _goes_on(line: str, at: int) -> bool:
    """Whether a line stands below words that begin at a column, and begins no column itself."""
    return bool(line.strip()) and len(_start(line)) == at == len(line) - len(line.lstrip())


def _folded(start: str, parts: list[str], between: str) -> list[str]:
    first, *others = parts
    lines, now = [], start + first
    for part in others:
        if width_of(f"{now}{between}{part}{between}".rstrip()) > MOST:
            lines.append(f"{now}{between}".rstrip())
            now = " " * width_of(start) + part
        else:
            now += between + part
    return [*lines, now]
