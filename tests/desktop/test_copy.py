"""A token on the real clipboard: marked, cleared in time, never left behind."""

import time

import pytest

from tests.desktop.environment import Environment

HINT = "x-kde-passwordManagerHint"


@pytest.mark.security("S94", "S95")
def test_a_copied_token_is_marked_and_cleared_when_its_life_ends(short_scene: Environment) -> None:
    clipboard = short_scene.clipboard
    driver = short_scene.start()
    short_scene.sign_in(driver, "Main desk")
    assert clipboard.read() == ""
    driver.click("copy_token")
    token = clipboard.until_copied()
    began = time.monotonic()
    assert len(token) >= 16
    assert {HINT, "UTF8_STRING", "text/plain"} <= set(clipboard.read("TARGETS").split())
    assert clipboard.read(HINT) == "secret"
    assert clipboard.read(selection="primary") == ""
    assert clipboard.read("TARGETS", "primary") == ""
    assert driver.ask("text", "copy_token").startswith("Copied, clears in ")
    clipboard.until_empty()
    # At least half of its 4 s were left when it was handed out, and it is cleared when it is dead at the latest.
    assert 1 < time.monotonic() - began < 5
    driver.until("text", "copy_token", lambda text: text == "Copy token", "the button to be as before")


@pytest.mark.security("S95")
def test_what_somebody_else_copied_afterwards_stays(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Main desk")
    driver.keys("ctrl+c")
    environment.clipboard.until_copied()
    environment.clipboard.write("a shopping list")
    driver.until("text", "copy_token", lambda text: text == "Copy token", "the button to be as before")
    assert driver.terminate() == 0
    assert environment.clipboard.read() == "a shopping list"
    environment.clipboard.write("")


@pytest.mark.security("S96")
def test_sign_out_and_sigterm_clear_the_clipboard(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Main desk")
    driver.click("copy_token")
    environment.clipboard.until_copied()
    driver.ask("menu", "sign-out")
    environment.clipboard.until_empty()
    environment.sign_in(driver, "Main desk")
    driver.click("copy_token")
    environment.clipboard.until_copied()
    with environment.clipboard.manager() as requests:
        began = time.monotonic()
        assert driver.terminate() == 0
        assert time.monotonic() - began < 5
    assert environment.clipboard.read() == ""
    assert "SAVE_TARGETS" not in requests


@pytest.mark.security("S96")
def test_a_sign_out_and_a_removal_by_the_command_line_clear_the_clipboard(environment: Environment) -> None:
    driver = environment.start()
    for verb in (("logout", "Main desk"), ("accounts", "remove", "Main desk", "--yes")):
        environment.sign_in(driver, "Main desk")
        driver.until("rows", "balances_table", bool, "figures in the table")
        driver.click("copy_token")
        environment.clipboard.until_copied()
        done = environment.command(*verb)
        assert done.returncode == 0, done.stderr
        environment.clipboard.until_empty()
    assert "Traceback" not in driver.said()
    assert "nobody caught" not in environment.home.logged()


@pytest.mark.security("S97")
def test_a_token_that_another_program_brings_back_is_told(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Main desk")
    driver.click("copy_token")
    token = environment.clipboard.until_copied()
    driver.ask("menu", "sign-out")
    environment.clipboard.until_empty()
    environment.clipboard.write(token)
    driver.until_said("on the clipboard again", "Delete it from that program's history")
    environment.clipboard.write("")
