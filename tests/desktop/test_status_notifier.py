"""The icon and its menu in xfce4-panel, which is told of both over D-Bus and draws them itself."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.desktop.conftest import SharedKeyrack
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import in_the_end, wait_until
from tests.desktop.session import Session
from tests.desktop.status_notifier import BusEntry, StatusNotifier
from tests.desktop.xfce_panel import XfcePanel
from tests.sandbox_process import RunningSandbox

TITLE = "Keyrack – Sandbox"
AGAIN = 4.0
SOON = 10.0  # less than the time after which a menu counts as closed in any case
FOR_ALL = ["Refresh all", "Hide amounts", "Keep notices back", "Lock", "Open Keyrack", "Settings…", "Quit"]
LOWEST_ENTRY = 20
NEW = ("accounts", "add", "Late desk", "--provider", "whitebit", "--region", "global", "--client-id", "invented")


@pytest.fixture(scope="module")
def panel(session: Session) -> Iterator[XfcePanel]:
    """The panel in the place of the tray that the other tests have."""
    session.stop_tray()
    panel = XfcePanel(session.home / "xfce", session.env)
    try:
        panel.start()
        yield panel
    finally:
        panel.close()
        session.start_tray()


@pytest.fixture(scope="module")
def scene(session: Session, panel: XfcePanel, keyrack: SharedKeyrack, sandbox: RunningSandbox) -> Iterator[Environment]:
    """One Keyrack beside the panel for all these tests."""
    keyrack.close()
    session.keyring.renew()
    scene = Environment(session.env, session.keyring, sandbox)
    scene.until_all_accounts(scene.start())
    yield scene
    scene.close()


@pytest.fixture
def driver(scene: Environment) -> Iterator[Driver]:
    driver = scene.drivers[0]
    yield driver
    scene.settle(driver)


@pytest.fixture
def item(session: Session, driver: Driver) -> Iterator[StatusNotifier]:
    item = StatusNotifier(session.env["DBUS_SESSION_BUS_ADDRESS"], driver.pid)
    wait_until(item.items, "the item on the bus")
    yield item
    item.close()


def _titles(entries: Sequence[BusEntry]) -> list[str]:
    return [entry.title for entry in entries]


def _all(driver: Driver) -> list[str]:
    """What stands in the menu while nobody is signed in."""
    return [*(f"{name} · sign in" for name in driver.ask("accounts")), *FOR_ALL]


def _icon(panel: XfcePanel) -> list[int]:
    return wait_until(panel.icon, "an icon in the panel")


def _hide(driver: Driver) -> None:
    """Close the window as the window manager does. A key that it missed while it was busy is pressed again."""
    wait_until(lambda: driver.focused() == TITLE, "the focus")

    def press() -> None:
        driver.keys("alt+F4")
        driver.until("shown", None, lambda shown: not shown, "the window to close", AGAIN)

    in_the_end(press)


def _click_until_in_front(panel: XfcePanel, driver: Driver) -> None:
    """Click on the icon. A panel that is just placing it may miss that."""

    def click() -> None:
        driver.click_at(*_icon(panel))
        wait_until(lambda: driver.focused() == TITLE, "the window in front", AGAIN)

    in_the_end(click)


def _opened(panel: XfcePanel, driver: Driver) -> list[int]:
    """Open the menu with the mouse, and close it. Returns where it was on the screen."""
    driver.right_click_at(*_icon(panel))
    place = wait_until(panel.menu, "the menu")
    driver.keys("Escape")
    wait_until(lambda: not panel.menu(), "the menu to close")
    return place


def _kept(item: StatusNotifier, good: Callable[[tuple[BusEntry, ...]], bool], what: str) -> tuple[BusEntry, ...]:
    """The menu's entries once they are as they should be."""

    def look() -> tuple[BusEntry, ...]:
        entries = item.menu()
        return entries if good(entries) else ()

    return wait_until(look, what, SOON)


def _command(scene: Environment, *words: str) -> None:
    done = scene.command(*words, told="an invented secret\n")
    assert done.returncode == 0, done.stderr


def test_the_first_right_click_shows_the_whole_menu(panel: XfcePanel, driver: Driver, item: StatusNotifier) -> None:
    """xfce4-panel showed a menu that was filled anew when it was about to show at the height of the old one."""
    menu = _kept(item, lambda menu: _titles(menu) == _all(driver), "all accounts in the menu")
    entries = _titles(menu)
    item.let_the_panel_catch_up()
    first = _opened(panel, driver)
    assert first[3] >= LOWEST_ENTRY * len(entries)
    assert _opened(panel, driver) == first
    assert _titles(item.menu()) == entries


def test_a_left_click_shows_the_window(panel: XfcePanel, driver: Driver, item: StatusNotifier) -> None:
    _hide(driver)
    _click_until_in_front(panel, driver)


def test_an_open_menu_is_renamed_and_nothing_in_it_is_replaced(
    scene: Environment, driver: Driver, item: StatusNotifier
) -> None:
    """lxqt-panel does not open a menu whose entries are replaced when it is about to show."""
    before = item.menu()
    scene.sign_in(driver, "Main desk")
    driver.until_state("Main desk", "ready")
    item.open()
    after = _kept(item, lambda menu: menu[0].title.startswith("Main desk · "), "the time that is left")
    assert [entry.id for entry in after] == [entry.id for entry in before]
    assert [entry.enabled for entry in before[0].entries] == [False, False, True, True]
    assert all(entry.enabled for entry in after[0].entries)
    item.press(after[0].entries[0])
    assert scene.clipboard.until_copied()
    driver.ask("open", "Main desk")
    driver.ask("menu", "sign-out")
    _kept(item, lambda menu: not menu[0].entries[0].enabled, "the menu without a token to copy")
    item.closed()


def test_accounts_come_and_go_in_a_menu_that_was_seen(
    panel: XfcePanel, scene: Environment, driver: Driver, item: StatusNotifier
) -> None:
    """The panel does not say that it closed the menu, so a choice in it says so."""
    before = item.menu()
    seen = _opened(panel, driver)
    _command(scene, *NEW)
    driver.until("accounts", None, lambda names: "Late desk" in names, "the new account")
    assert item.menu() == before, "nothing moves under the mouse"
    item.press(before[-3])
    added = _kept(item, lambda menu: "Late desk · sign in" in _titles(menu), "the new account in the menu")
    assert _titles(added) == _all(driver)
    item.let_the_panel_catch_up()
    assert _opened(panel, driver)[3] > seen[3]
    item.closed()
    _command(scene, "accounts", "remove", "Late desk", "--yes")
    _kept(item, lambda menu: _titles(menu) == _titles(before), "the menu without it")


def test_a_panel_that_went_away_gets_the_icon_back_and_meanwhile_a_second_start_shows_the_window(
    panel: XfcePanel, scene: Environment, driver: Driver, item: StatusNotifier
) -> None:
    _hide(driver)
    panel.stop()
    again = scene.start_again()
    assert again.returncode == 0, again.stderr
    wait_until(lambda: driver.focused() == TITLE, "the window in front")
    _hide(driver)
    assert driver.ask("minimised"), "nobody could show a hidden window now"
    panel.start()
    wait_until(item.items, "the item on the bus again")
    _click_until_in_front(panel, driver)
    item.let_the_panel_catch_up()
    assert _opened(panel, driver)[3] >= LOWEST_ENTRY * len(item.menu())
