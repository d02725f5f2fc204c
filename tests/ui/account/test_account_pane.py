"""The account's pane: each state with its sentence and its one button, and no secret anywhere."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from keyrack.command_name import command_name
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Authorizing, Closed, LoggedOut, Opening, Reason, Retrying, Unreadable, Unsaved
from keyrack.core.vault.vault_errors import Locked
from keyrack.net.network_errors import Unreachable
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.ui.text.state_text import AccountView
from tests.ui.harness import (
    CANARY,
    WindowHarness,
    button,
    field,
    holdings,
    make_harness,
    seen,
    shown_texts,
    storage,
    visible_texts,
)


def without_network(harness: WindowHarness) -> Authorizing:
    """A sign-in that waits 8 seconds for the network."""
    why = Unreachable("whitebit.com", "Keyrack connects directly.", detail="ConnectError")
    return Authorizing(harness.clock.elapsed, harness.clock.elapsed + 8, "network", why=why)


HOSTILE = '<img src="http://x/">\u202e\x1b[31m' + "z" * 3000
WHY = Locked(detail="Secret.Error.IsLocked")
STATES: dict[str, tuple[Callable[[WindowHarness], object], str, str]] = {
    "ready": (lambda harness: harness.active("w1"), "copy_token", "Fresh"),
    "retrying": (
        lambda harness: harness.active("w1", Retrying(harness.clock.elapsed + 8, WHY)),
        "copy_token",
        "Trying again in 0:08",
    ),
    "unsaved": (lambda harness: harness.active("w1", Unsaved(WHY)), "retry", "do not quit"),
    "needs_login": (
        lambda harness: harness.signed_out("w1", Reason.INTERRUPTED_REFRESH),
        "sign_in",
        "No answer of an earlier renewal",
    ),
    "keyring": (lambda harness: harness.feed("w1", Unreadable(WHY)), "retry", "The keyring is locked."),
    "waiting": (lambda harness: harness.waiting("w1"), "cancel", "Waiting for the browser"),
    "confirming": (lambda harness: harness.waiting("w1", "confirming"), "answer_yes", "Did you just press Approve"),
    "exchanging": (lambda harness: harness.waiting("w1", "exchanging"), "cancel", "Signing in"),
    "network": (
        lambda harness: harness.feed("w1", without_network(harness)),
        "state_action",
        "Waiting for the network, next try in 0:08",
    ),
    "closed": (lambda harness: harness.feed("w1", Closed()), "state_action", "This exchange has closed."),
    "opening": (lambda harness: harness.feed("w1", Opening()), "more", "Asking the keyring"),
}


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


@pytest.mark.security("S49")
def test_the_providers_words_are_open_where_a_sentence_points_to_them(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    said = "invalid_request: Token has been revoked (HTTP 400)"
    refused = RequestRefused("request_refused", server="Sample", detail=said)
    harness.active("w1", Retrying(harness.clock.elapsed + 8, refused))
    assert "own words" in visible_texts(harness.window)
    assert said in visible_texts(harness.window)


@pytest.mark.parametrize("state", STATES)
def test_each_state_has_its_sentence_and_its_button(harness: WindowHarness, state: str) -> None:
    feed, main, words = STATES[state]
    harness.contents.open("w1")
    feed(harness)
    assert button(harness, main).isEnabled()
    assert words in visible_texts(harness.window)
    filled = [
        w for w in harness.window.findChildren(QAbstractButton) if w.isVisible() and w.property("role") == "primary"
    ]
    assert len(filled) <= 1


@pytest.mark.parametrize("state", ["unsaved", "keyring"])
def test_the_button_that_a_locked_keyring_asks_for_is_in_the_pane(harness: WindowHarness, state: str) -> None:
    harness.contents.open("w1")
    STATES[state][0](harness)
    assert "press Try again" in visible_texts(harness.window)
    assert button(harness, "retry").text() == "Try again"


def filled(harness: WindowHarness) -> list[str]:
    """The names of the filled buttons that can be pressed."""
    buttons = harness.window.findChildren(QAbstractButton)
    return [b.objectName() for b in buttons if b.isVisible() and b.isEnabled() and b.property("role") == "primary"]


async def test_refused_credentials_are_mended_by_editing_and_the_refused_field_has_the_focus(
    harness: WindowHarness,
) -> None:
    refused = ClientRejected("client_rejected", server="ProBit", detail="invalid_client (HTTP 401)")
    account = harness.feed("p1", LoggedOut(Reason.NEW, refused))
    harness.contents.open("p1")
    assert filled(harness) == ["state_action"]
    assert button(harness, "state_action").text() == "Edit credentials"
    assert button(harness, "sign_in").isVisible()
    button(harness, "state_action").click()
    await seen(lambda: "Save credentials" in visible_texts(harness.window))
    secret = field(harness, "field_client_secret")
    assert harness.window.focusWidget() is secret
    assert filled(harness) == ["inline_done"]
    harness.tick()
    assert filled(harness) == ["inline_done"]
    assert "ProBit refused the client id or the client secret." in visible_texts(harness.window)
    secret.setText("other-invented-secret")
    next(b for b in harness.window.findChildren(QAbstractButton) if b.text() == "Save credentials").click()
    await seen(lambda: account.state == LoggedOut(Reason.NEW))
    await seen(lambda: filled(harness) == ["sign_in"])


async def test_other_credentials_of_an_ended_sign_in_are_said_to_be_saved_and_leave_signing_in(
    harness: WindowHarness,
) -> None:
    account = harness.feed("p1", LoggedOut(Reason.REFRESH_REJECTED, InvalidGrant("grant_invalid", server="ProBit")))
    harness.contents.open("p1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    await seen(lambda: "Save credentials" in visible_texts(harness.window))
    button(harness, "inline_done").click()
    await seen(lambda: "Nothing was changed." in visible_texts(harness.window))
    assert account.state.reason is Reason.REFRESH_REJECTED  # type: ignore[union-attr]
    pane.open_form("edit")
    await seen(lambda: "Save credentials" in visible_texts(harness.window))
    field(harness, "field_client_secret").setText("other-invented-secret")
    button(harness, "inline_done").click()
    await seen(lambda: account.state == LoggedOut(Reason.NEW_CREDENTIALS))
    await seen(lambda: filled(harness) == ["sign_in"])
    said = visible_texts(harness.window)
    assert "Not signed in" in said
    assert "The new credentials are saved." in said


def test_without_a_token_trying_now_is_filled_and_copying_is_off_with_its_reason(harness: WindowHarness) -> None:
    harness.active("w1", Retrying(harness.clock.elapsed + 8, WHY), harness.token(2.0))
    harness.contents.open("w1")
    assert filled(harness) == ["copy_token"]
    harness.tick(3)
    assert filled(harness) == ["state_action"]
    assert button(harness, "state_action").text() == "Try now"
    copy = button(harness, "copy_token")
    assert (copy.isEnabled(), copy.toolTip()) == (False, "There is no token now.")
    harness.active("w1")
    assert filled(harness) == ["copy_token"]
    assert copy.toolTip() == ""


def test_a_sign_in_without_a_network_is_no_alarm_and_quotes_nobody(harness: WindowHarness) -> None:
    account = harness.feed("w1", without_network(harness))
    account.note("sign_in_waits", why=without_network(harness).why)
    harness.contents.open("w1")
    harness.tick(3)
    said = visible_texts(harness.window)
    assert "Waiting for the network, next try in 0:05" in said
    assert "whitebit.com cannot be reached. Nothing was sent. Keyrack tries again by itself." in said
    assert "ConnectError" not in said
    assert "What the provider said" not in said
    view = AccountView(account, harness.rack.clock)
    assert (view.kind, view.needs_person) == ("retrying", False)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_a_sentence_in_the_pane(harness: WindowHarness, reason: Reason) -> None:
    harness.signed_out("w1", reason)
    harness.contents.open("w1")
    said = harness.window.findChild(QLabel, "pane_reason")
    assert said is not None
    assert said.isVisible()
    assert said.text().count(".") >= 2


@pytest.mark.security("S49")
def test_the_providers_text_is_one_click_away_plain_and_short(harness: WindowHarness) -> None:
    harness.feed("w1", LoggedOut(Reason.REFRESH_REJECTED, Failure("unexpected", detail=HOSTILE)))
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert "<img" not in visible_texts(harness.window)
    pane.panel.problem.more.click()
    shown = pane.panel.problem.detail
    assert shown.isVisible()
    assert shown.text().startswith('<img src="http://x/">')
    assert len(shown.text()) <= 300
    assert "\u202e" not in shown.text()


@pytest.mark.security("S104", "S99")
def test_no_secret_is_in_any_text_of_the_window_in_any_state(harness: WindowHarness) -> None:
    harness.account("w1").show_balances(holdings(harness.clock))
    for feed, _, _ in STATES.values():
        feed(harness)
        harness.contents.open("w1")
        assert not [text for text in shown_texts(harness.window) if CANARY in text]
        harness.contents.open("")
        assert not [text for text in shown_texts(harness.window) if CANARY in text]


@pytest.mark.parametrize("state", STATES)
def test_every_control_has_a_name_for_screen_readers(harness: WindowHarness, state: str) -> None:
    STATES[state][0](harness)
    harness.account("w1").show_balances(holdings(harness.clock))
    harness.contents.open("w1")
    for control in harness.window.findChildren(QWidget):
        if control.isVisible() and isinstance(control, QAbstractButton | QLineEdit | QTableView):
            own = control.text() if isinstance(control, QAbstractButton) else ""
            assert control.accessibleName() or own, control


def test_identity_is_masked_and_a_nameless_account_shows_its_masked_client_id(harness: WindowHarness) -> None:
    harness.active("b1").show_balances(storage(harness.clock))
    harness.contents.open("b1")
    assert "Bitport  ·  s…m@example.org" in visible_texts(harness.window)
    harness.contents.open("w1")
    assert "WhiteBIT  ·  Global  ·  client id wb…nt" in visible_texts(harness.window)
    assert not any("wb-sample-client" in text for text in shown_texts(harness.window))
    account = harness.account("w1")
    account.configure(replace(account.settings, client_id="4012"))
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.header.about.text() == "WhiteBIT  ·  Global", "a mask of all of it tells nothing"


async def test_copy_puts_the_token_on_the_clipboard_and_says_until_when(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    button(harness, "copy_token").click()
    await seen(lambda: harness.clipboard.holds_secret)
    assert QGuiApplication.clipboard().text() == "canary-access-token"
    assert button(harness, "copy_token").text() == "Copied, clears in 30 s"
    await seen(lambda: "Token copied to the clipboard." in visible_texts(harness.window))
    harness.clipboard.clear()
    assert button(harness, "copy_token").text() == "Copy token"


def menu(harness: WindowHarness, id: str = "w1") -> dict[str, QAction]:
    """The entries of the pane's menu, by object name."""
    harness.contents.open(id)
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.header.menu.aboutToShow.emit()
    return {action.objectName(): action for action in pane.header.menu.actions()}


