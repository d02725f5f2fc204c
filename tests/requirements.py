"""Reads what the S-, R-, C- and Q-numbers mean, and finds where numbers of documents are cited."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("requirements.md")
# How a citation names a provider, by the id of its file. The longer name comes first.
PROVIDERS = {
    "WhiteBIT Fast API key": "whitebit-fast-key",
    "WhiteBIT": "whitebit",
    "ProBit": "probit",
    "Bitport": "bitport",
    "Gemini": "gemini",
    "Deribit": "deribit",
    "Kraken": "kraken",
    "Uphold": "uphold",
    "Alpaca": "alpaca",
    "Coinbase": "coinbase",
    "put.io": "putio",
    "Dropbox": "dropbox",
    "Premiumize": "premiumize",
    "Saxo": "saxo-sim",
    "tastytrade": "tastytrade",
}
# Parts of a path that make clear which provider a file is about. The first one that fits counts.
_CLEAR_FROM = {
    "fast_key": "whitebit-fast-key",
    "whitebit_key": "whitebit-fast-key",
    "api_keys/": "whitebit-fast-key",
    "keyrack/providers/whitebit/": "whitebit-fast-key",
    "tests/providers/whitebit/": "whitebit-fast-key",
    **{id: id for id in PROVIDERS.values()},
}
# A method of RFC 7636, and rules of Ruff.
_OTHER_MEANINGS = frozenset({"S256", "S301", "S307", "S310", "S501", "S506", "S602", "S606"})
_NUMBER = r"(?:[SR]\d{1,3}|C[123]\.\d{1,2})"
_LISTED = re.compile(rf"^\* ({_NUMBER}): (\S.*)$", re.MULTILINE)
_CITED = re.compile(rf"(?<![%\w])({_NUMBER})(?:(?: to |-|–)({_NUMBER}))?(?!\w)")
_QUIRKS = re.compile(rf"(?:({'|'.join(PROVIDERS)})(?:'s)?\s+)?(?<![%\w])(Q\d+(?:(?:, | and | to )Q\d+)*)\b")
_QUIRK_AT_HEAD = re.compile(r"^# Q(\d+): \S", re.MULTILINE)
_QUIRK_LISTED = re.compile(r"^\* (\w+) Q(\d+): \S", re.MULTILINE)
# A row, an answer or a section of a document that is not in the repository. Sections of an RFC are.
_OTHER_KINDS = re.compile(r"(?<![\w+%])(?:[FKPE]\d{1,2})\b|(?<!RFC \d{4} )(?<!§)\b[Ss]ection \d+")
_ANY_NUMBER = re.compile(r"[A-Z]\d|[Ss]ection ")
_FOR_RUFF = re.compile(r"# noqa:.*")


def listed(text: str) -> dict[str, str]:
    """The sentence of each S-, R- and C-number in a list."""
    return dict(_LISTED.findall(text))


def sentences() -> dict[str, str]:
    """The sentence of each number in `tests/requirements.md`."""
    return listed(LIST.read_text(encoding="utf-8"))


@cache  # several rules read every file
def words_of(path: Path) -> str:
    """What a file says to its reader: comments and strings of a program, all of another text. "" without a number."""
    text = path.read_text(encoding="utf-8")
    if not _ANY_NUMBER.search(text):
        return ""
    return words_of_program(text) if path.suffix == ".py" else text


def words_of_program(text: str) -> str:
    """Comments and strings, one after the other, without the comments for Ruff."""
    kept = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(_FOR_RUFF.sub("", token.string) for token in tokens if token.type in kept)


def cited(words: str) -> set[str]:
    """The S-, R- and C-numbers in a text, a range with all that lies between its ends."""
    found: set[str] = set()
    for first, last in _CITED.findall(words):
        found |= {first, *_between(first, last)} if last else {first}
    return found - _OTHER_MEANINGS


def _between(first: str, last: str) -> Iterator[str]:
    kind = re.match(r"[SRQ]|C\d\.", first)
    assert kind
    assert last.startswith(kind[0]), f"{first} to {last} is no range"
    for number in range(int(first[kind.end() :]), int(last[kind.end() :]) + 1):
        yield f"{kind[0]}{number}"


def shown(program: str) -> set[str]:
    """The numbers that the marks `pytest.mark.security` in a test's source name."""
    if ".security" not in program:
        return set()
    calls = (node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Call))
    marks = (call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "security")
    return {str(word.value) for mark in marks for word in mark.args if isinstance(word, ast.Constant)}


def quirks(name: str, words: str) -> set[tuple[str, str]]:
    """The Q-numbers in the text of a file, each with its provider's id, "" where neither text nor `name` names it."""
    found = set()
    for provider, numbers in _QUIRKS.findall(words):
        id = PROVIDERS.get(provider) or next((id for part, id in _CLEAR_FROM.items() if part in name), "")
        each = re.findall(r"Q\d+", numbers)
        if " to " in numbers:
            each = list(_between(each[0], each[-1]))
        found |= {(id, quirk) for quirk in each}
    return found


def quirks_at_head(toml: str) -> set[str]:
    """The Q-numbers that the first comment of a provider file explains."""
    head = re.match(r"(?:#.*\n)*", toml)
    return {f"Q{number}" for number in _QUIRK_AT_HEAD.findall(head[0] if head else "")}


def quirks_without_file(text: str) -> set[tuple[str, str]]:
    """The Q-numbers that the list explains, of providers that have no file."""
    return {(PROVIDERS[provider], f"Q{number}") for provider, number in _QUIRK_LISTED.findall(text)}


def other_kinds(words: str) -> list[str]:
    """Numbers of documents that a reader cannot look up: "F3", "section 7"."""
    return _OTHER_KINDS.findall(words)
