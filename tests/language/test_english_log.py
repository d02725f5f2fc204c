"""A failure is English in a traceback and in the log, whatever language is spoken."""

import asyncio

from keyrack.broker.protocol.api_errors import client_rejected
from keyrack.core.failures import Unexpected
from keyrack.language.translation import outliving, speaking, spoken
from keyrack.messages.catalogue import CATALOGUE
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.signal import Signal
from tests.language import catalogue_of

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
