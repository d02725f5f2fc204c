"""The pages for people: what they link to and press is there, and the README names every provider to a newcomer."""

import ast
import re
from pathlib import Path

import pytest

from keyrack.providers.registry import built_in
from keyrack.sandbox.providers.probit import probit_stand_in
from keyrack.startup.sandbox_accounts import READY_ACCOUNTS
from tests.checkout import ROOT
from tests.test_architecture import SOURCES, parsed

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(SOURCES.rglob("README.md"))]
LINKED = re.compile(r'\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"')


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them: small letters, words joined by hyphens."""
    text = re.sub(r"(?ms)^```.*?^```$", "", page.read_text("utf-8"))
    headings = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    found = ["".join(each) for each in LINKED.findall(page.read_text("utf-8"))]
    wrong = []
    for link in (each for each in found if "://" not in each):
        file, _, anchor = link.partition("#")
        target = (page.parent / file) if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            wrong.append(link)
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_only_to_what_is_there(page: Path) -> None:
    assert broken(page) == []


def section(heading: str) -> str:
    return PAGES[0].read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_readme_tells_where_a_client_of_each_provider_comes_from() -> None:
    rows = re.findall(r"(?m)^\| (?!provider |---)(.+?) \|", section("Your own account"))
    assert [found.id for found in built_in() if not any(row.startswith(found.name.split()[0]) for row in rows)] == []


def test_the_readme_sends_developers_to_files_that_are_there() -> None:
    table = section("For developers").partition("| question |")[2].partition("\n\n")[0]
    files = re.findall(r"`([\w/]+\.py)`", table)
    assert len(files) >= 8
    assert [file for file in files if not (SOURCES / file).is_file()] == []


@pytest.mark.parametrize("heading", ["Your first token, in the sandbox", "Your own account", "Every day"])
def test_what_the_readme_has_a_person_press_is_in_the_window(heading: str) -> None:
    """A bold text within a sentence is a label of the window or a ready account. At its beginning it is a topic."""
    paragraphs = [" ".join(lines.split()) for lines in section(heading).split("\n\n")]
    sentences = [re.sub(r"^\*\*.+?\*\*", "", text) for text in paragraphs]
    pressed = {label for text in sentences for label in re.findall(r"\*\*(.+?)\*\*", text)}
    assert pressed
    assert pressed - words_of_the_window() - {name for *_, name in READY_ACCOUNTS} == set()


def test_the_client_that_the_readme_has_a_person_enter_is_known_to_the_sandbox() -> None:
    text = section("Your first token, in the sandbox")
    assert any(
        f"`{known.client_id}`" in text and f"`{known.client_secret}`" in text
        for known in probit_stand_in.STAND_IN.clients
    )


COMPARED = "comparison.md"
PROGRAMS, EXPECTATIONS, LONGEST_CELL = 7, 39, 6


def compared() -> list[list[str]]:
    """The rows of the comparison, each a list of its cells. The first row are the headings."""
    text = (ROOT / "docs" / COMPARED).read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"(?m)^\|.+\|$", text)]
    return [row for row in rows if set(row) != {"---"}]


def is_best(cell: str) -> bool:
    """Whether it is bold. What is not there is never the best."""
    return re.fullmatch(r"\*\*(?!no\b|not found)[^*]+\*\*", cell) is not None


def test_each_cell_of_the_comparison_says_something_in_few_words() -> None:
    headings, *rows = compared()
    assert headings[1] == "Keyrack"
    assert {len(row) for row in (headings, *rows)} == {1 + PROGRAMS}
    assert len({row[0] for row in rows}) == len(rows) == EXPECTATIONS
    cells = {f"{row[0]}: {cell}": cell for row in rows for cell in row[1:]}
    assert [where for where, cell in cells.items() if not 1 <= len(cell.split()) <= LONGEST_CELL] == []
    assert [where for where, cell in cells.items() if "*" in cell and not is_best(cell)] == []
    assert [row[0] for row in rows if not any(map(is_best, row[1:]))] == []


def test_the_comparison_counts_as_its_table_does() -> None:
    """A cell of Keyrack that begins with "no" says that nothing is there."""
    ours = {row[0]: row[1] for row in compared()[1:]}
    best = [name for name, cell in ours.items() if is_best(cell)]
    nothing = [name for name, cell in ours.items() if re.match(r"no\b", cell)]
    less = [name for name in ours if name not in best and name not in nothing]
    said = " ".join((ROOT / "docs" / COMPARED).read_text("utf-8").partition("## What it adds up to")[2].split())
    assert said == (
        f"Of the {len(ours)} rows Keyrack * is best or equal in {len(best)}; "
        f"* has something in {len(less)}, where another program has more: {'; '.join(less)}; "
        f"* lacks {f'{len(nothing)}: ' if nothing else 'none'}{'; '.join(nothing)}."
    )


def words_of_the_window() -> set[str]:
    """Every text of the sources of `ui`."""
    nodes = (node for path in (SOURCES / "ui").rglob("*.py") for node in ast.walk(parsed(path)))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
