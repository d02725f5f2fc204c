"""Adding an account inside the window, from the tiles to the test."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.primitives.failure import Failure
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.sign_in_step import SignInStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.widgets.secret_edit import REVEAL_MS, SecretEdit
from tests.ui.harness import WindowHarness, bench, button, field, holdings, seen, shown_texts, visible_texts

SECRET = "canary-client-secret"


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.pages.add_account()
    return made


def page(b: WindowHarness) -> AddAccountWizard:
    found = b.contents.pages.currentWidget()
    assert isinstance(found, AddAccountWizard)
    return found


async def go_to_credentials(b: WindowHarness, provider: str, region: str = "") -> CredentialsStep:
    await seen(lambda: any(w.isVisible() for w in b.window.findChildren(QAbstractButton, f"provider:{provider}")))
    button(b, f"provider:{provider}").click()
    if region:
        await seen(lambda: any(w.isVisible() for w in b.window.findChildren(QAbstractButton, f"region:{region}")))
        button(b, f"region:{region}").click()
    await seen(lambda: any(e.isVisible() for e in b.window.findChildren(QLineEdit, "field_client_id")))
    step = page(b).step
    assert isinstance(step, CredentialsStep)
    return step


async def test_a_provider_with_one_region_skips_that_step(b: WindowHarness) -> None:
    await go_to_credentials(b, "bitport")
    page(b).go_back()
    await seen(lambda: any(w.isVisible() for w in b.window.findChildren(QAbstractButton, "provider:bitport")))
    await go_to_credentials(b, "whitebit", "eu")
    assert "WhiteBIT EU" in visible_texts(b.window)


async def test_where_to_get_the_credentials_and_the_exact_address_to_register(b: WindowHarness) -> None:
    await go_to_credentials(b, "whitebit", "global")
    assert "Ask for exactly the redirect address below." in visible_texts(b.window)
    assert field(b, "field_redirect_uri").text() == "http://127.0.0.1:17463/cb/whitebit"
    button_named(b, "Copy: Redirect address to register").click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:17463/cb/whitebit"
    button_named(b, "Open the provider's page").click()
    assert b.opened[0].startswith("https://docs.whitebit.com/")


def button_named(b: WindowHarness, name: str) -> QAbstractButton:
    found = [w for w in b.window.findChildren(QAbstractButton) if w.isVisible() and w.accessibleName() == name]
    assert len(found) == 1
    return found[0]


async def test_mistakes_are_told_beside_the_field_one_after_the_other(b: WindowHarness) -> None:
    step = await go_to_credentials(b, "bitport")
    for id, text, said in (
        ("field_client_id", "has space", "client id"),
        ("field_client_id", "40127", "client secret is missing"),
    ):
        field(b, id).setText(text)
        button(b, "save_account").click()
        await seen(lambda said=said: said in visible_texts(b.window).lower())  # type: ignore[misc]
        await seen(button(b, "save_account").isEnabled)
    assert step.form.client_secret.problem.isVisible()
    assert not step.form.client_id.problem.isVisible()
    QTest.keyClicks(field(b, "field_client_secret"), SECRET)
    assert not step.form.client_secret.problem.isVisible()
    assert len(b.rack.accounts) == 6


@pytest.mark.security("S98")
async def test_the_secret_is_masked_kept_while_mistakes_are_mended_and_then_forgotten(b: WindowHarness) -> None:
    step = await go_to_credentials(b, "bitport")
    button_id = "flow:user_code"
    button(b, button_id).click()
    await seen(lambda: any(e.isVisible() for e in b.window.findChildren(QLineEdit, "field_client_secret")))
    secret = field(b, "field_client_secret")
    QTest.keyClicks(secret, SECRET)
    field(b, "field_client_id").setText("40127")
    field(b, "field_name").setText("Archive")
    assert secret.echoMode() == QLineEdit.EchoMode.Password
    button(b, "save_account").click()
    await seen(lambda: "Another account has this name" in visible_texts(b.window))
    await seen(button(b, "save_account").isEnabled)
    assert not any(SECRET in text for text in shown_texts(b.window))
    field(b, "field_name").setText("Archive 2")
    edit = step.form.client_secret.edit
    button(b, "save_account").click()
    await seen(lambda: isinstance(page(b).step, SignInStep))
    assert edit.text() == ""
    assert b.rack.accounts.named("Archive 2") is not None
    await seen(lambda: any(e.isVisible() for e in b.window.findChildren(QLineEdit, "user_code")))
    assert not any(SECRET in text for text in shown_texts(b.window))


@pytest.mark.security("S98")
async def test_a_look_at_the_secret_ends_by_itself(b: WindowHarness) -> None:
    await go_to_credentials(b, "bitport")
    secret = field(b, "field_client_secret")
    assert isinstance(secret, SecretEdit)
    assert REVEAL_MS == 10_000
    secret.reveal()
    assert secret.revealed
    secret.conceal()
    assert secret.contextMenuPolicy() in (Qt.ContextMenuPolicy.NoContextMenu, Qt.ContextMenuPolicy.PreventContextMenu)
    assert not secret.revealed


async def test_a_pasted_pair_goes_to_both_fields_and_the_line_forgets_it(b: WindowHarness) -> None:
    await go_to_credentials(b, "bitport")
    line = field(b, "field_client_id")
    QGuiApplication.clipboard().setText(f"40127:{SECRET}")
    line.paste()
    assert line.text() == "40127"
    assert field(b, "field_client_secret").text() == SECRET
    line.undo()
    assert SECRET not in line.text()
    QGuiApplication.clipboard().clear()


async def test_typing_a_colon_is_not_taken_for_a_pasted_pair(b: WindowHarness) -> None:
    await go_to_credentials(b, "bitport")
    QTest.keyClicks(field(b, "field_client_id"), "team:4711")
    assert field(b, "field_client_id").text() == "team:4711"


async def test_a_closed_exchange_is_said_at_the_tile_and_at_the_end(b: WindowHarness) -> None:
    await seen(lambda: "This exchange has closed." in visible_texts(b.window))
    await go_to_credentials(b, "probit", "korea")
    field(b, "field_client_id").setText("sample-client")
    QTest.keyClicks(field(b, "field_client_secret"), SECRET)
    button(b, "save_account").click()
    await seen(lambda: isinstance(page(b).step, SignInStep))
    await seen(lambda: "Nothing is wrong with your key." in visible_texts(b.window))
    button(b, "open_account").click()
    assert b.contents.pages.pane is not None


def test_a_refused_key_and_a_missing_right_are_told_apart(b: WindowHarness, qtbot: QtBot) -> None:
    refused, no_right = Failure("wrong_account"), Failure("unexpected")
    b.feed("p1", LoggedOut(Reason.NEW, refused))
    step = SignInStep(b.account("p1"), b.actions)
    qtbot.addWidget(step)
    step.show()
    assert refused.happened in visible_texts(step)
    assert step.edit.isVisible()
    b.active("p1")
    assert "Reading balances…" in visible_texts(step)
    b.account("p1").show_balances(replace(holdings(b.hands), failure=no_right))
    said = visible_texts(step)
    assert "Signed in." in said
    assert f"Balances cannot be read: {no_right.happened}" in said
    b.account("p1").show_balances(holdings(b.hands))
    assert "Balances can be read." in visible_texts(step)
    step.leave()


def test_escape_leaves_from_the_first_step(b: WindowHarness) -> None:
    b.contents.pages.escape()
    assert b.contents.pages.currentWidget() is b.contents.pages.overview


def test_a_site_that_is_named_as_its_provider_or_stands_alone_is_named_once(b: WindowHarness, qtbot: QtBot) -> None:
    names = {(p.id, id): p.site(id) for p in b.rack.catalog.values() for id in p.regions}
    assert names["gemini", "global"] == names["whitebit-fast-key", "global"] == names["bitport", "global"] == ""
    assert (names["gemini", "sandbox"], names["whitebit", "eu"]) == ("Sandbox", "EU")
    b.contents.pages.add_account()
    button(b, "provider:gemini").click()
    qtbot.waitUntil(lambda: "Gemini Sandbox" in visible_texts(b.window))
    assert "Gemini Gemini" not in visible_texts(b.window)
