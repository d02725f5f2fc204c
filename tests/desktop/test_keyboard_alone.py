"""From the first start to a copied token, and from a new account to its removal, with the keyboard alone."""

import json
from typing import Any

from tests.desktop.environment import Environment
from tests.desktop.keys import Keys
from tests.desktop.programs import wait_until

SECRET = "invented-secret-typed-by-hand"
NAME = "By hand"


def status(environment: Environment, name: str) -> dict[str, Any]:
    """An account as the socket tells it, {} for one that is not there."""
    accounts = json.loads(environment.command("status", "--json").stdout)["accounts"]
    return next((account for account in accounts if account["name"] == name), {})


def until_ready(environment: Environment, name: str) -> None:
    wait_until(lambda: status(environment, name).get("state") == "ready", f"{name} to be ready")


def test_from_the_first_start_to_a_copied_token(environment: Environment) -> None:
    driver = environment.start()
    environment.until_all_accounts(driver)
    keys = Keys(driver)
    keys.press("F6", "overview")
    keys.press("m", f"account:{environment.ids()['Main desk']}")
    keys.press("Return", "sign_in")
    assert environment.clipboard.read() == ""
    keys.press("Return", "copy_token")
    until_ready(environment, "Main desk")
    driver.keys("Return")
    copied = environment.clipboard.until_copied()
    assert copied == environment.command("token", "Main desk").stdout.strip()
    assert len(copied) >= 16


def test_an_account_is_added_tested_and_removed(environment: Environment) -> None:
    environment.sandbox.register_client("deribit", "typed-client", SECRET)
    driver = environment.start()
    environment.until_all_accounts(driver)
    keys = Keys(driver)
    driver.keys("ctrl+n")
    driver.until_shown("provider:deribit")
    keys.walk("Tab", "provider:deribit")
    driver.keys("Return")
    driver.until_shown("region:test")
    keys.walk("Tab", "region:test")
    keys.press("Return", "field_client_id")
    keys.type("typed-client")
    keys.walk("Tab", "field_client_secret")
    keys.type(SECRET)
    keys.walk("Tab", "field_name")
    keys.type(NAME)
    keys.press("Return", "open_account")
    until_ready(environment, NAME)
    driver.until_said("Balances can be read.")
    assert NAME in environment.ids()
    keys.press("Return", "copy_token")
    keys.walk("Tab", "more")
    driver.keys("Return")
    driver.until("popup", None, lambda entries: entries[-1:] == ["Remove…"], "the menu of the account")
    driver.keys("Up")
    driver.keys("Return")
    keys.until_at("inline_cancel")
    keys.walk("shift+Tab", "inline_done")
    driver.keys("Return")
    wait_until(lambda: NAME not in environment.ids(), f"{NAME} to be gone from the accounts file")
    assert status(environment, NAME) == {}
    driver.until("focus", None, lambda focus: focus[:1] and focus[0].startswith("card:"), "the focus on the overview")
