"""Adding an account with the keyboard and the mouse, and signing it in with the browser."""

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.environment import Environment
from tests.desktop.secrecy import files, found_in

SECRET = "invented-secret-typed-by-hand"


@pytest.mark.security("S31", "S98")
def test_an_account_is_added_tested_and_opened(environment: Environment, chromium: Chromium) -> None:
    redirect = f"http://127.0.0.1:{environment.port}/cb/whitebit"
    environment.sandbox.register_client("whitebit", "typed-client", SECRET, redirect)
    driver = environment.start()
    driver.click("add_account")
    driver.click("provider:whitebit")
    driver.click("region:global")
    driver.until_shown("field_redirect_uri")
    assert driver.ask("text", "field_redirect_uri") == "http://127.0.0.1:17463/cb/whitebit"
    driver.click("save_account")
    driver.until_said("The client id is empty")
    driver.type("field_client_id", "typed-client")
    driver.type("field_client_secret", SECRET)
    driver.type("field_redirect_uri", redirect)
    driver.type("field_name", "Typed account")
    assert SECRET not in driver.texts()
    driver.click("save_account")
    driver.until_state("Typed account", "signing_in", "browser")
    chromium.open(environment.home.next_address())
    chromium.press("approve")
    chromium.until_at(f"http://127.0.0.1:{environment.port}/")
    driver.until_said("Signed in", "Balances can be read.")
    driver.click("open_account")
    driver.until_shown("copy_token")
    assert driver.ask("state", "Typed account")["name"] == "ready"
    assert environment.record(driver, "Typed account")["client_secret"] == SECRET
    assert found_in(files(environment.home.folder), [SECRET]) == []