async def test_the_token_is_copied_as_a_header_from_the_menu(harness: WindowHarness) -> None:
    harness.active("w1")
    menu(harness)["menu_header"].trigger()
    await seen(lambda: harness.clipboard.holds_secret)
    assert QGuiApplication.clipboard().text() == "Authorization: Bearer canary-access-token"
    harness.clipboard.clear()


@pytest.mark.parametrize("state", ["ready", "needs_login"])
async def test_a_curl_command_is_copied_from_the_menu_with_and_without_a_token(
    harness: WindowHarness, state: str
) -> None:
    STATES[state][0](harness)
    menu(harness)["menu_terminal"].trigger()
    await seen(lambda: "A curl command was copied that asks Keyrack for the token." in visible_texts(harness.window))
    asked = f"{command_name()} --sandbox header Trading | curl --header @- "
    assert QGuiApplication.clipboard().text().startswith(asked)


async def test_a_token_that_cannot_be_given_is_told_over_the_page(harness: WindowHarness) -> None:
    harness.active("w1", Retrying(harness.clock.elapsed + 8, WHY), harness.token(left=1.0))
    harness.contents.open("w1")
    button(harness, "copy_token").click()
    await seen(harness.contents.notice.isVisible)
    assert "The keyring is locked." in visible_texts(harness.contents.notice)
    assert not harness.clipboard.holds_secret


