"""A sentence is found by its text, so it is a literal where it is marked, and translated no sooner than it is shown."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import DESKTOP

PRODUCT = DESKTOP / "keyrack"
# Where a call of these takes texts. `translated` takes what a table or a file holds, so it may be found by a call.
TEXTS = {"tr": (0,), "plural": (0, 1), "translate": (0, 1), "translated": (0,), "mark": (0,), "mark_plural": (0, 1)}
MARKS = ("mark", "mark_plural")
ENTRIES = (ast.Name, ast.Attribute, ast.Subscript, ast.Starred)


def modules() -> list[Path]:
    """Every module but those of the sandbox, which speaks as providers do, and the functions themselves."""
    return sorted(
        path
        for path in PRODUCT.rglob("*.py")
        if "sandbox" not in path.parts and path != PRODUCT / "language" / "translation.py"
    )


def named(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_marked(call: ast.Call) -> bool:
    """Whether this is one of the functions. Methods of text have such names too: `text.translate(table)`."""
    known = isinstance(call.func, ast.Name) or (isinstance(call.func, ast.Attribute) and call.func.attr == "tr")
    return known and named(call) in TEXTS


def is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_fit(call: ast.Call, text: ast.expr) -> bool:
    """Whether a text can be found in the sources, or is the entry of a table whose texts can be."""
    if is_literal(text) or (isinstance(text, ENTRIES) and named(call) not in MARKS):
        return True
    return named(call) == "translated" and isinstance(text, ast.Call) and named(text) != "format"


def glued(tree: ast.AST) -> list[int]:
    """The lines in which a text is put together before it is translated, or marked without being written out."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_marked(node)]
    return [call.lineno for call in calls if not call.args or not all(is_fit(call, text) for text in texts_of(call))]


def texts_of(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments that are texts. A starred one stands for both forms of a count."""
    for at, argument in enumerate(call.args):
        if at in TEXTS[named(call)]:
            yield argument
        if isinstance(argument, ast.Starred):
            return


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported. The body of a function does not, its defaults and decorators do."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            outside = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
            for part in outside + getattr(child, "decorator_list", []):
                yield from (part, *at_import(part))
        else:
            yield from (child, *at_import(child))


def too_soon(tree: ast.AST) -> list[int]:
    """The lines in which a sentence is translated while its module is imported, in whatever language that is."""
    calls = [node for node in at_import(tree) if isinstance(node, ast.Call) and is_marked(node)]
    return [call.lineno for call in calls if named(call) not in MARKS]


@pytest.mark.parametrize("rule", [glued, too_soon])
def test_every_module_keeps_to_the_rule(rule: object) -> None:
    assert callable(rule)
    found = {path.relative_to(PRODUCT).as_posix(): lines for path in modules() if (lines := rule(_parsed(path)))}
    assert found == {}


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "source",
    [
        'tr(f"{n} accounts")',
        'tr("It " + what)',
        'self.tr("It {}".format(what))',
        'translate("Page", one if few else more)',
        'plural("{n} account", f"{n} accounts", n)',
        "mark(text)",
        'translated(f"{name} is there")',
        'translated("{name}".format(name=name))',
        "tr()",
    ],
)
def test_the_rule_sees_a_text_that_is_put_together(source: str) -> None:
    assert glued(ast.parse(source)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        'tr("It is there.")',
        "tr(_WORDS)",
        "translated(option.help)",
        'plural(*forms[name], 3, states="")',
        "x.translate(t)",
    ],
)
def test_the_rule_lets_literals_and_entries_of_tables_be(source: str) -> None:
    assert glued(ast.parse(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'WORDS = tr("Now")',
        'class Page:\n    title = translated("Now")',
        'def show(text=tr("Now")):\n    pass',
        'def show(*, text=plural("a", "b", 1)):\n    pass',
        '@shown(tr("Now"))\ndef show():\n    pass',
        'TABLE = {name: translate("Page", "Now") for name in NAMES}',
    ],
)
def test_the_rule_sees_a_translation_at_import(source: str) -> None:
    assert len(too_soon(ast.parse(source))) == 1


@pytest.mark.parametrize(
    "source", ['WORDS = mark("Now")', 'def show():\n    return tr("Now")', 'show = lambda: tr("Now")']
)
def test_the_rule_lets_a_translation_be_where_it_is_shown(source: str) -> None:
    assert too_soon(ast.parse(source)) == []
