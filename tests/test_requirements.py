"""Every number that is cited leads to a sentence, and every security number that is listed is shown by a test."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.oauth.loopback.hostile import HOSTILE
from tests.requirements import (
    LIST,
    PROVIDERS,
    cited,
    listed,
    other_kinds,
    quirks,
    quirks_at_head,
    quirks_without_file,
    sentences,
    shown,
    words_of,
    words_of_program,
)

FOLDERS = ("desktop", "tests", "packaging")
OWN = {LIST, LIST.with_suffix(".py"), Path(__file__)}
FILES = sorted(
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".md", ".toml"} and path not in OWN and not {"node_modules", "build"} & set(path.parts)
)
TOML = ROOT / "desktop" / "keyrack" / "providers"
# Where F1, F5, F6 and F11 are keys of the keyboard.
SHOWN_TO_A_PERSON = ("desktop/keyrack/ui/", "tests/ui/", "tests/desktop/", "tests/campaigns/packages_campaign.py")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def places_of(number: str) -> list[str]:
    return [name(path) for path in FILES if number in cited(words_of(path))]


def unlisted(numbers: set[str], text: str) -> list[str]:
    return sorted(numbers - listed(text).keys())


@cache
def explained() -> frozenset[tuple[str, str]]:
    """The quirks on which their provider has a line."""
    known = quirks_without_file(LIST.read_text("utf-8"))
    for id in PROVIDERS.values():
        if (file := TOML / f"{id}.toml").exists():
            known |= {(id, quirk) for quirk in quirks_at_head(file.read_text("utf-8"))}
    return frozenset(known)


def not_explained(found: set[tuple[str, str]]) -> list[str]:
    """The quirks whose provider has no line on them."""
    return sorted(f"{id} {quirk}" for id, quirk in found - explained() if id)


def test_every_cited_number_is_listed() -> None:
    found = {number for path in FILES for number in cited(words_of(path))}
    missing = unlisted(found, LIST.read_text("utf-8"))
    assert {number: places_of(number) for number in missing} == {}
    assert len(found) > 100


def test_every_listed_security_number_is_shown_by_a_test() -> None:
    tests = [path for path in FILES if path.suffix == ".py" and name(path).startswith("tests/")]
    found = {number for path in tests for number in shown(path.read_text("utf-8"))}
    assert sorted({number for number in sentences() if number.startswith("S")} - found) == []


def test_every_other_listed_number_is_cited() -> None:
    found = {number for path in FILES for number in cited(words_of(path))}
    found |= {f"C1.{hostile.number}" for hostile in HOSTILE}
    assert sorted(sentences().keys() - found) == []


def test_every_hostile_request_is_listed() -> None:
    assert {f"C1.{hostile.number}" for hostile in HOSTILE} - sentences().keys() == set()


def test_each_number_has_one_short_sentence() -> None:
    lines = [line for line in LIST.read_text("utf-8").splitlines() if re.match(r"\* [SRC]\d", line)]
    assert len(lines) == len(sentences())
    assert [line for line in lines if not line.endswith(".") or len(line) > 160] == []


def test_every_cited_quirk_is_explained_at_the_head_of_its_providers_file() -> None:
    missing = {name(path): not_explained(quirks(name(path), words_of(path))) for path in FILES}
    assert {path: found for path, found in missing.items() if found} == {}


def test_no_other_numbers_of_documents_are_cited() -> None:
    texts = {name(path): words_of(path) for path in FILES}
    without_keys = {
        path: re.sub(r"\bF([156]|11)\b", "", words) if path.startswith(SHOWN_TO_A_PERSON) else words
        for path, words in texts.items()
    }
    assert {path: found for path, words in without_keys.items() if (found := other_kinds(words))} == {}
    nameless = {path: [quirk for id, quirk in quirks(path, words) if not id] for path, words in texts.items()}
    assert {path: found for path, found in nameless.items() if found} == {}


# --- the rules themselves --------------------------------------------------------------------------------------------

SAMPLE = '''
"""Asks once more after a 401 (S81, S1234); see S82 to S84 and C2.4-C2.6, not S256."""

import subprocess  # noqa: S404

# R14: the clock jumps
NAME = f"{7} S91"
S99 = ("%C3%A9", "SS5", "XR6")

@pytest.mark.security("S9", *hostile.shows)
def test() -> None: ...
'''


def test_numbers_are_found_in_comments_and_strings() -> None:
    found = cited(words_of_program(SAMPLE))
    assert found == {"S81", "S82", "S83", "S84", "S91", "S9", "R14", "C2.4", "C2.5", "C2.6"}
    assert shown(SAMPLE) == {"S9"}


def test_an_unlisted_number_is_found_out() -> None:
    text = "* S81: One.\n* R14: Two.\n* C2.4: Three.\n* Kraken Q6: Four.\nS82: not a line of the list\n"
    assert listed(text) == {"S81": "One.", "R14": "Two.", "C2.4": "Three."}
    assert unlisted({"S81", "S82", "R14", "C2.4", "C2.40"}, text) == ["C2.40", "S82"]
    assert unlisted({"S199"}, LIST.read_text("utf-8")) == ["S199"]


@pytest.mark.parametrize(
    ("file", "words", "expected"),
    [
        ("x.py", "WhiteBIT Fast API key Q2, and WhiteBIT's Q3", {("whitebit-fast-key", "Q2"), ("whitebit", "Q3")}),
        ("x.py", "ProBit Q1, Q2 and Q3", {("probit", "Q1"), ("probit", "Q2"), ("probit", "Q3")}),
        ("x.py", "Kraken Q5 to Q7", {("kraken", "Q5"), ("kraken", "Q6"), ("kraken", "Q7")}),
        ("x.py", "removes the letter (Kraken\n    Q8).", {("kraken", "Q8")}),
        ("x.py", "Ctrl+Q, SQ1, and Q4", {("", "Q4")}),
        ("desktop/keyrack/providers/kraken.py", "Q8", {("kraken", "Q8")}),
        ("desktop/keyrack/providers/whitebit/refusals.py", "Q6", {("whitebit-fast-key", "Q6")}),
        ("desktop/keyrack/sandbox/providers/whitebit/x.py", "Q6", {("whitebit", "Q6")}),
    ],
)
def test_a_quirk_belongs_to_a_provider(file: str, words: str, expected: set[tuple[str, str]]) -> None:
    assert quirks(file, words) == expected


def test_a_quirk_without_a_line_is_found_out() -> None:
    assert not_explained({("kraken", "Q8"), ("kraken", "Q99"), ("coinbase", "Q11"), ("coinbase", "Q1")}) == [
        "coinbase Q1",
        "kraken Q99",
    ]
    assert quirks_at_head('# Name\n#\n# Q3: one\n#     more Q4: no\n# Q5:\nid = "x"\n# Q6: late\n') == {"Q3"}


def test_numbers_that_a_reader_cannot_look_up_are_found_out() -> None:
    assert other_kinds("F3 and K1, P2, E4; ProBit section 7. Section 10.") == [
        *("F3", "K1", "P2", "E4"),
        *("section 7", "Section 10"),
    ]
    assert other_kinds("RFC 3986 section 2.1, RFC 6749 §5.1, UTF8, HTTP2, 5F3A, %E4") == []
