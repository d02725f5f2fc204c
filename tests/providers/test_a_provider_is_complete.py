"""A provider that comes with Keyrack is in every list that needs it."""

import ast
import re
import tomllib

import pytest

from keyrack.providers.registry import BUILT_IN, NO_QUIRKS, built_in
from keyrack.startup.sandbox_accounts import READY_ACCOUNTS
from tests.checkout import ROOT
from tests.core.test_providers_without_stand_in import ALL as DOCUMENTED
from tests.requirements import PROVIDERS

REGISTRY = ROOT / "desktop" / "keyrack" / "providers" / "registry.py"
SHARED = {"api", "files", "schema"}


STAND_INS = {each.name.replace("_", "-") for each in (ROOT / "desktop/keyrack/sandbox/providers").iterdir()}
# Flows that a stand-in plays for any provider: the example exchange has them too.
PLAYED = {flow for _, _, flow, _ in READY_ACCOUNTS}


@pytest.mark.parametrize("id", BUILT_IN)
def test_the_sandbox_offers_an_account_of_it_or_its_documented_answers_are_a_test(id: str) -> None:
    """A provider without a stand-in is a file alone, with flows that another one plays, and each flow is tried."""
    file = next(found for found in built_in() if found.id == id)
    flows = {flow for provider, _, flow, _ in READY_ACCOUNTS if provider == id}
    if id in STAND_INS:
        assert flows == set(file.flows)
        return
    assert flows == set()
    assert BUILT_IN[id] == NO_QUIRKS
    assert file.tried == "from documents, not tried live"
    assert set(file.flows) <= PLAYED
    assert {of.flow for of in DOCUMENTED if of.id == id} == set(file.flows)


@pytest.mark.parametrize("id", BUILT_IN)
def test_its_quirks_can_be_cited(id: str) -> None:
    assert id in PROVIDERS.values()


def test_the_page_has_a_row_for_each() -> None:
    text = (ROOT / "docs" / "providers.md").read_text("utf-8")
    rows = re.findall(r"^\| (?!provider |---)(.+?) \|", text, re.MULTILINE)
    assert len(rows) == len(BUILT_IN) + 1, "each provider, and your own file"
    missing = [found.id for found in built_in() if not any(row.startswith(found.name.split()[0]) for row in rows)]
    assert missing == []


def test_no_room_above_may_import_its_code() -> None:
    """The contract "what one provider needs is behind the registry" names every module that only the registry uses."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (forbidden,) = [each["forbidden_modules"] for each in contracts if each["name"].startswith("what one provider")]
    tree = ast.parse(REGISTRY.read_text("utf-8"))
    modules = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
    rooms = {module.split(".")[2] for module in modules if module.startswith("keyrack.providers.")}
    assert {f"keyrack.providers.{room}" for room in rooms - SHARED} == set(forbidden)
