"""What the socket's page says without an example: its lists are the program's own."""

import json
import re
from typing import get_args

import pytest

from keyrack.broker import socket_server
from keyrack.broker.protocol import api_errors
from keyrack.cli.exit_codes import EXIT_CODES
from keyrack.core.access import lock, prompts
from keyrack.core.accounts.account import ScriptPolicy
from keyrack.core.accounts.state import Reason, Step
from tests.recipes.pages import SOCKET_PAGE
from tests.recipes.reader import PAGE

TEXT = SOCKET_PAGE.read_text("utf-8")


def test_every_address_has_its_section_with_one_example_each() -> None:
    addresses = {heading for heading in PAGE if " /v1/" in heading}
    assert addresses == {f"{route.method} {route.path.replace('{name}', 'NAME')}" for route in socket_server.ROUTES}
    for heading in addresses:
        assert {language: len(texts) for language, texts in PAGE[heading].items()} == {"sh": 1, "python": 1, "json": 1}


@pytest.mark.parametrize("heading", [heading for heading in PAGE if " /v1/" in heading])
def test_both_examples_ask_at_the_address_of_their_section(heading: str) -> None:
    """An example that asks elsewhere may be answered alike."""
    method, path = heading.split()
    pattern = re.escape(path).replace("NAME", "[A-Z][A-Za-z%0-9]+")
    (shell,), (python,) = PAGE[heading]["sh"], PAGE[heading]["python"]
    usual = "POST" if "--json" in shell else "GET"
    assert (re.findall(r"-X (\w+)", shell) or [usual]) == [method]
    assert re.search(rf"http://keyrack{pattern}[\s\"?]", shell)
    assert re.search(rf'(?:ask|request)\(\s*"{method}",\s*"{pattern}["?]', python)


def test_the_table_of_mistakes_is_the_programs_own() -> None:
    rows = re.findall(r"(?m)^\| `(\w+)` \| ([\d, ]+) \| (\d) \|", TEXT)
    told = {code: (int(statuses.split(",")[0]), int(number)) for code, statuses, number in rows}
    assert told == {code: (status, EXIT_CODES.get(code, 1)) for code, status in api_errors.STATUSES.items()}


def test_the_example_of_a_mistake_is_the_real_one() -> None:
    (example,) = PAGE["When it goes wrong"]["json"]
    assert json.loads(example) == api_errors.error_body(api_errors.no_account("Nobody"))


@pytest.mark.parametrize(
    "word", [*get_args(ScriptPolicy), *get_args(Step), *(reason.value for reason in Reason), "user_code"]
)
def test_every_word_of_an_answer_is_explained(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_the_numbers_are_those_of_the_program() -> None:
    limits = socket_server.LIMITS
    words = TEXT.replace("\n", " ")
    for sentence in (
        f"at most {limits.body_bytes // 1024} KiB",
        f"silent for {limits.idle_seconds / 60:g} minutes is closed",
        f"half a request after {limits.read_seconds:g} s",
        f"{limits.connections} connections are served",
        f"wait up to {limits.busy_seconds:g} s",
        f"At most {socket_server.STREAMS} programs follow",
        f"after {prompts.SECONDS:g} s",
    ):
        assert sentence in words, sentence
    assert prompts.DENIED_SECONDS == 60
    assert "refused for a minute" in words
    assert lock.FREE_ATTEMPTS == 3
    assert "After three wrong ones" in words
