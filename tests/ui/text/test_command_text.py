"""Commands for a shell: each part quoted, and no token on a command line. Sentences name them in quotation marks."""

import shlex
from collections.abc import Iterator

import pytest

from keyrack.command_name import command_name
from keyrack.language import translation
from keyrack.language.command_quotes import quoted
from keyrack.messages.catalogue import CATALOGUE
from keyrack.ui.text.command_text import call, curl

CALLED = command_name().split()
URL = "https://api.example.org/v1/balance?all=yes&limit=5"


@pytest.fixture
def in_english() -> Iterator[None]:
    yield
    translation.use(translation.SOURCE)


def words(command: str) -> list[str]:
    """The words that a shell makes of it. "|" separates two commands."""
    parts = shlex.shlex(command, posix=True, punctuation_chars="|;&()<>")
    parts.whitespace_split = True
    return list(parts)


def test_a_name_is_one_word_whatever_is_in_it() -> None:
    for name in ("Trading", "Main desk", "it's", "$(reboot)", "a | b; c & d > e", "`x`"):
        assert words(call("token", name, sandbox=False)) == [*CALLED, "token", name]
    assert call("token", "Main desk", sandbox=False) == f"{command_name()} token 'Main desk'"


def test_the_sandbox_asks_its_own_keyrack() -> None:
    assert call("token", "Trading", sandbox=True) == f"{command_name()} --sandbox token Trading"


def test_curl_reads_the_header_from_a_pipe() -> None:
    asks = [*CALLED, "header", "Main desk", "|", "curl", "--header", "@-"]
    assert words(curl("Main desk", URL, post=False, sandbox=False)) == [*asks, URL]
    assert words(curl("Main desk", URL, post=True, sandbox=False)) == [*asks, "-X", "POST", URL]
    asked = f"{command_name()} --sandbox header Trading | curl "
    assert curl("Trading", URL, post=False, sandbox=True).startswith(asked)


@pytest.mark.parametrize(("language", "said"), [("en", "“{}”"), ("de", "„{}“"), ("uk", "«{}»"), ("ko", "“{}”")])
def test_a_sentence_has_its_commands_in_the_quotation_marks_of_the_language(
    in_english: None, language: str, said: str
) -> None:
    translation.use(language)
    sentence = "Run {}, or {} in {}."
    named = ("keyrack share leave", "--max-request-bytes", "sharing.toml")
    assert quoted(sentence.format(*(f"`{name}`" for name in named))) == sentence.format(*map(said.format, named))
    assert quoted("“`x`” said `invalid_client`.") == "“`x`” said `invalid_client`.", "others wrote that"


def test_no_sentence_of_the_catalogue_keeps_its_backticks() -> None:
    sentences = [part.format_map(Sample()) for message in CATALOGUE.values() for part in message]
    assert len([each for each in sentences if "`" in each]) > 30
    assert [each for each in map(quoted, sentences) if "`" in each] == []


class Sample(dict[str, str]):
    """A value for each name."""

    def __missing__(self, name: str) -> str:
        return "sample"
