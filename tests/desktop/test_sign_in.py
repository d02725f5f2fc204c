"""Signing in with a real browser: a person presses the window's button and then the provider's."""

import pytest

from tests.desktop.chromium import Chromium, VisitedPage
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment


def _back(chromium: Chromium, environment: Environment) -> VisitedPage:
    """The page the browser ends at: our own, at an address that tells nothing (S21)."""
    seen = chromium.until_at(f"http://127.0.0.1:{environment.port}/")
    for telling in ("?", "code", "state", "error"):
        assert telling not in seen.url, seen
    return seen


@pytest.mark.security("S20", "S21", "S36")
def test_whitebit_signs_in_when_approve_is_pressed(shared: Environment, driver: Driver, chromium: Chromium) -> None:
    driver.open_account("Trading")
    driver.click("sign_in")
    driver.until_shown("open_again")
    address = shared.home.next_address()
    assert address.startswith(f"http://127.0.0.1:{shared.port}/")
    assert "state" not in address
    assert chromium.open(address).url.startswith(shared.sandbox.base("whitebit"))
    chromium.press("approve")
    assert "You are signed in" in _back(chromium, shared).text
    assert driver.until_state("Trading", "ready")["left"] > 200
    driver.until("rows", "balances_table", lambda rows: any("BTC" in row for row in rows), "balances")
    assert len(shared.log("whitebit", "token")) == 1
    assert not [row for row in shared.log() if row["unexpected"]]


@pytest.mark.security("S33", "S34")
def test_bitport_signs_in_when_the_account_is_confirmed(
    shared: Environment, driver: Driver, chromium: Chromium
) -> None:
    before = shared.record(driver, "Archive")
    assert "access" not in before
    for answer, after in (("answer_no", "needs_login"), ("answer_yes", "ready")):
        shared.consent(driver, chromium, "Archive")
        chromium.press("approve")
        assert "One more step" in _back(chromium, shared).text
        driver.until_state("Archive", "signing_in", "confirming")
        assert "@example.org" in driver.ask("text", "waiting_sentence")
        assert shared.record(driver, "Archive") == before
        driver.click(answer)
        driver.until_state("Archive", after)
        assert (shared.record(driver, "Archive") == before) is (answer == "answer_no")
    driver.until_said("Used", "Available", "@example.org")


@pytest.mark.security("S10", "S20")
def test_a_refusal_is_told_in_the_browser_and_in_the_pane(
    shared: Environment, driver: Driver, chromium: Chromium
) -> None:
    shared.consent(driver, chromium, "Trading")
    chromium.press("refuse")
    assert "Access was refused" in _back(chromium, shared).text
    assert driver.until_state("Trading", "needs_login")["reason"] == "denied"
    assert driver.ask("text", "pane_reason").startswith("Access was refused at the provider.")
    assert shared.log("whitebit", "token") == []


@pytest.mark.security("S33")
def test_a_refusal_that_nothing_proves_is_asked_about(shared: Environment, driver: Driver, chromium: Chromium) -> None:
    shared.consent(driver, chromium, "Archive")
    chromium.press("refuse")
    assert "Look in Keyrack" in chromium.until_at(f"http://127.0.0.1:{shared.port}/").text
    driver.until_state("Archive", "signing_in", "refusal")
    driver.click("answer_yes")
    driver.until_state("Archive", "needs_login")
    assert shared.log("bitport", "token") == []
