"""Mistakes in a provider file: where they are, and the codes of what the decoder reports."""

import pytest

from keyrack.providers.files.decoder_words import mistake_of
from keyrack.providers.files.mistake import Mistake


def test_a_mistake_is_found_below_its_tables() -> None:
    mistake = Mistake(["headers", "X/Y"], "header_reserved").below("balances", "0")
    assert (mistake.steps, mistake.code) == (("balances", "0", "headers", "X/Y"), "header_reserved")


@pytest.mark.parametrize(
    ("problem", "steps", "code", "params"),
    [
        ("Object missing required field `name`", ["name"], "key_missing", {}),
        ("Object contains unknown field `nmae`", ["nmae"], "key_misspelt", {"near": "name"}),
        ("Object contains unknown field `zzz`", ["zzz"], "key_unknown", {}),
        ("Expected `str`, got `int`", ["name"], "text_needed", {"found": "integer"}),
        ("Expected `float | null`, got `str`", ["poll_interval"], "number_needed", {"found": "string"}),
        ("Expected `array`, got `object`", ["balances"], "list_needed", {"found": "table"}),
        ("Invalid RFC3339 encoded date", ["checked"], "date_needed", {}),
        ("Invalid enum value 'x'", ["name"], "choice_unknown", {"value": "x"}),
        (
            "Invalid enum value 'x'",
            ["balances", "0", "method"],
            "choice_not_listed",
            {"value": "x", "choices": "GET, POST"},
        ),
        ("Expected `decimal`, got `int`", ["name"], "value_refused", {"problem": "expected `decimal`, got `int`"}),
        ("Odd \u202eproblem", ["name"], "value_refused", {"problem": "odd problem"}),
    ],
)
def test_what_the_decoder_says_has_a_code(problem: str, steps: list[str], code: str, params: dict[str, str]) -> None:
    mistake = mistake_of(problem, steps)
    assert (mistake.code, mistake.params) == (code, params)
