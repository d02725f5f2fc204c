"""The overview on a real screen: sign in to all, find, copy from a hit, another order, the list."""

from pathlib import Path

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.session import Session


def drag(driver: Driver, name: str, to: str) -> None:
    """Drag a card with the X server's mouse to the left half of another one."""
    x, y = driver.settled(name)
    there_x, there_y = driver.settled(to)
    driver.drag((x, y), (there_x - 60, there_y))


def test_many_accounts_by_mouse_and_keys(environment: Environment, session: Session, artefacts: Path) -> None:
    driver = environment.start()
    driver.until_said("Own provider by token")
    driver.click("sign_in_all")
    driver.until_said("All ", " are signed in.")
    for name in ("Main desk", "Seoul desk"):
        driver.until_state(name, "ready")
    driver.type("find_account", "korea")
    driver.until("visible", "card:Main desk", lambda shown: not shown, "the one hit")
    driver.keys("ctrl+c")
    assert len(environment.clipboard.until_copied()) >= 16
    session.screenshot(artefacts / "overview-found.png")
    driver.keys("Escape", "Escape")
    driver.until("where", "card:Archive", bool, "all cards")
    drag(driver, "card:Seoul desk", "card:Main desk")
    driver.until("where", "card:Seoul desk", lambda place: place < driver.ask("where", "card:Main desk"), "the order")
    session.screenshot(artefacts / "overview-ordered.png")
    driver.click("layout_list")
    driver.until_shown("layout_list")
    session.screenshot(artefacts / "overview-list.png")
