"""A failure is English in a traceback and in the log, whatever language is spoken."""

import ast
import asyncio
from pathlib import Path

import pytest

from keyrack.broker.protocol.api_errors import client_rejected
from keyrack.core.access.lock import LockRefused
from keyrack.core.accounts.activity import Notice
from keyrack.core.accounts.activity_files import ActivityFiles
from keyrack.core.failures import Unexpected
from keyrack.core.vault.vault_errors import Stuck
from keyrack.language.translation import Phrase, outliving, speaking, spoken
from keyrack.messages.catalogue import CATALOGUE
from keyrack.net.network_errors import Unreachable
from keyrack.net.proxy.way import DIRECT
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.primitives.signal import Signal
from tests.language import catalogue_of
from tests.test_messages import PRODUCT, kinds, name_of

NOW = 1_790_000_000.0

ENGLISH = CATALOGUE["unexpected"].happened


def test_an_exception_is_english_and_its_sentences_are_not() -> None:
    with catalogue_of.spoken("xx", {ENGLISH: "Etwas ging schief."}):
        failure = Unexpected()
        assert str(failure) == ENGLISH
        assert failure.in_english().startswith(ENGLISH)
        assert failure.sentences().startswith("Etwas ging schief.")


def test_a_relayed_failure_is_english_as_an_exception_too() -> None:
    why = ClientRejected("client_id_rejected")
    with catalogue_of.spoken("xx", {CATALOGUE[why.code].happened: "abgelehnt"}):
        assert "abgelehnt" not in str(why)
        assert str(client_rejected(why, "name")) == str(why)
        assert client_rejected(why, "name").happened == "abgelehnt"


def test_who_hears_of_a_change_speaks_the_language_of_the_process() -> None:
    heard: list[str] = []
    signal: Signal[[]] = Signal()
    signal.connect(lambda: heard.append(spoken()))
    with speaking("de"):
        signal.emit()
        assert spoken() == "de"
    assert heard == ["en"]


async def test_a_task_that_outlives_a_request_does_not_keep_its_language() -> None:
    async def language() -> str:
        return spoken()

    with speaking("de"):
        assert await asyncio.create_task(language()) == "de"
        assert await asyncio.create_task(language(), context=outliving()) == "en"


def translated_parts(tree: ast.AST) -> list[int]:
    """The lines in which a failure or a notice gets a parameter that is translated already."""
    found = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (
            name_of(call.func) in kinds() or name_of(call.func) in ("Notice", "note", "Mistake", "__init__")
        ):
            found += [call.lineno for word in call.keywords if any(map(is_translated, ast.walk(word.value)))]
    return found


def is_translated(node: ast.AST) -> bool:
    """Whether a part of an expression gives a sentence in the language of the moment."""
    if isinstance(node, ast.Call):
        return name_of(node.func) in ("tr", "plural", "translated", "sentences")
    if not isinstance(node, ast.Attribute) or node.attr not in ("happened", "means", "todo"):
        return False
    return not (isinstance(node.value, ast.Attribute) and node.value.attr == "phrases")


def test_no_failure_is_made_of_translated_parts() -> None:
    # An answer to one request and a widget are in one language, and outlive nothing.
    modules = (path for path in PRODUCT.rglob("*.py") if not {"sandbox", "protocol", "routes", "ui"} & {*path.parts})
    found = {path.relative_to(PRODUCT).as_posix(): translated_parts(ast.parse(path.read_text())) for path in modules}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        'Failure("unexpected", what=translated(known.means))',
        "Unexpected(why=why.happened)",
        'Failure("unexpected", reason=plain(error.strerror or tr("no reason")))',
        'account.note("renewal_failed", why=other.sentences())',
    ],
)
def test_the_rule_sees_a_translated_part(source: str) -> None:
    assert translated_parts(ast.parse(source)) == [1]


def test_the_rule_lets_phrases_be() -> None:
    assert translated_parts(ast.parse('Failure("unexpected", why=why.phrases.happened, what=Phrase(text))')) == []


def test_a_failure_within_a_failure_follows_the_language_that_is_spoken_when_it_is_shown() -> None:
    inner = Stuck()
    outer = LockRefused("passphrase_unread", why=inner.phrases.happened)
    words = CATALOGUE[inner.code].happened
    assert words in str(outer)
    assert words in outer.in_english()
    with catalogue_of.spoken("xx", {words: "Der Schlüsselbund schweigt."}):
        assert "Der Schlüsselbund schweigt." in outer.sentences()
        assert words in outer.in_english()


def test_what_a_provider_said_yesterday_is_shown_in_the_language_of_today(tmp_path: Path) -> None:
    files = ActivityFiles(tmp_path)
    why = Failure("provider_file_failure", what=Phrase("The key is used up."), meaning="", advice="")
    activity = files.activity("a1", lambda: NOW)
    with catalogue_of.spoken("xx", {"The key is used up.": "Aufgebraucht."}):
        activity.add(Notice.from_failure(why))
        assert activity.lines()[0].notice.sentence == "Aufgebraucht."
        files.close()
        assert "Aufgebraucht" not in (tmp_path / "activity" / "a1.json").read_text()
        assert ActivityFiles(tmp_path).load("a1")[0].notice.sentence == "Aufgebraucht."
    assert ActivityFiles(tmp_path).load("a1")[0].notice.sentence == "The key is used up."


def test_how_a_connection_is_made_is_translated_with_the_failure_that_tells_it() -> None:
    why = Unreachable("api.invalid", DIRECT.connects())
    words = CATALOGUE["connects_directly"].happened
    with catalogue_of.spoken("xx", {words: "Ohne Umweg."}):
        assert "Ohne Umweg." in why.sentences()
        assert words in Unreachable("api.invalid", DIRECT.connects()).in_english()


def test_a_parameter_that_an_older_file_lacks_leaves_a_gap() -> None:
    assert "…" in Failure("provider_file_failure").happened
