"""What survives the end of the process: a kill, a signal in the middle of a renewal."""

import socket
import time

import pytest

from tests.desktop.programs import wait_until
from tests.desktop.scene import Scene

NAMES = ("Main desk", "Trading", "Archive")


@pytest.mark.security("S86")
def test_after_kill_9_every_account_is_ready_again_without_a_sign_in(scene: Scene) -> None:
    driver = scene.start()
    for name in NAMES:
        scene.sign_in(driver, name)
    asked = len(scene.sandbox.log("whitebit", "login")) + len(scene.sandbox.log("bitport", "authorize"))
    driver.kill()
    assert (scene.home.runtime / "keyrack-sandbox/keyrack.sock").is_socket()

    driver = scene.start()
    for name in NAMES:
        driver.until_state(name, "ready")
    driver.ask("open", "Trading")
    driver.until("rows", "balances_table", lambda rows: any("BTC" in row for row in rows), "balances")
    assert len(scene.sandbox.log("whitebit", "login")) + len(scene.sandbox.log("bitport", "authorize")) == asked
    assert [row["status"] for row in scene.sandbox.log("whitebit", "refresh")] == [200]


@pytest.mark.security("S2", "S73")
def test_sigterm_during_a_renewal_ends_in_time_and_the_next_start_is_ready(scene: Scene) -> None:
    driver = scene.start()
    scene.sign_in(driver, "Trading")
    scene.sandbox.fault("whitebit", "refresh", "hold:2", 1)
    driver.ask("open", "Trading")
    driver.keys("F5")
    driver.until_state("Trading", "refreshing")
    began = time.monotonic()
    assert driver.terminate() == 0
    assert time.monotonic() - began < 5
    assert "Traceback" not in driver.said()
    driver = scene.start()
    driver.until_state("Trading", "ready")


@pytest.mark.security("S2", "S25")
def test_a_sign_in_ends_with_cancel_and_with_the_process_and_frees_its_port(scene: Scene) -> None:
    def listening() -> bool:
        with socket.socket() as trying:
            return trying.connect_ex(("127.0.0.1", scene.port)) == 0

    driver = scene.start()
    assert not listening()
    driver.click("account:Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    assert listening()
    driver.click("cancel")
    wait_until(lambda: not listening(), "the port to be closed", 1.0)
    driver.until_state("Trading", "needs_login")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    assert listening()
    driver.kill()
    assert not listening()
    driver = scene.start()
    assert driver.until_state("Trading", "needs_login")["step"] == ""
    driver.click("account:Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
