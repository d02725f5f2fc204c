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
from tests.ui.harness import WindowHarness, bench, button, field, seen, visible_texts

SECRET = "canary-client-secret"
GOOD = {
    "token_endpoint": "https://accounts.example.org/token",
    "api": "https://api.example.org/v1",
    "stream": "wss://api.example.org/v1/ws",
}


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path, sandbox=False)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def step(b: WindowHarness) -> object:
    page = b.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    return page.step


async def go_to(b: WindowHarness, region: str) -> None:
    b.contents.pages.add_account()
    await press(b, "provider:probit")
    await press(b, f"region:{region}")
    await seen(lambda: isinstance(step(b), CredentialsStep) and "Client id" in visible_texts(b.window))


async def press(b: WindowHarness, name: str) -> None:
    await seen(lambda: any(w.isVisible() for w in b.window.findChildren(QAbstractButton, name)))
    button(b, name).click()


async def told(b: WindowHarness, sentence: str) -> None:
    await seen(lambda: sentence in visible_texts(b.window))


def fill(b: WindowHarness, **texts: str) -> None:
    for name, text in texts.items():
        field(b, f"field_{name}").setText(text)


async def test_an_account_at_a_built_in_host_says_that_the_exchange_has_closed(b: WindowHarness) -> None:
    """Read from the accounts file as at every start: no request is made, and no password is called wrong."""
    await b.rack.parts.restorer.restore(b.account("p1"))
    assert b.account("p1").state == Closed()
    b.contents.open("p1")
    said = visible_texts(b.window)
    assert "This exchange has closed" in said
    assert "Nothing is wrong with your key." in said
    assert "Your entry is kept until you remove it." in said
    assert not any(w.isVisible() for w in b.window.findChildren(QAbstractButton, "sign_in"))
    assert "refused" not in said


async def test_own_hosts_are_offered_beside_the_closed_sites(b: WindowHarness) -> None:
    b.contents.pages.add_account()
    await seen(lambda: "This exchange has closed." in visible_texts(b.window))
    await go_to(b, "own")
    said = visible_texts(b.window)
    assert "ProBit own hosts" in said
    assert "Token address" in said
    assert "API address" in said
    assert "WebSocket address" in said
    assert "at that exchange" in said
    assert "probit.com" not in said, "the closed exchange gives no keys"
    button(b, "back").click()
    await press(b, "region:korea")
    await told(b, "Client id")
    assert "Token address" not in visible_texts(b.window)


async def test_each_address_is_checked_in_a_plain_sentence_beside_it(b: WindowHarness) -> None:
    await go_to(b, "own")
    fill(b, client_id="sample-client")
    QTest.keyClicks(field(b, "field_client_secret"), SECRET)
    for wrong, said in (
        ({}, "The token address is missing."),
        ({"token_endpoint": "http://accounts.example.org/token"}, "The token address is not an encrypted web address."),
        ({"token_endpoint": GOOD["token_endpoint"]}, "The API address is missing."),
        ({"api": "ftp://api.example.org"}, "The API address is not an encrypted web address."),
        ({"api": GOOD["api"], "stream": "ws://api.example.org"}, "The WebSocket address is not an encrypted one."),
    ):
        fill(b, **wrong)
        button(b, "save_account").click()
        await told(b, said)
        assert (
            visible_texts(b.window).count(" is missing.") + visible_texts(b.window).count(" is not an encrypted") == 1
        )
    fill(b, stream=GOOD["stream"], name="-odd")
    button(b, "save_account").click()
    await seen(lambda: "neither begins with" in visible_texts(b.window))
    assert "is not an encrypted" not in visible_texts(b.window)
    assert len(b.rack.accounts) == 6, "nothing was added meanwhile"


async def test_an_account_with_own_hosts_is_added_named_and_kept(b: WindowHarness, tmp_path: Path) -> None:
    await go_to(b, "own")
    fill(b, **GOOD, client_id="sample-client", name="My exchange")
    QTest.keyClicks(field(b, "field_client_secret"), SECRET)
    button(b, "save_account").click()
    await seen(lambda: isinstance(step(b), SignInStep))
    account = b.rack.accounts.named("My exchange")
    assert account is not None
    assert account.settings.hosts == Hosts(**GOOD)
    text = (tmp_path / "config" / "accounts.json").read_text("utf-8")
    assert json.loads(text)["accounts"][-1]["hosts"] == GOOD
    assert SECRET not in text
    b.contents.open(account.id)
    assert "ProBit  ·  own hosts" in visible_texts(b.window)
    b.contents.pages.open(account.id)
    pane = b.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    await told(b, "at that exchange")
    assert "probit.com" not in visible_texts(b.window)
    b.actions.copying.curl(account)
    assert QGuiApplication.clipboard().text().endswith(" https://api.example.org/v1/balance")
