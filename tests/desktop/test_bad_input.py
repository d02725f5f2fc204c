"""Things that go wrong in a sign-in: each ends in its own plain sentence in the pane."""

import contextlib
import http.client
import os
import socket
import time
from pathlib import Path

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment, where_it_leads


def _pressed(driver: Driver, name: str) -> None:
    driver.ask("open", name)
    driver.until_state(name, "needs_login")
    driver.ask("press", "sign_in")


def _reason(driver: Driver, name: str, words: str) -> str:
    """The pane's sentences once the sign-in has ended with these words among them."""
    driver.until("text", "pane_reason", lambda text: words in text, f"“{words}” in the pane of {name}")
    driver.until_state(name, "needs_login")
    found: str = driver.ask("text", "pane_reason")
    return found


def test_a_wrong_client_secret(shared: Environment, driver: Driver, chromium: Chromium) -> None:
    secret = shared.change_secret("whitebit")
    shared.consent(driver, chromium, "Trading")
    chromium.press("approve")
    assert "Not signed in" in chromium.until_at(f"http://127.0.0.1:{shared.port}/").text
    assert "credentials" in _reason(driver, "Trading", "WhiteBIT refused the sign-in")
    assert secret not in driver.texts()
    secret = shared.change_secret("probit")
    _pressed(driver, "Main desk")
    _reason(driver, "Main desk", "refused the client id or the client secret")
    assert secret not in driver.texts()


@pytest.mark.security("S5")
def test_a_busy_port_is_named_with_its_process_and_no_browser_opens(shared: Environment, driver: Driver) -> None:
    with socket.create_server(("127.0.0.1", shared.port)):
        began = time.monotonic()
        _pressed(driver, "Trading")
        said = _reason(driver, "Trading", str(shared.port))
        assert time.monotonic() - began < 2
    assert Path("/proc/self/comm").read_text().strip() in said
    assert str(os.getpid()) in said
    assert not shared.home.addresses.exists()
    _pressed(driver, "Trading")
    driver.until_state("Trading", "signing_in", "browser")


@pytest.mark.security("S9")
def test_a_state_that_is_not_ours_ends_nothing(shared: Environment, driver: Driver, chromium: Chromium) -> None:
    shared.consent(driver, chromium, "Trading")
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", shared.port, timeout=10)) as connection:
        connection.request("GET", "/cb/whitebit?code=invented&state=invented-too")
        answer = connection.getresponse()
        assert answer.status == 400
        assert b"invented" not in answer.read()
    assert driver.ask("state", "Trading")["step"] == "browser"
    chromium.press("approve")
    driver.until_state("Trading", "ready")
    assert len(shared.log("whitebit", "token")) == 1


def test_an_html_page_instead_of_a_token(shared: Environment, driver: Driver, chromium: Chromium) -> None:
    shared.sandbox.fault("whitebit", "token", "closed", 1)
    shared.consent(driver, chromium, "Trading EU")
    chromium.press("approve")
    assert "Not signed in" in chromium.until_at(f"http://127.0.0.1:{shared.port}/").text
    assert "<" not in _reason(driver, "Trading EU", "WhiteBIT")


@pytest.mark.security("S26")
def test_a_browser_that_cannot_come_back_is_helped_by_pasting_its_address(shared: Environment, driver: Driver) -> None:
    driver.open_account("Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    address = where_it_leads(shared.home.next_address())
    driver.click("paste_address")
    driver.type("pasted_address", address.replace("state=", "state=x"))
    before = driver.texts()
    driver.click("use_address")
    driver.until("texts", None, lambda texts: "\n".join(texts) != before, "what is wrong with the address")
    assert driver.ask("state", "Trading")["step"] == "browser"
    driver.type("pasted_address", address)
    driver.click("use_address")
    driver.until_state("Trading", "ready")


def test_no_browser_can_be_started(environment: Environment, chromium: Chromium) -> None:
    driver = environment.start(BROWSER="/bin/false", PATH="/nonexistent")
    driver.open_account("Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    driver.until_said("No browser could be started.")
    driver.click("copy_link")
    link = environment.clipboard.until_copied()
    assert link.startswith(f"http://127.0.0.1:{environment.port}/")
    chromium.open(link)
    chromium.press("approve")
    driver.until_state("Trading", "ready")
