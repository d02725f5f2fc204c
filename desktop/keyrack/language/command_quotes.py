"""Sets the commands in a sentence apart where there is no terminal."""

import re

from keyrack.language.translation import spoken

# A command, an option or a file of Keyrack's own sentences. What others wrote, such as a name, stays as it is.
_MARKED = re.compile(r"`((?:keyrack\b|--|[\w./-]+ --|[\w./-]+\.toml\b)[^`\n]*)`")
_QUOTES = {"cs": ("„", "“"), "de": ("„", "“"), "uk": ("«", "»")}


def quoted(text: str) -> str:
    """The sentence with its commands in the quotation marks of the language, where a terminal shows backticks."""
    if "`" not in text:
        return text
    begin, end = _QUOTES.get(spoken(), ("“", "”"))
    return _MARKED.sub(lambda found: f"{begin}{found[1]}{end}", text)
