"""No sentence in the code of the command line is left out of the catalogues, shown by a test or not."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import DESKTOP

# Two words, but for a command and for what is one name.
SENTENCE = re.compile(r"\b(?!keyrack)[A-Za-z][a-z]+[,;:]? [a-z]+")
TRANSLATING = {"tr", "mark", "plural"}
SHOWING = {"print_message", "secret", "wrong", "CommandFailed", "_complain", "confirm"}
ROOM = DESKTOP / "keyrack"


@pytest.mark.parametrize(
    "path",
    [
        *sorted((ROOM / "cli").rglob("*.py")),
        *(ROOM / name for name in ("providers_command.py", "settings_command.py", "diagnostics_command.py")),
        ROOM / "manual" / "manual_command.py",
        ROOM / "startup" / "options.py",
    ],
    ids=lambda path: path.name,
)
def test_no_sentence_is_left_out(path: Path) -> None:
    assert list(untranslated(ast.parse(path.read_text("utf-8")))) == []


def is_word(value: object) -> bool:
    """Whether this is text with letters."""
    return isinstance(value, str) and any(map(str.isalpha, value))


def untranslated(tree: ast.Module) -> Iterator[str]:
    """The sentences in the code that are not given to a function that translates or marks them."""
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            taken = node.args if name in TRANSLATING else node.args[:1] if name == "Usage" else []
            if name in SHOWING:
                yield from (
                    str(part.value) for part in node.args if isinstance(part, ast.Constant) and is_word(part.value)
                )
            known |= {id(part) for argument in taken for part in ast.walk(argument)}
        elif isinstance(node, ast.Expr):  # a docstring
            known.add(id(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield from SENTENCE.findall(node.value)
