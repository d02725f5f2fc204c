"""What survives the end of the process: a kill, a signal in the middle of a renewal."""

import socket
import time

import pytest

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import wait_until

NAMES = ("Main desk", "Trading", "Archive")


def _waiting_in_browser(driver: Driver, name: str) -> None:
    driver.open_account(name)
    driver.click("sign_in")
    driver.until_state(name, "signing_in", "browser")


def _listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.security("S86")
def test_after_kill_9_every_account_is_ready_again_without_a_sign_in(environment: Environment) -> None:
    driver = environment.start()
    for name in NAMES:
        environment.sign_in(driver, name)
    _waiting_in_browser(driver, "Trading EU")
    driver.kill()
    assert (environment.home.runtime / "keyrack-sandbox/keyrack.sock").is_socket()
    assert not _listens(environment.port)
    asked = len(environment.log("whitebit", "login")) + len(environment.log("bitport", "authorize"))

    driver = environment.start()
    for name in NAMES:
        driver.until_state(name, "ready")
    driver.ask("open", "Trading")
    driver.until("rows", "balances_table", lambda rows: any("BTC" in row for row in rows), "balances")
    assert len(environment.log("whitebit", "login")) + len(environment.log("bitport", "authorize")) == asked
    assert [row["status"] for row in environment.log("whitebit", "refresh")] == [200]
    # The sign-in that was cut off is over, and a new one works at once.
    assert driver.ask("state", "Trading EU")["name"] == "needs_login"
    environment.home.addresses.unlink()
    environment.sign_in(driver, "Trading EU")


@pytest.mark.security("S73")
def test_sigterm_during_a_renewal_ends_in_time_and_the_next_start_is_ready(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Trading")
    environment.sandbox.fault("whitebit", "refresh", "hold:1", 1)
    driver.keys("F5")
    driver.until_state("Trading", "refreshing")
    began = time.monotonic()
    assert driver.terminate() == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in driver.said()
    driver = environment.start()
    driver.until_state("Trading", "ready")


@pytest.mark.security("S2", "S25")
def test_cancel_ends_a_sign_in_and_frees_its_port(shared: Environment, driver: Driver) -> None:
    assert not _listens(shared.port)
    _waiting_in_browser(driver, "Trading")
    assert _listens(shared.port)
    driver.click("cancel")
    wait_until(lambda: not _listens(shared.port), "the port to be closed", 1.0)
    driver.until_state("Trading", "needs_login")
    _waiting_in_browser(driver, "Trading")
    assert _listens(shared.port)
