"""Mistakes in a provider file by their codes: each code is used, and each use fills its sentence."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from keyrack.messages.provider_file_messages import PROVIDER_FILE_MESSAGES
from keyrack.providers.files.decoder_words import mistake_of
from keyrack.providers.files.mistake import Mistake
from tests.checkout import DESKTOP

SOURCES = [*(DESKTOP / "keyrack/providers/files").glob("*.py"), DESKTOP / "keyrack/core/sites/user_files.py"]
# `bad_file` and BadProviderFile add these.
OF_THE_FILE = {"file", "line", "key"}


def texts_of(paths: list[Path]) -> set[object]:
    """Every text that stands in these programs."""
    trees = (ast.parse(path.read_text("utf-8")) for path in paths)
    return {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def calls_of(path: Path) -> list[tuple[str, set[str]]]:
    """Code and names of the parameters of each mistake that is written out in a program."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Mistake":
            code, names = node.args[1], {word.arg for word in node.keywords if word.arg}
            if isinstance(code, ast.Constant) and all(word.arg for word in node.keywords):
                found.append((str(code.value), names))
    return found


def params_of(code: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(PROVIDER_FILE_MESSAGES[code].happened) if name}


def test_every_code_is_used() -> None:
    assert sorted(PROVIDER_FILE_MESSAGES.keys() - texts_of(SOURCES)) == []


def test_every_mistake_fills_its_sentence() -> None:
    calls = [call for path in SOURCES for call in calls_of(path)]
    assert len(calls) > 50
    assert [(code, names) for code, names in calls if params_of(code) - OF_THE_FILE != names] == []


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
