"""A keyring that is locked, missing or frozen: plain sentences, and a window that goes on."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.driver import Driver
from tests.desktop.environment import SERVICE, Environment
from tests.keyring_session import KeyringSession

BUS = "DBUS_SESSION_BUS_ADDRESS"


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[KeyringSession]:
    """A bus and a keyring that a test may spoil."""
    keyring = KeyringSession(tmp_path / "k").start()
    yield keyring
    keyring.stop()


def _said(driver: Driver, name: str) -> str:
    """The pane's sentences once the account's keyring is known to be away."""
    driver.until_state(name, "keyring_unavailable")
    driver.ask("open", name)
    reason: str = driver.ask("text", "pane_reason")
    return reason


def _kept(keyring: KeyringSession) -> list[str]:
    """Every record in the keyring."""
    return sorted(line for line in keyring.search(service=SERVICE).splitlines() if line.startswith("secret = "))


@pytest.mark.security("S60", "S61")
def test_a_locked_keyring_is_told_and_loses_nothing(environment: Environment, keyring: KeyringSession) -> None:
    driver = environment.start(**{BUS: keyring.env[BUS]})
    environment.sign_in(driver, "Main desk")
    assert driver.terminate() == 0
    before = _kept(keyring)
    keyring.lock()
    driver = environment.start(**{BUS: keyring.env[BUS]})
    assert _said(driver, "Main desk").startswith("The keyring is locked. Your sign-ins are safe in it")
    driver.click("retry")
    driver.until("text", "pane_reason", lambda text: "closed without an answer" in text, "the question to be dismissed")
    assert driver.terminate() == 0
    keyring.kill_daemon()
    keyring.start_daemon()
    assert _kept(keyring) == before
    driver = environment.start(**{BUS: keyring.env[BUS]})
    driver.until_state("Main desk", "ready")


@pytest.mark.security("S57", "S60")
def test_without_a_keyring_accounts_say_so_and_the_session_can_go_on_in_memory(environment: Environment) -> None:
    config = environment.home.folder / ".config/keyrack"
    config.mkdir(mode=0o700, parents=True)
    account = {"id": "0" * 32, "name": "Trading", "provider": "whitebit", "region": "global"}
    account |= {
        "flow": "authorization_code",
        "client_id": "invented",
        "redirect_uri": f"http://127.0.0.1:{environment.port}/",
    }
    (config / "accounts.json").write_text(json.dumps({"schema": 1, "accounts": [account]}))
    driver = environment.start_real(**{BUS: f"unix:path={environment.home.runtime}/nothing"})
    assert "There is no keyring on this computer that Keyrack can use." in _said(driver, "Trading")
    assert "Traceback" not in driver.said()
    driver.click("state_action")
    driver.until_state("Trading", "needs_login")
    assert driver.ask("vault") == "memory"
    assert driver.terminate() == 0
    assert json.loads((config / "accounts.json").read_text())["accounts"][0]["name"] == "Trading"


@pytest.mark.security("S57")
def test_the_sandbox_without_a_keyring_keeps_its_secrets_in_memory_and_says_so(environment: Environment) -> None:
    driver = environment.start(**{BUS: f"unix:path={environment.home.runtime}/nothing"})
    assert driver.ask("vault") == "memory"
    environment.sign_in(driver, "Main desk")
    assert driver.terminate() == 0
    assert "There is no keyring on this computer that Keyrack can use." in driver.said()
    assert "keeps its secrets in memory" in driver.said()


@pytest.mark.security("S59", "S74")
def test_a_frozen_keyring_does_not_freeze_the_window(environment: Environment, keyring: KeyringSession) -> None:
    driver = environment.start(**{BUS: keyring.env[BUS]})
    environment.sign_in(driver, "Trading")
    keyring.freeze()
    try:
        driver.keys("F5")
        took = [_answers_in(driver)]
        while driver.ask("state", "Trading")["name"] != "unsaved":
            took.append(_answers_in(driver))
            assert sum(took) < 15
        assert max(took) < 1
        assert "The keyring does not answer." in driver.ask("text", "pane_reason")
        driver.keys("ctrl+q")
        driver.until_shown("anyway")
    finally:
        keyring.thaw()
    driver.until_state("Trading", "ready")


def _answers_in(driver: Driver) -> float:
    """Seconds that the window takes to tell what it shows, at least a hundredth."""
    began = time.monotonic()
    driver.texts()
    time.sleep(0.01)
    return time.monotonic() - began
