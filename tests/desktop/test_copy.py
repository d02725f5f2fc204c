"""A token on the real clipboard: marked, cleared in time, never left behind."""

import time

import pytest

from tests.desktop.conftest import MakeScene
from tests.desktop.programs import wait_until
from tests.desktop.scene import Scene

HINT = "x-kde-passwordManagerHint"


@pytest.mark.security("S94", "S95")
def test_a_copied_token_is_marked_and_cleared_when_its_life_ends(make_scene: MakeScene) -> None:
    scene = make_scene(cap_access=4, cap_refresh=60)
    driver = scene.start()
    scene.sign_in(driver, "Main desk")
    assert scene.clipboard() == ""
    driver.click("copy_token")
    token = scene.until_copied()
    began = time.monotonic()
    assert len(token) >= 16
    targets = scene.clipboard("TARGETS").split()
    assert {HINT, "UTF8_STRING", "text/plain"} <= set(targets)
    assert scene.clipboard(HINT) == "secret"
    assert scene.clipboard(selection="primary") == ""
    assert "PRIMARY" not in scene.clipboard("TARGETS", "primary")
    assert driver.ask("text", "copy_token").startswith("Copied, clears in ")
    wait_until(lambda: scene.clipboard() == "", "the clipboard to be cleared", 6)
    # It had at least half of its 4 s left when it was handed out, and is cleared before it is dead.
    assert 1 < time.monotonic() - began < 5
    driver.until("text", "copy_token", lambda text: text == "Copy token", "the button to be as before")


@pytest.mark.security("S94", "S95")
def test_what_somebody_else_copied_afterwards_stays(make_scene: MakeScene) -> None:
    scene = make_scene(cap_access=4, cap_refresh=60)
    driver = scene.start()
    scene.sign_in(driver, "Main desk")
    driver.keys("ctrl+c")
    scene.until_copied()
    scene.copy_elsewhere("a shopping list")
    driver.until("text", "copy_token", lambda text: text == "Copy token", "the button to be as before")
    assert driver.terminate() == 0
    assert scene.clipboard() == "a shopping list"
    scene.copy_elsewhere("")


@pytest.mark.security("S96")
def test_sigterm_and_sign_out_clear_the_clipboard(scene: Scene) -> None:
    driver = scene.start()
    scene.sign_in(driver, "Main desk")
    driver.click("copy_token")
    scene.until_copied()
    driver.ask("menu", "sign-out")
    wait_until(lambda: scene.clipboard() == "", "the clipboard to be cleared")
    scene.sign_in(driver, "Main desk")
    driver.click("copy_token")
    scene.until_copied()
    with scene.clipboard_manager() as requests:
        began = time.monotonic()
        assert driver.terminate() == 0
        assert time.monotonic() - began < 5
    assert scene.clipboard() == ""
    assert "SAVE_TARGETS" not in requests
