"""The icon in a real tray, the window that hides behind it, and a second start."""

import contextlib

import pytest

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import in_the_end, wait_until
from tests.desktop.session import Session

TITLE = "Keyrack – Sandbox"
AGAIN = 4.0


def _icon(session: Session, driver: Driver) -> list[int]:
    """Where the tray shows Keyrack's icon, as soon as it does."""
    return wait_until(lambda: session.icon_at("Keyrack"), f"an icon in the tray\n{driver.said()}")


def _menu(session: Session, driver: Driver) -> list[str]:
    """The entries of the menu. A press that was missed while the tray was busy is made again."""

    def pressed() -> list[str]:
        driver.right_click_at(*_icon(session, driver))
        with contextlib.suppress(AssertionError):
            found: list[str] = driver.until("popup", None, bool, "the menu", AGAIN)
            return found
        return []

    return wait_until(pressed, "the menu")


def _close_by_the_frame(driver: Driver) -> None:
    """Close the window as the window manager does. A key that it missed while it was busy is pressed again."""
    wait_until(lambda: driver.focused() == TITLE, "the focus")

    def press() -> None:
        driver.keys("alt+F4")
        driver.until("shown", None, lambda shown: not shown, "the window to close", AGAIN)

    in_the_end(press)


def _tip(session: Session, driver: Driver) -> str:
    """The tray's tooltip, once the mouse has come to rest on the icon, wherever the tray has put that by now."""

    def hover() -> str:
        driver.move_to(640, 700)
        driver.ask("put_notices_away")
        driver.move_to(*_icon(session, driver))
        return str(driver.until("tray_tip", None, bool, "the tooltip of the tray", AGAIN))

    return in_the_end(hover)


@pytest.mark.security("S85")
def test_closing_hides_the_window_and_the_icon_or_a_second_start_brings_it_back(
    shared: Environment, driver: Driver, session: Session
) -> None:
    x, y = _icon(session, driver)
    _close_by_the_frame(driver)
    wait_until(lambda: TITLE not in driver.titles(), "the window to leave the screen")
    assert driver.process.poll() is None
    driver.click_at(x, y)
    wait_until(lambda: TITLE in driver.titles(), "the window on the screen again")

    _close_by_the_frame(driver)
    wait_until(lambda: TITLE not in driver.titles(), "the window to leave the screen")
    second = shared.start_again()
    assert second.returncode == 0, second.stderr
    wait_until(lambda: driver.focused() == TITLE, "the window in front")


def test_a_right_click_shows_the_accounts_and_what_is_done_with_all(
    shared: Environment, driver: Driver, session: Session
) -> None:
    """The same entries as a panel is told over the bus, in test_status_notifier.py."""
    shared.until_all_accounts(driver)
    entries = _menu(session, driver)
    driver.keys("Escape")
    driver.until("popup", None, lambda entries: not entries, "the menu to close")
    for_all = ["Refresh all", "Hide amounts", "Keep notices back", "Lock", "Open Keyrack", "Settings…", "Quit"]
    assert entries == [*(f"{name} · sign in" for name in driver.ask("accounts")), *for_all]


@pytest.mark.security("S99")
def test_titles_and_tooltips_hold_no_secret(shared: Environment, driver: Driver, session: Session) -> None:
    for name in ("Main desk", "Trading"):
        shared.sign_in(driver, name)
    driver.click("copy_token")
    token = shared.clipboard.until_copied()
    tip = _tip(session, driver)
    assert "2 fresh" in tip
    said = "\n".join([tip, *driver.titles(), *driver.ask("tips"), driver.texts()])
    record = shared.record(driver, "Trading")
    for secret in (token, record["refresh"], record["client_secret"]):
        assert secret not in said


def test_without_a_tray_the_window_is_only_minimised_and_a_tray_that_comes_is_found(
    environment: Environment, session: Session
) -> None:
    session.stop_tray()
    try:
        driver = environment.start()
        _close_by_the_frame(driver)
        assert driver.ask("minimised")
    finally:
        session.start_tray()
    _icon(session, driver)
