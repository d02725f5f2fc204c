"""Every failure of the network and of the protocol has its sentences in the catalogue, with all their parameters."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from keyrack.messages.catalogue import CATALOGUE
from keyrack.messages.network_messages import NETWORK_MESSAGES
from keyrack.messages.oauth_messages import OAUTH_MESSAGES
from keyrack.net.network_errors import NetworkFailure, NoResponse, TooLarge, Unreachable
from keyrack.oauth.oauth_errors import AccessDenied, NotYetApproved, WrongIssuer
from keyrack.primitives.failure import Failure
from tests.checkout import ROOT

ROOMS = [ROOT / "desktop" / "keyrack" / room for room in ("net", "oauth")]
OURS = NETWORK_MESSAGES | OAUTH_MESSAGES


def modules() -> list[Path]:
    return [path for room in ROOMS for path in room.rglob("*.py")]


def coded_calls() -> Iterator[tuple[str, set[str]]]:
    """Each code that a call begins with, and the names of the call's parameters."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.Constant) and first.value in OURS:
                yield str(first.value), {keyword.arg or "" for keyword in node.keywords}


def placeholders(code: str) -> set[str]:
    return {name for sentence in OURS[code] for _, name, _, _ in Formatter().parse(sentence) if name}


def test_each_call_fills_all_places_of_its_sentences() -> None:
    calls = list(coded_calls())
    assert len(calls) > 30
    missing = {code: left for code, given in calls if (left := placeholders(code) - given - {"host"})}
    assert missing == {}


def test_each_sentence_is_used() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in modules())
    assert [code for code in OURS if f'"{code}"' not in text] == []


def test_no_code_stands_for_two_things() -> None:
    assert len(OURS) == len(NETWORK_MESSAGES) + len(OAUTH_MESSAGES)
    assert all(CATALOGUE[code] is sentences for code, sentences in OURS.items())


@pytest.mark.parametrize(
    "failure",
    [
        Unreachable("host.example"),
        Unreachable("host.example", late=True),
        NoResponse("host.example"),
        NoResponse("host.example", late=True),
        TooLarge("host.example", limit=2048),
        NetworkFailure("certificate_name", "host.example"),
        AccessDenied(),
        WrongIssuer(),
        NotYetApproved("Alpha", slower=True),
    ],
    ids=lambda failure: failure.code,
)
def test_a_failure_has_whole_sentences(failure: Failure) -> None:
    assert failure.code in OURS
    assert failure.happened != failure.code
    assert not {"{", "…"} & set(failure.sentences())
