"""Adding an account inside the window, from the tiles to the test."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
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
    await go_to_credentials(harness, "whitebit", "global")
    assert "Ask for exactly the redirect address below." in visible_texts(harness.window)
    assert field(harness, "field_redirect_uri").text() == "http://127.0.0.1:17463/cb/whitebit"
    button_named(harness, "Copy: Redirect address to register").click()
    assert QGuiApplication.clipboard().text() == "http://127.0.0.1:17463/cb/whitebit"
    button_named(harness, "Open the provider's page").click()
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


async def test_a_pasted_pair_goes_to_both_fields_and_the_line_forgets_it(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    line = field(harness, "field_client_id")
    QGuiApplication.clipboard().setText(f"40127:{SECRET}")
    line.paste()
    assert line.text() == "40127"
    assert field(harness, "field_client_secret").text() == SECRET
    line.undo()
    assert SECRET not in line.text()
    QGuiApplication.clipboard().clear()


async def test_typing_a_colon_is_not_taken_for_a_pasted_pair(harness: WindowHarness) -> None:
    await go_to_credentials(harness, "bitport")
    QTest.keyClicks(field(harness, "field_client_id"), "team:4711")
    assert field(harness, "field_client_id").text() == "team:4711"


async def test_a_closed_exchange_is_said_at_the_tile_and_at_the_end(harness: WindowHarness) -> None:
    await seen(lambda: "This exchange has closed." in visible_texts(harness.window))
    await go_to_credentials(harness, "probit", "korea")
    field(harness, "field_client_id").setText("sample-client")
    QTest.keyClicks(field(harness, "field_client_secret"), SECRET)
    button(harness, "save_account").click()
    await seen(lambda: isinstance(page(harness).step, SignInStep))
    await seen(lambda: "Nothing is wrong with your key." in visible_texts(harness.window))
    button(harness, "open_account").click()
    assert harness.contents.pages.pane is not None


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
