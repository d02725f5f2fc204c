"""A service that has ended, in the real window: the account closes, and its one action leads to what replaces it."""

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment


@pytest.mark.parametrize(("kind", "account"), [("ended:404", "Trading"), ("ended:410", "Trading EU")])
def test_the_account_closes_and_leads_to_the_key(
    shared: Environment, driver: Driver, chromium: Chromium, kind: str, account: str
) -> None:
    shared.sandbox.fault("whitebit", "token", kind)
    shared.consent(driver, chromium, account)
    chromium.press("approve")
    assert "Not signed in" in chromium.until_at(f"http://127.0.0.1:{shared.port}/").text
    driver.until_state(account, "closed")
    driver.until_said("Ended by the provider", "WhiteBIT has ended this service.")
    driver.until("text", "state_action", lambda text: text == "Add as WhiteBIT API key", "the one action")
    driver.click("state_action")
    driver.until_said("WhiteBIT API key", "Credentials")
    driver.until_shown("field_client_id")
