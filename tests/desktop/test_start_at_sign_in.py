"""A start by the desktop itself: nothing but the icon in the tray, until the person comes."""

from tests.desktop.environment import Environment
from tests.desktop.programs import in_the_end, wait_until
from tests.desktop.session import Session

AGAIN = 4.0
STALE = """\
[Desktop Entry]
Type=Application
TryExec=/gone/keyrack
Exec="/gone/keyrack" "--at-login"
"""


def test_it_is_seen_in_the_tray_alone_and_its_icon_opens_the_window(environment: Environment, session: Session) -> None:
    driver = environment.start_real("--at-login")
    driver.until("in_task_bar", None, lambda there: not there, "the window to leave the task bar")
    assert not driver.ask("shown")

    def press() -> None:
        """The icon moves while the tray makes room for it."""
        driver.click_at(*wait_until(lambda: session.icon_at("Keyrack"), "an icon in the tray"))
        driver.until("shown", None, bool, "the window on the screen", AGAIN)

    in_the_end(press)
    assert driver.terminate() == 0


def test_without_a_tray_it_waits_in_the_task_bar(environment: Environment, session: Session) -> None:
    session.stop_tray()
    try:
        driver = environment.start_real("--at-login")
        driver.until("in_task_bar", None, bool, "a minimised window")
    finally:
        session.start_tray()
    driver.until("in_task_bar", None, lambda there: not there, "the window to leave the task bar")
    assert driver.terminate() == 0


def test_the_window_comes_where_that_was_chosen(environment: Environment) -> None:
    file = environment.home.folder / ".config/keyrack/settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("start_hidden = false\n")
    driver = environment.start_real("--at-login")
    driver.until("shown", None, bool, "the window on the screen")
    assert driver.terminate() == 0


def test_a_start_by_hand_from_a_new_place_mends_the_entry(environment: Environment) -> None:
    entry = environment.home.folder / ".config/autostart/keyrack.desktop"
    entry.parent.mkdir(parents=True, exist_ok=True)
    entry.write_text(STALE)
    driver = environment.start_real()
    wait_until(lambda: "/gone/" not in entry.read_text(), "the entry to name this program")
    assert driver.terminate() == 0
