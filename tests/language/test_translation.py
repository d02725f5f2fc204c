"""A sentence is found in the language of the moment, with its values and its form for a number."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from keyrack.language import translation
from keyrack.language.languages import LANGUAGES, SYSTEM, accepted, best, chosen, of_environment
from keyrack.language.translation import SOURCE, mark, plural, speaking, spoken, tr, translated
from keyrack.messages.catalogue import CATALOGUE, message
from tests.language.pseudo import LANGUAGE, Pseudo, pseudo, unmarked


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    translation.use(SOURCE)


def test_english_is_what_stands_in_the_code() -> None:
    assert tr("Renews in {time}.", time="3:41") == "Renews in 3:41."
    assert plural("{n} hour", "{n} hours", 1) == "1 hour"
    assert plural("{n} hour", "{n} hours", 2) == "2 hours"
    assert mark("A table's sentence.") == translated("A table's sentence.") == "A table's sentence."


def test_values_are_put_into_the_translation() -> None:
    with pseudo():
        assert tr("Renews in {time}.", time="3:41") == "⟦Renews in 3:41.⟧"
        assert plural("{n} of {all}", "{n} of {all}", 2, n="two", all=3) == "⟦two of 3⟧"
        assert translated("") == ""
    assert tr("Renews now.") == "Renews now."


def test_a_value_with_braces_is_only_text() -> None:
    with pseudo():
        assert tr("Added {name}.", name="{time}") == "⟦Added {time}.⟧"


def test_two_meanings_of_a_word_are_told_apart() -> None:
    class Two(NullTranslations):
        def pgettext(self, context: str, message: str) -> str:
            return f"{context}/{message}"

    translation.use("two", Two())
    assert translated("Open", "verb") == "verb/Open"
    assert translated("Open") == "Open"


def test_a_message_has_all_its_sentences_translated() -> None:
    code = next(code for code, entry in CATALOGUE.items() if entry.means and entry.todo)
    with pseudo():
        assert not [part for part in message(code, {}) if unmarked(part)]


async def test_one_request_may_be_answered_in_another_language() -> None:
    translation.use(LANGUAGE, Pseudo())
    translation.use(SOURCE)

    async def answer(language: str) -> str:
        with speaking(language):
            await asyncio.sleep(0)
            return tr("Hello.")

    answers = await asyncio.gather(answer(LANGUAGE), answer(""), answer(LANGUAGE))
    assert list(answers) == ["⟦Hello.⟧", "Hello.", "⟦Hello.⟧"]
    assert spoken() == SOURCE


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:cs:de"}, "cs"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "uk_UA.UTF-8"}, "uk"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "uk_UA.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "../../etc/passwd"}, "en"),
    ],
)
def test_the_environment_is_read_as_gettext_reads_it(variables: dict[str, str], language: str) -> None:
    assert of_environment(variables) == language


def test_what_was_chosen_goes_before_the_system() -> None:
    assert chosen("de", "ko") == "de"
    assert chosen(SYSTEM, "ko") == "ko"
    assert chosen("a language of tomorrow", "ko") == "ko"
    assert best(["fr-CH", "uk-UA", "de"]) == "uk"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", ""),
        ("ko", "ko"),
        ("fr, de;q=0.5", "de"),
        ("fr", "en"),
        ("../..", "en"),
        (",", ""),
        ("*", ""),
        ("fr, *;q=0.1", "en"),
        ("en;q=0.1, de", "de"),
        ("de;q=0", ""),
    ],
)
def test_a_request_names_languages(header: str, language: str) -> None:
    assert accepted(header) == language


def test_each_language_is_named_in_its_own_words() -> None:
    assert LANGUAGES == {"en": "English", "cs": "Čeština", "de": "Deutsch", "ko": "한국어", "uk": "Українська"}


def test_english_reads_no_catalogue() -> None:
    code = "import sys; from keyrack.language.translation import tr; tr('x'); print('gettext' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