async def test_rename_tells_a_taken_name_beside_the_line(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("rename")
    await seen(lambda: any(e.isVisible() for e in harness.window.findChildren(QLineEdit, "field_name")))
    field(harness, "field_name").setText("Archive")
    button(harness, "inline_done").click()
    await seen(lambda: "Another account has this name" in visible_texts(harness.window))
    field(harness, "field_name").setText("Day trading")
    button(harness, "inline_done").click()
    await seen(lambda: harness.account("w1").settings.name == "Day trading")
    await seen(lambda: not harness.window.findChildren(QLineEdit, "field_name"))
    assert "Day trading" in visible_texts(harness.contents.sidebar)


async def test_credentials_can_be_edited_and_an_empty_secret_keeps_the_old_one(harness: WindowHarness) -> None:
    harness.active("p1")
    harness.contents.open("p1")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    await seen(lambda: any(e.isVisible() for e in harness.window.findChildren(QLineEdit, "field_client_id")))
    assert field(harness, "field_client_secret").text() == ""
    field(harness, "field_client_id").setText("has space")
    button(harness, "inline_done").click()
    await seen(
        lambda: (
            "client id" in visible_texts(harness.window).lower() and "Copy it again." in visible_texts(harness.window)
        )
    )
    field(harness, "field_client_id").setText("sample-client-9")
    button(harness, "inline_done").click()
    await seen(lambda: harness.account("p1").settings.client_id == "sample-client-9")


async def test_removing_asks_first_and_says_what_happens_at_the_provider(harness: WindowHarness) -> None:
    account = await harness.rack.add(
        Draft("bitport", "global", "user_code", "Short-lived", "40127", Secret("canary-secret"))
    )
    harness.contents.open(account.id)
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("remove")
    await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QLabel, "remove_explanation")))
    assert "Bitport offers no way to revoke a token." in visible_texts(harness.window)
    assert "For ten seconds you can undo this." in visible_texts(harness.window)
    button(harness, "inline_cancel").click()
    assert harness.rack.accounts.find(account.id) is account
    pane.open_form("remove")
    await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QLabel, "remove_explanation")))
    harness.rack.removals.seconds = 0.1
    button(harness, "inline_done").click()
    await seen(lambda: harness.rack.accounts.find(account.id) is None)
    await seen(harness.contents.notice.isVisible)
    assert "“Short-lived” was removed." in visible_texts(harness.contents.notice)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


def test_a_pane_that_was_left_follows_its_account_no_more(harness: WindowHarness) -> None:
    harness.signed_out("w1")
    harness.contents.open("w1")
    left = harness.contents.pages.pane
    assert left is not None
    harness.contents.open("w2")
    harness.active("w1")
    assert left.header.copy_token.isHidden()
    assert not left.header.sign_in.isHidden()
