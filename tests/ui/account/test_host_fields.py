"""An exchange that closed, and the hosts that a person may type in instead (ProBit Q1)."""

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.hosts import Hosts
from keyrack.core.accounts.state import Closed
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.sign_in_step import SignInStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, visible_texts

SECRET = "canary-client-secret"
GOOD = {
    "token_endpoint": "https://accounts.example.org/token",
    "api": "https://api.example.org/v1",
    "stream": "wss://api.example.org/v1/ws",
}


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, sandbox=False)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def step(harness: WindowHarness) -> object:
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    return page.step


async def go_to(harness: WindowHarness, region: str) -> None:
    harness.contents.pages.add_account()
    await press(harness, "show_closed")
    await press(harness, "provider:probit")
    await press(harness, f"region:{region}")
    await seen(lambda: isinstance(step(harness), CredentialsStep) and "Client id" in visible_texts(harness.window))


async def press(harness: WindowHarness, name: str) -> None:
    await seen(lambda: any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, name)))
    button(harness, name).click()


async def told(harness: WindowHarness, sentence: str) -> None:
    await seen(lambda: sentence in visible_texts(harness.window))


def fill(harness: WindowHarness, **texts: str) -> None:
    for name, text in texts.items():
        field(harness, f"field_{name}").setText(text)


async def test_an_account_at_a_built_in_host_says_that_the_exchange_has_closed(harness: WindowHarness) -> None:
    """Read from the accounts file as at every start: no request is made, and no password is called wrong."""
    await harness.rack.parts.restorer.restore(harness.account("p1"))
    assert harness.account("p1").state == Closed()
    harness.contents.open("p1")
    said = visible_texts(harness.window)
    assert "This exchange has closed" in said
    assert "Nothing is wrong with your key." in said
    assert "Your entry is kept until you remove it." in said
    assert not any(w.isVisible() for w in harness.window.findChildren(QAbstractButton, "sign_in"))
    assert "refused" not in said


async def test_own_hosts_are_offered_beside_the_closed_sites(harness: WindowHarness) -> None:
    harness.contents.pages.add_account()
    await go_to(harness, "own")
    said = visible_texts(harness.window)
    assert "ProBit own hosts" in said
    assert "Token address" in said
    assert "API address" in said
    assert "WebSocket address" in said
    assert "at that exchange" in said
    assert "probit.com" not in said, "the closed exchange gives no keys"
    button(harness, "back").click()
    await press(harness, "show_closed")
    assert "This exchange has closed." in visible_texts(harness.window)
    await press(harness, "region:korea")
    await told(harness, "ProBit Korea has closed")
    assert "Client id" not in visible_texts(harness.window)


async def test_each_address_is_checked_in_a_plain_sentence_beside_it(harness: WindowHarness) -> None:
    await go_to(harness, "own")
    fill(harness, client_id="sample-client")
    QTest.keyClicks(field(harness, "field_client_secret"), SECRET)
    for wrong, said in (
        ({}, "The token address is missing."),
        ({"token_endpoint": "http://accounts.example.org/token"}, "The token address is not an encrypted web address."),
        ({"token_endpoint": GOOD["token_endpoint"]}, "The API address is missing."),
        ({"api": "ftp://api.example.org"}, "The API address is not an encrypted web address."),
        ({"api": GOOD["api"], "stream": "ws://api.example.org"}, "The WebSocket address is not an encrypted one."),
    ):
        fill(harness, **wrong)
        button(harness, "save_account").click()
        await told(harness, said)
        assert (
            visible_texts(harness.window).count(" is missing.")
            + visible_texts(harness.window).count(" is not an encrypted")
            == 1
        )
    fill(harness, stream=GOOD["stream"], name="-odd")
    button(harness, "save_account").click()
    await seen(lambda: "neither begins with" in visible_texts(harness.window))
    assert "is not an encrypted" not in visible_texts(harness.window)
    assert len(harness.rack.accounts) == 6, "nothing was added meanwhile"


async def test_an_account_with_own_hosts_is_added_named_and_kept(harness: WindowHarness, tmp_path: Path) -> None:
    await go_to(harness, "own")
    fill(harness, **GOOD, client_id="sample-client", name="My exchange")
    QTest.keyClicks(field(harness, "field_client_secret"), SECRET)
    button(harness, "save_account").click()
    await seen(lambda: isinstance(step(harness), SignInStep))
    account = harness.rack.accounts.named("My exchange")
    assert account is not None
    assert account.settings.hosts == Hosts(**GOOD)
    text = (tmp_path / "config" / "accounts.json").read_text("utf-8")
    assert json.loads(text)["accounts"][-1]["hosts"] == GOOD
    assert SECRET not in text
    harness.contents.open(account.id)
    assert "ProBit  ·  own hosts" in visible_texts(harness.window)
    harness.contents.pages.open(account.id)
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    await told(harness, "at that exchange")
    assert "probit.com" not in visible_texts(harness.window)
    harness.actions.copying.curl(account)
    assert QGuiApplication.clipboard().text().endswith(" https://api.example.org/v1/balance")
