"""Adding an account inside the window, from the tiles to the test."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.sign_in_step import SignInStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.widgets.secret_edit import REVEAL_MS, SecretEdit
from keyrack.ui.widgets.tile import Tile
from tests.ui.harness import WindowHarness, button, field, holdings, make_harness, seen, shown_texts, visible_texts

SECRET = "canary-client-secret"


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.pages.add_account()
    return made


def page(harness: WindowHarness) -> AddAccountWizard:
    found = harness.contents.pages.currentWidget()
    assert isinstance(found, AddAccountWizard)
    return found


async def go_to_credentials(harness: WindowHarness, provider: str, region: str = "") -> CredentialsStep:
    await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, f"provider:{provider}")))
    button(harness, f"provider:{provider}").click()
    if region:
        await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, f"region:{region}")))
        button(harness, f"region:{region}").click()
    await seen(lambda: any(e.isVisible() for e in harness.window.findChildren(QLineEdit, "field_client_id")))
    step = page(harness).step
    assert isinstance(step, CredentialsStep)
    return step


async def test_a_provider_with_one_region_skips_that_step(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    page(harness).go_back()
    await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, "provider:bitport")))
    await go_to_credentials(harness, "whitebit", "eu")
    assert "WhiteBIT EU" in visible_texts(harness.window)


async def test_where_to_get_the_credentials_and_the_exact_address_to_register(harness: WindowHarness) -> None:
    step = await go_to_credentials(harness, "whitebit", "global")
    assert "Ask for exactly the redirect address below." in visible_texts(harness.window)
    assert field(harness, "field_redirect_uri").text() == "http://127.0.0.1:17463/cb/whitebit"
    button_named(harness, "Copy: Redirect address to register").click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:17463/cb/whitebit"
    link = step.form.page
    spoken = QAccessible.queryAccessibleInterface(link)
    assert spoken.text(QAccessible.Text.Name) == link.text(), "what can be seen is what can be said"
    assert spoken.text(QAccessible.Text.Description) == "Open the provider's page"
    link.click()
    assert harness.opened[0].startswith("https://docs.whitebit.com/")


def button_named(harness: WindowHarness, name: str) -> QAbstractButton:
    found = [w for w in harness.window.findChildren(QAbstractButton) if w.isVisible() and w.accessibleName() == name]
    assert len(found) == 1
    return found[0]


async def test_mistakes_are_told_beside_the_field_one_after_the_other(harness: WindowHarness) -> None:
    step = await go_to_credentials(harness, "bitport")
    for id, text, said in (
        ("field_client_id", "has space", "client id"),
        ("field_client_id", "40127", "client secret is missing"),
    ):
        field(harness, id).setText(text)
        button(harness, "save_account").click()
        await seen(lambda said=said: said in visible_texts(harness.window).lower())  # type: ignore[misc]
        await seen(button(harness, "save_account").isEnabled)
    assert step.form.client_secret.problem.isVisible()
    assert not step.form.client_id.problem.isVisible()
    QTest.keyClicks(field(harness, "field_client_secret"), SECRET)
    assert not step.form.client_secret.problem.isVisible()
    assert len(harness.rack.accounts) == 6


@pytest.mark.security("S98")
async def test_the_secret_is_masked_kept_while_mistakes_are_mended_and_then_forgotten(harness: WindowHarness) -> None:
    step = await go_to_credentials(harness, "bitport")
    button_id = "flow:user_code"
    button(harness, button_id).click()
    await seen(lambda: any(e.isVisible() for e in harness.window.findChildren(QLineEdit, "field_client_secret")))
    secret = field(harness, "field_client_secret")
    QTest.keyClicks(secret, SECRET)
    field(harness, "field_client_id").setText("40127")
    field(harness, "field_name").setText("Archive")
    assert secret.echoMode() == QLineEdit.EchoMode.Password
    button(harness, "save_account").click()
    await seen(lambda: "Another account has this name" in visible_texts(harness.window))
    await seen(button(harness, "save_account").isEnabled)
    assert not any(SECRET in text for text in shown_texts(harness.window))
    field(harness, "field_name").setText("Archive 2")
    edit = step.form.client_secret.edit
    button(harness, "save_account").click()
    await seen(lambda: isinstance(page(harness).step, SignInStep))
    assert edit.text() == ""
    assert harness.rack.accounts.named("Archive 2") is not None
    await seen(lambda: any(e.isVisible() for e in harness.window.findChildren(QLineEdit, "user_code")))
    assert not any(SECRET in text for text in shown_texts(harness.window))


@pytest.mark.security("S98")
async def test_a_look_at_the_secret_ends_by_itself(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    secret = field(harness, "field_client_secret")
    assert isinstance(secret, SecretEdit)
    assert REVEAL_MS == 10_000
    secret.reveal()
    assert secret.revealed
    secret.conceal()
    assert secret.contextMenuPolicy() in (Qt.ContextMenuPolicy.NoContextMenu, Qt.ContextMenuPolicy.PreventContextMenu)
    assert not secret.revealed


@pytest.mark.parametrize(
    "text",
    [
        f"40127:{SECRET}",
        f"40127\n{SECRET}\n",
        f"40127\t{SECRET}",
        f"BITPORT_CLIENT_ID=40127\nBITPORT_CLIENT_SECRET={SECRET}\n",
        f'{{"apiKey": "40127", "apiSecret": "{SECRET}"}}',
    ],
    ids=["pair", "two lines", "tab", ".env", "JSON"],
)
@pytest.mark.parametrize("into", ["field_client_id", "field_client_secret"])
async def test_a_paste_goes_to_both_fields_and_is_told_and_the_line_forgets_it(
    harness: WindowHarness, text: str, into: str
) -> None:
    await go_to_credentials(harness, "bitport")
    line = field(harness, into)
    QGuiApplication.clipboard().setText(text)
    line.paste()
    assert field(harness, "field_client_id").text() == "40127"
    assert field(harness, "field_client_secret").text() == SECRET
    assert "Found id and secret." in visible_texts(harness.window)
    line.undo()
    assert (SECRET if into == "field_client_id" else "40127") not in line.text()
    QGuiApplication.clipboard().clear()
    QTest.keyClicks(line, "1")
    assert "Found id and secret." not in visible_texts(harness.window), "it was changed by hand"


async def test_a_secret_with_a_mark_in_it_is_a_secret_where_the_id_is_there_already(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    QTest.keyClicks(field(harness, "field_client_id"), "40127")
    QGuiApplication.clipboard().setText("canary:with-a-mark")
    field(harness, "field_client_secret").paste()
    assert field(harness, "field_client_id").text() == "40127"
    assert field(harness, "field_client_secret").text() == "canary:with-a-mark"
    QGuiApplication.clipboard().setText(f'{{"apiKey": "50000", "apiSecret": "{SECRET}"}}')
    field(harness, "field_client_secret").selectAll()
    field(harness, "field_client_secret").paste()
    assert field(harness, "field_client_id").text() == "50000", "this can be nothing else"
    QGuiApplication.clipboard().clear()


async def test_a_paste_that_holds_the_address_too_says_so(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    line, address = field(harness, "field_client_id"), "http://127.0.0.1:18000/cb/mine"
    QGuiApplication.clipboard().setText(f"client_id=40127\nclient_secret={SECRET}\nredirect_uri={address}")
    line.paste()
    assert "Found id, secret and redirect address." in visible_texts(harness.window)
    assert field(harness, "field_redirect_uri").text() == address
    QGuiApplication.clipboard().clear()


async def test_a_secret_that_is_not_needed_is_dropped(harness: WindowHarness) -> None:
    step = await go_to_credentials(harness, "kraken")
    QGuiApplication.clipboard().setText(f"sample-id:{SECRET}")
    field(harness, "field_client_id").paste()
    assert "No secret is needed here" in visible_texts(harness.window)
    assert step.form.client_secret.edit.text() == ""
    QGuiApplication.clipboard().clear()


@pytest.mark.parametrize(
    ("provider", "region", "name"),
    [
        ("deribit", "test", "Deribit test"),
        ("deribit", "global", "Deribit"),
        ("gemini", "sandbox", "Gemini sandbox"),
        ("alpaca", "global", "Alpaca"),
        ("whitebit", "eu", "WhiteBIT EU"),
        ("bitport", "", "Bitport"),
    ],
)
async def test_the_name_that_is_offered_says_which_site_it_is(
    harness: WindowHarness, provider: str, region: str, name: str
) -> None:
    await go_to_credentials(harness, provider, region)
    assert field(harness, "field_name").text() == name


async def test_a_name_that_is_taken_gets_a_number(harness: WindowHarness) -> None:
    await harness.rack.rename(harness.account("w2"), "WhiteBIT EU")
    await go_to_credentials(harness, "whitebit", "eu")
    assert field(harness, "field_name").text() == "WhiteBIT EU 2"


async def test_typing_a_colon_is_not_taken_for_a_pasted_pair(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    QTest.keyClicks(field(harness, "field_client_id"), "team:4711")
    assert field(harness, "field_client_id").text() == "team:4711"


def tiles(harness: WindowHarness) -> list[str]:
    """The names of the tiles that are shown, in the order of Tab."""
    return [each.objectName() for each in page(harness).findChildren(Tile) if each.isVisible()]


async def test_closed_exchanges_are_last_greyed_and_behind_a_button(harness: WindowHarness) -> None:
    shown = tiles(harness)
    assert "provider:probit" not in shown
    assert harness.window.focusWidget() is button(harness, shown[0])
    assert shown[0].startswith("provider:")
    assert "has closed" not in visible_texts(harness.window)
    button(harness, "show_closed").click()
    assert tiles(harness) == [*shown, "provider:probit"]
    assert button(harness, "show_closed").text() == "Show closed (1)"
    name = next(label for label in button(harness, "provider:probit").findChildren(QLabel) if label.text() == "ProBit")
    assert name.property("role") == "second", "it is greyed"


@pytest.mark.parametrize(("width", "columns"), [(1100, 3), (760, 2)])
async def test_the_arrows_go_from_tile_to_tile_as_they_stand(
    harness: WindowHarness, qtbot: QtBot, width: int, columns: int
) -> None:
    harness.window.resize(width, 700)
    harness.window.activateWindow()
    qtbot.waitUntil(harness.window.isActiveWindow)
    shown = tiles(harness)
    qtbot.waitUntil(lambda: len([name for name in shown if button(harness, name).y() == 0]) == columns)

    def way(*keys: str) -> list[str]:
        went = []
        for key in keys:
            QTest.keyClick(harness.window.windowHandle(), Qt.Key[f"Key_{key}"])
            focus: QWidget | None = harness.window.focusWidget()
            went.append("" if focus is None else focus.objectName())
        return went

    one, two = shown[columns], shown[2 * columns]
    went = way("Down", "Down", "Right", "Up", "Left", "Up", "Up", "Left")
    assert went == [one, two, shown[2 * columns + 1], shown[columns + 1], one, shown[0], shown[0], shown[0]]
    button(harness, "show_closed").click()
    button(harness, shown[-1]).setFocus()
    went = way("Down", "Down", "Down", "Up", "Up")
    last_row = [name for name in shown if button(harness, name).y() == button(harness, shown[-1]).y()]
    assert went == ["show_closed", "provider:probit", "provider:probit", "show_closed", last_row[0]]


async def test_a_closed_site_has_one_sentence_and_no_form(harness: WindowHarness) -> None:
    button(harness, "show_closed").click()
    button(harness, "provider:probit").click()
    await seen(lambda: tiles(harness) == ["region:own"])
    assert harness.window.focusWidget() is button(harness, "region:own"), "the only one that may be open"
    button(harness, "show_closed").click()
    button(harness, "region:korea").click()
    assert "ProBit Korea has closed: nobody can sign in there any more" in visible_texts(harness.window)
    assert not [line for line in harness.window.findChildren(QLineEdit) if line.isVisible()]
    assert harness.window.focusWidget() is button(harness, "choose_another")
    page(harness).go_back()
    await seen(lambda: tiles(harness) == ["region:own"])
    button(harness, "show_closed").click()
    button(harness, "region:global").click()
    button(harness, "choose_another").click()
    await seen(lambda: "provider:bitport" in tiles(harness))


def test_a_refused_key_and_a_missing_right_are_told_apart(harness: WindowHarness, qtbot: QtBot) -> None:
    refused, no_right = Failure("wrong_account"), Failure("unexpected")
    harness.feed("p1", LoggedOut(Reason.NEW, refused))
    step = SignInStep(harness.account("p1"), harness.actions)
    qtbot.addWidget(step)
    step.show()
    assert refused.happened in visible_texts(step)
    assert step.edit.isVisible()
    harness.active("p1")
    assert "Reading balances…" in visible_texts(step)
    harness.account("p1").show_balances(replace(holdings(harness.clock), failure=no_right))
    said = visible_texts(step)
    assert "Signed in." in said
    assert f"Balances cannot be read: {no_right.happened}" in said
    harness.account("p1").show_balances(holdings(harness.clock))
    assert "Balances can be read." in visible_texts(step)
    step.leave()


def test_refused_credentials_have_one_filled_button_that_mends_them(harness: WindowHarness) -> None:
    def filled() -> list[str]:
        buttons = harness.window.findChildren(QAbstractButton)
        return [each.objectName() for each in buttons if each.isVisible() and each.property("role") == "primary"]

    harness.signed_out("b2", Reason.NEW)
    page(harness).test(harness.account("b2"))
    assert filled() == ["sign_in"]
    harness.feed("b2", LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="Bitport")))
    assert filled() == ["state_action"]
    assert visible_texts(harness.window).count("Edit credentials") == 1
    button(harness, "state_action").click()
    assert filled() == ["inline_done"]
    harness.contents.pages.escape()
    assert filled() == ["state_action"]
    button(harness, "state_action").click()
    button(harness, "inline_cancel").click()
    assert filled() == ["state_action"]


@pytest.mark.parametrize("id", ["p1", "w1"])
async def test_mended_credentials_are_tested_at_once_or_wait_at_the_filled_sign_in(
    harness: WindowHarness, id: str
) -> None:
    began: list[Account] = []
    harness.actions.sign_in = began.append  # type: ignore[method-assign, assignment]
    account = harness.feed(id, LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="An exchange")))
    if account.settings.redirect_uri:
        account.configure(replace(account.settings, redirect_uri="http://127.0.0.1:17470/cb/alone"))
    page(harness).test(account)
    began.clear()
    button(harness, "state_action").click()
    button(harness, "inline_cancel").click()
    assert began == [], "nothing was mended"
    button(harness, "state_action").click()
    QTest.keyClicks(field(harness, "field_client_secret"), SECRET)
    button(harness, "inline_done").click()
    await seen(lambda: harness.tasks.idle)
    if id == "p1":
        assert began == [account]
    else:
        assert began == []
        assert harness.window.focusWidget() is button(harness, "sign_in")
        assert button(harness, "sign_in").property("role") == "primary"


def test_escape_leaves_from_the_first_step(harness: WindowHarness) -> None:
    harness.contents.pages.escape()
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


def test_a_site_that_is_named_as_its_provider_or_stands_alone_is_named_once(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    names = {(p.id, id): p.site(id) for p in harness.rack.catalog.values() for id in p.regions}
    assert names["gemini", "global"] == names["whitebit-fast-key", "global"] == names["bitport", "global"] == ""
    assert (names["gemini", "sandbox"], names["whitebit", "eu"]) == ("Sandbox", "EU")
    harness.contents.pages.add_account()
    button(harness, "provider:gemini").click()
    qtbot.waitUntil(lambda: "Gemini Sandbox" in visible_texts(harness.window))
    assert "Gemini Gemini" not in visible_texts(harness.window)


async def test_a_wide_window_keeps_every_step_in_the_middle_below_its_title(harness: WindowHarness) -> None:
    harness.window.resize(2000, 1000)
    wizard = page(harness)

    def box() -> tuple[int, int]:
        assert wizard.step is not None
        return wizard.step.mapTo(wizard, QPoint()).x(), wizard.step.width()

    left = (wizard.width() - 940) // 2
    await seen(lambda: box() == (left, 940))
    assert wizard.back.mapTo(wizard, QPoint()).x() == left
    await go_to_credentials(harness, "gemini", "sandbox")
    await seen(lambda: box() == (left, 620))


async def test_the_last_step_is_closed_and_not_cancelled_for_the_account_is_stored(harness: WindowHarness) -> None:
    wizard = page(harness)
    assert wizard.give_up.text() == "Cancel"
    wizard.test(harness.account("p1"))
    assert wizard.give_up.text() == "Close"
    wizard.choose_provider()
    assert wizard.give_up.text() == "Cancel"
