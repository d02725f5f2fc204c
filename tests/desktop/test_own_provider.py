"""An exchange of one's own, added by its file with keyboard and mouse, and signed in by a code in a real browser."""

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.environment import Environment


@pytest.mark.security("S36", "S38")
def test_a_provider_file_is_imported_and_signed_in_by_a_code(environment: Environment, chromium: Chromium) -> None:
    text = str(environment.sandbox.announced["providers"]["example"]["file"])
    path = environment.home.folder / "my-exchange.toml"
    path.write_text(text.replace('"example"', '"mine"').replace("token_endpoint", "tokn_endpoint"))
    driver = environment.start()
    driver.click("add_account")
    driver.click("import_provider")
    driver.type("provider_path", str(path))
    driver.click("read_provider")
    driver.until_said("key regions.global.tokn_endpoint: is not a key of this table; did you mean token_endpoint?")
    path.write_text(text.replace('"example"', '"mine"'))
    driver.click("read_provider")
    driver.until_said("What Keyrack read", "Example exchange (mine)")
    driver.click("add_provider")
    driver.click("flow:device_code")
    driver.type("field_client_id", "sandbox-example")
    driver.type("field_name", "My own")
    driver.click("save_account")
    driver.until_state("My own", "signing_in", "device")
    code, page = driver.ask("text", "device_user_code"), driver.ask("text", "device_address")
    chromium.open(f"{page}?user_code={code}")
    chromium.press("approve")
    driver.until_state("My own", "ready")
    driver.until_said("Signed in", "Balances can be read.")
    assert code not in driver.said()
