"""Signing in with a real browser: a person presses the window's button and then the provider's."""

import pytest

from tests.desktop.chromium import Chromium, Seen
from tests.desktop.scene import Scene


def _left_clean(seen: Seen, scene: Scene) -> None:
    """The page is our own, and its address tells nothing (S21)."""
    assert seen.url.startswith(f"http://127.0.0.1:{scene.port}/"), seen
    assert "?" not in seen.url, seen
    assert "code" not in seen.url, seen
    assert "state" not in seen.url, seen


@pytest.mark.security("S20", "S21", "S36")
def test_whitebit_signs_in_when_approve_is_pressed(scene: Scene, chromium: Chromium) -> None:
    driver = scene.start()
    driver.click("account:Trading")
    driver.click("sign_in")
    driver.until_shown("open_again")
    address = scene.home.next_address()
    assert address.startswith(f"http://127.0.0.1:{scene.port}/")
    assert "state" not in address
    assert chromium.open(address).url.startswith(scene.sandbox.base("whitebit"))
    chromium.press("approve")
    seen = chromium.until_at(f"http://127.0.0.1:{scene.port}/")
    assert "You are signed in" in seen.text, seen
    _left_clean(seen, scene)
    assert driver.until_state("Trading", "ready")["left"] > 200
    driver.until("rows", "balances_table", lambda rows: any("BTC" in row for row in rows), "balances")
    assert len(scene.sandbox.log("whitebit", "token")) == 1
    assert not [row for row in scene.sandbox.log() if row["unexpected"]]


@pytest.mark.security("S33", "S34")
def test_bitport_signs_in_when_the_account_is_confirmed(scene: Scene, chromium: Chromium) -> None:
    driver = scene.start()
    scene.consent(driver, chromium, "Archive")
    chromium.press("approve")
    seen = chromium.until_at(f"http://127.0.0.1:{scene.port}/")
    assert "One more step" in seen.text, seen
    _left_clean(seen, scene)
    driver.until_state("Archive", "signing_in", "confirming")
    assert "example.org" in driver.ask("text", "waiting_sentence")
    before = scene.record(driver, "Archive")
    assert "access" not in before
    assert not before["signed_in"]
    driver.click("answer_yes")
    driver.until_state("Archive", "ready")
    assert scene.record(driver, "Archive")["access"]
    driver.until_said("Used", "Available", "@example.org")


@pytest.mark.security("S33")
def test_a_bitport_account_that_is_discarded_leaves_nothing(scene: Scene, chromium: Chromium) -> None:
    driver = scene.start()
    before = scene.record(driver, "Archive")
    scene.consent(driver, chromium, "Archive")
    chromium.press("approve")
    driver.until_state("Archive", "signing_in", "confirming")
    driver.click("answer_no")
    driver.until_state("Archive", "needs_login")
    assert scene.record(driver, "Archive") == before


@pytest.mark.security("S10", "S20")
def test_a_refusal_is_told_in_the_browser_and_in_the_pane(scene: Scene, chromium: Chromium) -> None:
    driver = scene.start()
    scene.consent(driver, chromium, "Trading")
    chromium.press("refuse")
    seen = chromium.until_at(f"http://127.0.0.1:{scene.port}/")
    assert "Access was refused" in seen.text, seen
    _left_clean(seen, scene)
    assert driver.until_state("Trading", "needs_login")["reason"] == "denied"
    assert driver.ask("text", "pane_reason").startswith("Access was refused at the provider.")
    assert scene.sandbox.log("whitebit", "token") == []


@pytest.mark.security("S33")
def test_a_refusal_that_nothing_proves_is_asked_about(scene: Scene, chromium: Chromium) -> None:
    driver = scene.start()
    scene.consent(driver, chromium, "Archive")
    chromium.press("refuse")
    seen = chromium.until_at(f"http://127.0.0.1:{scene.port}/")
    assert "Look in Keyrack" in seen.text, seen
    driver.until_state("Archive", "signing_in", "refusal")
    driver.click("answer_yes")
    driver.until_state("Archive", "needs_login")
    assert scene.sandbox.log("bitport", "token") == []
