"""What a person sees of a WhiteBIT key: the opt-in, the paste, both countdowns, the warning, copies, the deletion."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active, Authorizing, Reason, Step, Unsaved
from keyrack.core.api_keys.key_actions import ApiKeyActions
from keyrack.core.api_keys.key_failures import NoGrant, NotAKey
from keyrack.core.sign_in.sign_ins import SignIns
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_refusals import KeyUnknown
from keyrack.providers.api_key import ApiKey
from keyrack.ui.add_account.credentials_step import CredentialsStep
from tests.ui.harness import REDIRECT, WindowHarness, button, field, make_harness, seen, shown_texts, visible_texts

DAY = 86_400.0
IDLE = 14 * DAY
KEY = Settings("k1", "Trading key", "whitebit-fast-key", "global", "fast_api_key", "canary-client", REDIRECT)


class RecordedKeyActions(ApiKeyActions):
    """Key actions that record what the widgets call. The real ones run in tests/core."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.fails: Failure | None = None

    async def delete(self, account: Account) -> str:
        self.deleted.append(account.id)
        if self.fails is not None:
            raise self.fails
        return "The key was deleted at WhiteBIT, which also tells you by mail."


class RecordedPastes(SignIns):
    """Sign-ins that record what was pasted, and for whom the person wants another look."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.looks: list[str] = []

    def look_again(self, account: Account) -> None:
        self.looks.append(account.id)

    def paste_key(self, account: Account, text: str) -> None:
        self.texts.append(text)
        if len(text) < 8:
            raise NotAKey


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowHarness]:
    made = make_harness(tmp_path, (KEY,))
    qtbot.addWidget(made.window)
    made.rack.keys = RecordedKeyActions()
    made.rack.parts.records.unsaved_keys.add("k1", ApiKey(Secret("canary-api-secret"), Secret("canary-public-key")))
    made.rack.sign_ins = RecordedPastes()
    made.window.show()
    made.contents.open("k1")
    yield made
    made.clipboard.clear()


def key(
    harness: WindowHarness, *, idle: float = 0.0, grant: float | None = 14_000.0, scopes: tuple[str, ...] = ("info",)
) -> Key:
    now = harness.clock.elapsed
    made_by = None if grant is None else Token(Secret("canary-grant"), now - 14_400 + grant, 14_400.0)
    return Key(Secret("canary-public-key"), now - idle - 60, now - idle, IDLE, scopes, made_by)


def active(harness: WindowHarness, key: Key) -> Account:
    return harness.feed("k1", Active(key))


def text(harness: WindowHarness) -> str:
    return visible_texts(harness.window)


def test_both_countdowns_are_shown(harness: WindowHarness) -> None:
    active(harness, key(harness))
    assert "The key works" in text(harness)
    assert "14 days without use" in text(harness)
    assert "14 days" in text(harness)
    assert "Keyrack can delete the key at WhiteBIT" in text(harness)
    assert "3:53:20" in text(harness)
    harness.tick(60)
    assert "3:52:20" in text(harness)
    assert "Ends if not used" in text(harness)
    assert "Last used" in text(harness)
    active(harness, key(harness, grant=None))
    assert "Keyrack can delete" not in text(harness)


def test_from_day_ten_on_it_is_reminded_of(harness: WindowHarness) -> None:
    active(harness, key(harness, idle=9.9 * DAY))
    assert "lies idle" not in text(harness)
    active(harness, key(harness, idle=10.1 * DAY))
    assert "The key lies idle" in text(harness)
    assert "disables it in 3 days" in text(harness)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.panel.token.ring.kind == "soon"
    active(harness, key(harness, idle=15 * DAY))
    assert "not used for 14 days" in text(harness)


async def test_a_right_to_trade_or_withdraw_is_warned_of_q9(harness: WindowHarness) -> None:
    active(harness, key(harness, scopes=("info", "spot", "collateral")))
    assert "Keyrack does not need that" not in text(harness)
    for scope in ("trading", "withdrawal"):
        active(harness, key(harness, scopes=("info", scope)))
        assert "Keyrack does not need that" in text(harness)
    await seen(lambda: "Can withdraw" in text(harness))


@pytest.mark.security("S94", "S95", "S98")
async def test_copy_gives_the_public_key_and_the_secret_only_on_request(harness: WindowHarness) -> None:
    active(harness, key(harness))
    copy = button(harness, "copy_token")
    assert copy.text() == "Copy public key"
    copy.click()
    await seen(lambda: harness.clipboard.holds_secret)
    assert QGuiApplication.clipboard().text() == "canary-public-key"
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.header.fill_menu()
    entries = {action.text(): action for action in pane.header.menu.actions()}
    assert {"Copy as header", "Copy curl command", "Sign out"}.isdisjoint(entries)
    entries["Copy the key's secret"].trigger()
    await seen(lambda: QGuiApplication.clipboard().text() == "canary-api-secret")
    assert harness.clipboard.owner == "k1"
    assert "clears in" in copy.text()
    assert not any("canary-api" in shown or "canary-grant" in shown for shown in shown_texts(harness.window))
    assert "The key's secret was copied" in harness.account("k1").activity.lines()[0].notice.sentence


async def test_deleting_asks_first_and_says_what_happened(harness: WindowHarness) -> None:
    active(harness, key(harness))
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.header.fill_menu()
    action = next(a for a in pane.header.menu.actions() if "Delete the key" in a.text())
    action.trigger()
    said = harness.window.findChild(QLabel, "delete_key_explanation")
    assert said is not None
    assert "a disabled key" in said.text()
    keys = harness.rack.keys
    assert isinstance(keys, RecordedKeyActions)
    assert keys.deleted == []
    await seen(lambda: "Delete this key at WhiteBIT?" in text(harness))
    button(harness, "inline_done").click()
    await seen(lambda: keys.deleted == ["k1"])
    await seen(lambda: "tells you by mail" in text(harness))


async def test_a_deletion_that_cannot_be_says_why(harness: WindowHarness) -> None:
    active(harness, key(harness))
    keys = harness.rack.keys
    assert isinstance(keys, RecordedKeyActions)
    keys.fails = NoGrant(provider="WhiteBIT")
    harness.actions.delete_key(harness.account("k1"))
    await seen(lambda: "that can delete the key is over" in text(harness))


def test_the_key_is_waited_for(harness: WindowHarness) -> None:
    now = harness.clock.elapsed
    harness.feed("k1", Authorizing(now, now + 599, "key"))
    assert "Waiting for you to create the key at WhiteBIT" in text(harness)
    assert "9:59 left" in text(harness)
    assert button(harness, "cancel").isEnabled()
    button(harness, "look_again").click()
    login = harness.rack.sign_ins
    assert isinstance(login, RecordedPastes)
    assert login.looks == ["k1"]
    harness.feed("k1", Authorizing(now, now + 5, "key_secret"))
    assert "is busy with the key" in text(harness)
    assert not any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, "look_again"))


@pytest.mark.parametrize("step", ["browser", "key"])
def test_the_waiting_card_names_where_the_site_stops(harness: WindowHarness, step: Step) -> None:
    """WhiteBIT Fast API key Q19: none of these four comes back to Keyrack."""
    now = harness.clock.elapsed
    harness.feed("k1", Authorizing(now, now + 600, step))
    for gate in ("two-factor", "not verified", "region", "a key for this client exists"):
        assert gate in text(harness)


@pytest.mark.parametrize("step", ["browser", "key"])
def test_the_sentences_name_the_company_and_not_the_kind_of_account(harness: WindowHarness, step: Step) -> None:
    now = harness.clock.elapsed
    harness.feed("k1", Authorizing(now, now + 600, step))
    pane = harness.contents.pages.pane
    assert pane is not None
    said = visible_texts(pane.panel)
    assert "WhiteBIT" in said
    assert "WhiteBIT API key" not in said


def test_the_public_key_is_asked_for_and_what_is_wrong_is_beside_it_q2(harness: WindowHarness) -> None:
    now = harness.clock.elapsed
    harness.feed("k1", Authorizing(now, now + 600, "public_key"))
    assert "Paste the public key" in text(harness)
    field(harness, "public_key").setText(" short ")
    button(harness, "use_key").click()
    assert "does not look like a public key" in text(harness)
    field(harness, "public_key").setText("0123456789abcdef")
    button(harness, "use_key").click()
    login = harness.rack.sign_ins
    assert isinstance(login, RecordedPastes)
    assert login.texts == ["short", "0123456789abcdef"]
    harness.feed("k1", Authorizing(now, now + 590, "public_key", why=KeyUnknown("whitebit_key_unknown")))
    assert "WhiteBIT does not know this key, or its secret is wrong." in text(harness)
    active(harness, key(harness))
    harness.feed("k1", Authorizing(now, now + 600, "public_key"))
    assert field(harness, "public_key").text() == ""


def test_a_key_that_is_not_stored_says_do_not_quit(harness: WindowHarness) -> None:
    harness.feed("k1", Active(key(harness), Unsaved(Locked())))
    assert "do not quit" in text(harness)


def test_the_pane_tells_before_starting_where_whitebit_wants_the_secret_q16(harness: WindowHarness) -> None:
    harness.signed_out("k1", Reason.NEW)
    assert "kept on a server" in text(harness)
    active(harness, key(harness))
    assert "kept on a server" not in text(harness)


async def test_adding_one_needs_the_persons_word_q16_q18(harness: WindowHarness) -> None:
    harness.contents.pages.add_account()
    button(harness, "provider:whitebit-fast-key").click()
    await seen(lambda: "kept on a server" in text(harness))
    save = button(harness, "save_account")
    assert save.text() == "Save and make a key"
    assert not save.isEnabled()
    box = harness.window.findChild(QCheckBox, "opt_in")
    assert box is not None
    box.click()
    assert save.isEnabled()
    box.click()
    assert not save.isEnabled()


async def test_other_providers_need_no_such_word(harness: WindowHarness) -> None:
    harness.contents.pages.add_account()
    button(harness, "provider:bitport").click()
    await seen(lambda: any(step.isVisible() for step in harness.window.findChildren(CredentialsStep)))
    await seen(lambda: "Client secret" in text(harness))
    assert button(harness, "save_account").isEnabled()
    box = harness.window.findChild(QCheckBox, "opt_in")
    assert box is not None
    assert not box.isVisible()


def test_the_sidebar_and_the_notices_know_of_it(harness: WindowHarness) -> None:
    account = active(harness, replace(key(harness), used=harness.clock.elapsed))
    assert account.settings.name in text(harness)
    assert "13 days" in text(harness) or "14 days" in text(harness)
