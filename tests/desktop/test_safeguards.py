"""What keeps a person from losing something, on a real screen: at quit, after a removal, and without a keyring."""

import pytest

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import wait_until


def _removed(environment: Environment, driver: Driver, account: str) -> str:
    """Remove an account by the mouse. Returns its id."""
    id = str(driver.ask("state", account)["id"])
    driver.ask("open", account)
    driver.ask("menu", "trash")
    driver.click("inline_done")
    driver.until_shown(f"undo:{id}")
    assert account not in driver.ask("accounts")
    assert account in environment.ids(), "the file keeps it"
    return id


@pytest.mark.security("S51", "S72")
def test_a_removed_account_gives_no_token_and_a_kill_brings_it_back_signed_in(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Trading")
    id = _removed(environment, driver, "Trading")
    refused = environment.command("token", "Trading")
    assert refused.returncode == 3
    assert "There is no account “Trading”." in refused.stderr
    driver.kill()
    driver = environment.start()
    driver.until_state("Trading", "ready")
    assert _removed(environment, driver, "Trading") == id
    driver.click(f"undo:{id}")
    driver.until_state("Trading", "ready")
    assert environment.command("token", "Trading").returncode == 0


@pytest.mark.security("S51")
def test_the_end_of_keyrack_finishes_a_removal(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Main desk")
    id = _removed(environment, driver, "Main desk")
    assert driver.terminate() == 0
    assert "Main desk" not in environment.ids()
    assert environment.keyring.search(service="Keyrack Sandbox", username=id).count("secret = ") == 0


def test_quitting_asks_once_about_a_short_sign_in(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Trading")
    driver.keys("ctrl+q")
    driver.until_said("Closed for longer than ", ", Trading must be signed in again.")
    driver.keys("Return")
    wait_until(lambda: not driver.ask("shown") or driver.ask("minimised"), "the window to leave")
    assert driver.process.poll() is None, "Enter keeps it"
    assert environment.start_again().returncode == 0
    wait_until(lambda: driver.focused() == "Keyrack – Sandbox", "the window in front")
    driver.keys("ctrl+q")
    wait_until(lambda: driver.process.poll() is not None, "the end")
    assert driver.process.returncode == 0


def test_sigterm_ends_it_while_the_question_waits(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Trading")
    driver.keys("ctrl+q")
    driver.until_shown("anyway")
    assert driver.terminate() == 0


@pytest.mark.security("S57")
def test_the_first_start_without_a_keyring_says_so_and_goes_on_for_the_session(environment: Environment) -> None:
    driver = environment.start_real(DBUS_SESSION_BUS_ADDRESS=f"unix:path={environment.home.runtime}/nothing")
    driver.until_said("There is no keyring on this computer that Keyrack can use.", "Your tokens, always fresh")
    driver.click("keyring_session")
    driver.until_said("Secrets are kept for this session only.")
    assert driver.ask("vault") == "memory"
    assert driver.terminate() == 0
