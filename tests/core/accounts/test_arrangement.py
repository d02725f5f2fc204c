"""The person's own order: pinned ones first, then by exchange, the same after a restart."""

import itertools
import json
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.accounts_file import AccountsFile, AccountsFileFailure
from keyrack.core.accounts.arrangement import Arrangement
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.store import AccountStore
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.system.paths import Paths
from keyrack.providers.registry import built_in
from tests.clock import FakeClock

PROVIDERS = {provider.id: provider for provider in built_in()}


def settings(id: str, provider: str) -> Settings:
    return Settings(id, f"Desk {id}", provider, "global", next(iter(PROVIDERS[provider].flows)), "sample-client")


# In the order of adding, in which the exchanges are mixed.
ADDED = tuple(
    settings(id, provider)
    for id, provider in (("p1", "probit"), ("w1", "whitebit"), ("p2", "probit"), ("b1", "bitport"), ("w2", "whitebit"))
)


class Started:
    """One start of Keyrack, as far as the order is concerned."""

    def __init__(self, folder: Path) -> None:
        paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
        preferences = Preferences(paths.config)
        preferences.load()
        self.accounts = Accounts()
        store = AccountStore(self.accounts, PROVIDERS, paths, FakeClock().clock)
        store.load()
        self.order = Arrangement(self.accounts, store, preferences)
        self.changes = 0
        self.accounts.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    def __getitem__(self, id: str) -> Account:
        found = self.accounts.find(id)
        assert found is not None
        return found

    def shown(self) -> list[str]:
        """The sections, as "exchange: ids"."""
        return [f"{section.provider}: {' '.join(section.ids)}" for section in self.order.sections()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = AccountsFile(tmp_path / "config")
    file.load()
    file.save(list(ADDED))
    return tmp_path


def test_accounts_stand_by_exchange_in_the_order_of_adding(folder: Path) -> None:
    started = Started(folder)
    assert started.shown() == ["probit: p1 p2", "whitebit: w1 w2", "bitport: b1"]
    assert started.order.ids() == ("p1", "p2", "w1", "w2", "b1")


def test_an_account_that_is_being_removed_keeps_its_place_in_another_order(folder: Path) -> None:
    started = Started(folder)
    hidden = started["w1"]
    started.order.pin(hidden, pinned=True)
    started.accounts.hide(hidden)
    started.order.move(started["p2"], -1)
    assert started.order.ids() == ("p2", "p1", "w2", "b1")
    started.accounts.show(hidden)
    assert started.shown() == [": w1", "probit: p2 p1", "whitebit: w2", "bitport: b1"]
    assert Started(folder).shown() == started.shown()


def test_pinned_ones_come_first_and_go_back_to_their_exchange(folder: Path) -> None:
    started = Started(folder)
    started.order.pin(started["b1"], pinned=True)
    started.order.pin(started["p2"], pinned=True)
    assert started.shown() == [": b1 p2", "probit: p1", "whitebit: w1 w2"]
    assert started.order.is_pinned(started["p2"])
    assert Started(folder).shown() == started.shown()
    started.order.pin(started["p2"], pinned=False)
    started.order.pin(started["b1"], pinned=False)
    assert started.shown() == ["probit: p2 p1", "whitebit: w1 w2", "bitport: b1"]
    assert started.changes == 4


def test_several_are_pinned_in_their_order_and_go_back_in_one_step_each(folder: Path) -> None:
    started = Started(folder)
    started.order.pin(started["w2"], pinned=True)
    started.order.pin(started["w2"], started["p1"], started["p2"], pinned=True)
    assert started.shown() == [": w2 p1 p2", "whitebit: w1", "bitport: b1"]
    started.order.pin(started["p1"], started["p2"], started["w1"], pinned=False)
    assert started.shown() == [": w2", "whitebit: w1", "bitport: b1", "probit: p1 p2"]
    started.order.pin(started["w1"], started["w2"], pinned=True)
    started.order.pin(started["b1"], pinned=True)
    started.order.pin(started["w2"], started["b1"], started["w1"], pinned=False)
    assert started.shown() == ["probit: p1 p2", "whitebit: w2 w1", "bitport: b1"], "as they were told"
    assert started.changes == 6
    assert Started(folder).shown() == started.shown()


def test_an_account_moves_among_its_own_and_takes_its_exchange_with_it_at_the_edge(folder: Path) -> None:
    started = Started(folder)
    assert started.order.move(started["w2"], -1)
    assert started.shown()[1] == "whitebit: w2 w1"
    assert started.order.move(started["w2"], -1)
    assert started.shown() == ["whitebit: w2 w1", "probit: p1 p2", "bitport: b1"]
    assert not started.order.can_move(started["w2"], -1)
    assert not started.order.move(started["w2"], -1)
    assert not started.order.move(started["b1"], 1)
    assert started.order.move(started["p2"], 1)
    assert started.shown() == ["whitebit: w2 w1", "bitport: b1", "probit: p1 p2"]
    assert Started(folder).shown() == started.shown()


def test_pinned_ones_move_among_themselves_only(folder: Path) -> None:
    started = Started(folder)
    for id in ("w1", "b1"):
        started.order.pin(started[id], pinned=True)
    assert started.order.move(started["b1"], -1)
    assert started.shown() == [": b1 w1", "probit: p1 p2", "whitebit: w2"]
    assert not started.order.move(started["b1"], -1)
    assert not started.order.move(started["w1"], 1)
    assert started.order.can_move(started["p1"], 1)


def test_an_account_is_put_beside_another_one(folder: Path) -> None:
    started = Started(folder)
    assert started.order.place(started["w2"], "w1", after=False)
    assert started.shown()[1] == "whitebit: w2 w1"
    assert not started.order.place(started["w2"], "w1", after=False), "it stands there already"
    assert started.order.place(started["b1"], "p1", after=False), "the exchange goes with it"
    assert started.shown() == ["bitport: b1", "probit: p1 p2", "whitebit: w2 w1"]
    started.order.pin(started["w1"], pinned=True)
    assert started.order.place(started["p2"], "w1", after=False)
    assert started.shown() == [": p2 w1", "bitport: b1", "probit: p1", "whitebit: w2"]
    assert started.order.place(started["w1"], "p1", after=True), "no longer pinned, and with its own"
    assert started.shown() == [": p2", "bitport: b1", "probit: p1", "whitebit: w1 w2"]


@pytest.mark.parametrize("pinned", [(), ("w1",), ("w1", "p2"), ("b1",)])
def test_what_is_put_beside_another_stands_where_it_was_said_to_land(folder: Path, pinned: tuple[str, ...]) -> None:
    ids = [each.id for each in ADDED]
    for id, beside, after in itertools.product(ids, ids, (False, True)):
        started = Started(folder)
        started.order.pin(*(started[each] for each in started.order.ids() if each not in pinned), pinned=False)
        started.order.pin(*(started[each] for each in pinned), pinned=True)
        if id == beside:
            continue
        edge, edge_after = started.order.landing(started[id], beside, after=after)
        started.order.place(started[id], beside, after=after)
        there = started.order.ids()
        section = next(section for section in started.order.sections() if id in section.ids)
        moved = (id,) if edge in section.ids else section.ids
        at = there.index(moved[0]) - 1 if edge_after else there.index(moved[-1]) + 1
        assert there[at : at + 1] == (edge,), f"{id} beside {beside}, {after=}"


def test_the_accounts_file_is_one_that_an_earlier_version_reads(folder: Path) -> None:
    started = Started(folder)
    started.order.pin(started["b1"], pinned=True)
    stored = json.loads((folder / "config" / "accounts.json").read_text("utf-8"))
    assert stored["schema"] == 1
    assert [entry["id"] for entry in stored["accounts"]] == ["b1", "p1", "p2", "w1", "w2"]
    assert "pinned" not in stored["accounts"][0]
    assert [each.id for each in AccountsFile(folder / "config").load()] == ["b1", "p1", "p2", "w1", "w2"]


def test_an_order_that_cannot_be_stored_does_not_happen(folder: Path) -> None:
    started = Started(folder)
    file = folder / "config" / "accounts.json"
    file.unlink()
    file.mkdir()
    (file / "taken").touch()
    for change in (
        lambda: started.order.pin(started["b1"], pinned=True),
        lambda: started.order.move(started["p2"], -1),
    ):
        with pytest.raises(AccountsFileFailure):
            change()
    assert started.shown() == ["probit: p1 p2", "whitebit: w1 w2", "bitport: b1"]
    assert started.changes == 0
    assert not started.order.is_pinned(started["b1"])


def test_a_pinned_account_that_is_gone_is_no_longer_one_of_them(folder: Path) -> None:
    started = Started(folder)
    started.order.pin(started["b1"], pinned=True)
    started.accounts.remove(started["b1"])
    assert started.shown() == ["probit: p1 p2", "whitebit: w1 w2"]
