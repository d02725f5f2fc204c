"""The window as a screen reader finds it: every page read over AT-SPI, and what is told while only time passes."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.desktop.at_spi import Accessible, ScreenReader
from tests.desktop.driver import Driver
from tests.desktop.environment import Environment, come_back, where_it_leads
from tests.desktop.programs import wait_until
from tests.desktop.session import Session

# What a control may be, and what can then be done with it. Into the first ones is written, or the cells are walked.
ACTIONS = {
    "text": "SetFocus",
    "password text": "SetFocus",
    "table": "SetFocus",
    "combo box": "ShowMenu",
    "button menu": "ShowMenu",
    "push button": "Press",
    "toggle button": "Press",
    "list item": "Press",
    "check box": "Toggle",
    "radio button": "Toggle",
    "page tab": "Press",
}
WORDS = ("heading", "label")
# Without the model of a table, whose figures may come each second.
TOLD = ("PropertyChange", "StateChanged", "TextChanged", "Announcement")
TICKS = 4


@pytest.fixture
def reader(session: Session) -> Iterator[ScreenReader]:
    reader = ScreenReader(session.programs, session.env["DBUS_SESSION_BUS_ADDRESS"])
    yield reader
    reader.close()


def faults(tree: Accessible) -> list[str]:
    """What a person who only hears the page would stumble over."""
    found = []
    for each in tree.all():
        control = "focusable" in each.states or each.role in ("push button", "list item")
        if control and not each.name.strip():
            found.append(f"a {each.role} has no name: {each.description}")
        if control and each.description and each.description.split(" (")[0] == each.name:
            found.append(f"{each.name} is said twice: {each.description}")
        if control and each.role == "graphic":  # arrows go through what it shows, and nothing is pressed
            found += [] if each.description.strip() else [f"the graphic {each.name} says nothing"]
        elif control and each.role not in ACTIONS:
            found.append(f"{each.name} is a {each.role}")
        elif control and "sensitive" in each.states and ACTIONS[each.role] not in each.actions:
            found.append(f"the {each.role} {each.name} cannot do {ACTIONS[each.role]}")
        if each.role in WORDS and not each.name.strip() and not each.children:
            found.append(f"an empty {each.role} is shown")
    if not any(each.role == "heading" for each in tree.all()):
        found.append("the page has no heading")
    return found


class Walk:
    """Reads page after page and gathers what is wrong on each."""

    def __init__(self, reader: ScreenReader) -> None:
        self._reader = reader
        self.faults: dict[str, list[str]] = {}

    def look(self, page: str, words: str) -> None:
        """Read the page that shows these words, once it is there."""

        def tree() -> list[Accessible]:
            tree = self._reader.tree()
            return [tree] if any(each.name == words for each in tree.all() if each.role in WORDS) else []

        try:
            tree_of_page = wait_until(tree, f"“{words}” on {page}")[0]
        except AssertionError:
            raise AssertionError(f"{page}: {[each.name for each in self._reader.tree().all()]}") from None
        if found := faults(tree_of_page):
            self.faults[page] = found


@pytest.fixture
def driver(reader: ScreenReader, environment: Environment) -> Driver:
    """A Keyrack with all accounts of the sandbox, and the screen reader that reads it."""
    driver = environment.start()
    environment.until_all_accounts(driver)
    reader.turn_to(driver.pid)
    return driver


def test_every_page_can_be_heard_and_pressed(environment: Environment, driver: Driver, reader: ScreenReader) -> None:
    walk = Walk(reader)
    walk.look("the overview", "Overview")
    driver.ask("open", "Main desk")
    walk.look("a pane, signed out", "Main desk")
    environment.sign_in(driver, "Main desk")
    driver.until("rows", "balances_table", bool, "balances")
    walk.look("a pane, signed in", "Fresh")
    for form, heading in (
        ("edit", "Rename"),
        ("key", "Edit credentials"),
        ("code", "Scripts"),
        ("trash", "Remove “Main desk”?"),
    ):
        driver.ask("menu", form)
        walk.look(f"the form {form}", heading)
        driver.ask("press", "inline_cancel")
    for name in ("Archive", "Uphold cards", "Trading key", "Own provider by token"):
        driver.ask("open", name)
        walk.look(f"{name}, signed out", name)
    driver.ask("open", "Archive")
    driver.ask("press", "sign_in")
    come_back(where_it_leads(environment.home.next_address()))
    walk.look("a question", "Is this the right account?")
    driver.ask("press", "cancel")
    driver.ask("open", "Trading")
    driver.ask("press", "sign_in")
    walk.look("a sign-in in the browser", "Waiting for the browser")
    driver.ask("press", "cancel")
    driver.ask("open", "Main desk")
    environment.sandbox.fault("probit", "*", "html:502")
    driver.keys("F5")
    driver.until_state("Main desk", "retrying")
    walk.look("a pane, trying again", "Trying again")
    driver.ask("open", "")
    walk.look("the overview with a value", "Overview")
    driver.ask("press", "layout_list")
    walk.look("the list", "Overview")
    line = reader.tree().find("push button", "Main desk")
    assert re.fullmatch(r"Trying again\. ≈.+\. ProBit, Global\.", line.description), line.description
    assert "selected" in reader.tree().find("list item", "Overview").states
    look_at_the_other_pages(driver, walk)
    assert walk.faults == {}


def look_at_the_other_pages(driver: Driver, walk: Walk) -> None:
    for steps, words in (
        (["add_account"], "Which exchange or service?"),
        (["provider:whitebit"], "Which site is the account at?"),
        (["region:global"], "Credentials"),
        (["back", "back", "import_provider"], "From a file on this computer"),
    ):
        for step in steps:
            driver.ask("press", step)
        walk.look(f"adding an account at {steps[-1]}", words)
    driver.ask("open", "")
    for action, heading in (("menu_connection", "How Keyrack connects"), ("menu_passphrase", "Lock passphrase")):
        driver.ask("choose", action)
        walk.look(action, heading)
    driver.keys("ctrl+l")
    walk.look("the lock", "Keyrack is locked")


def times(driver: Driver) -> list[str]:
    """The times left that are counted down in the window."""
    return [text for text in driver.ask("texts") if re.fullmatch(r"\d+:\d\d", text)]


def next_second(driver: Driver) -> None:
    before = times(driver)
    wait_until(lambda: times(driver) != before, "the next second")


def told_while_time_passes(driver: Driver, reader: ScreenReader) -> list[str]:
    """What the window tells during some seconds, each with the name of who tells it."""
    next_second(driver)  # the page is complete then
    with reader.listening() as told:
        for _ in range(TICKS):
            next_second(driver)
        events = [event for event in told() if event.signal in TOLD]
    names = {each.path: each.name or f"the {each.role} {each.path}" for each in reader.tree().all()}
    return [f"{names.get(event.path, event.path)}: {event.what}" for event in events]


def test_a_passing_second_is_told_by_nobody_and_a_minute_once(
    environment: Environment, driver: Driver, reader: ScreenReader
) -> None:
    for name in ("Main desk", "Trading"):
        environment.sign_in(driver, name)
        driver.until("rows", "balances_table", bool, "balances")
    driver.keys("ctrl+h")
    for page, button in (("Trading", ""), ("Main desk", "copy_token"), ("", "layout_cards"), ("", "layout_list")):
        driver.ask("open", page)
        if button:
            driver.ask("press", button)
        told = told_while_time_passes(driver, reader)
        assert [line for line, count in Counter(told).items() if count > 1] == []


def test_what_happens_to_an_account_is_announced_once(
    environment: Environment, driver: Driver, reader: ScreenReader
) -> None:
    environment.sign_in(driver, "Trading")
    driver.until("rows", "balances_table", bool, "balances")
    with reader.listening() as told:

        def announced() -> list[str]:
            return [event.value for event in told() if event.signal == "Announcement"]

        environment.sandbox.fault("whitebit", "*", "html:502")
        driver.keys("F5")
        driver.until_state("Trading", "retrying")
        wait_until(announced, "an announcement")
        environment.sandbox.clear_faults()
        driver.ask("press", "state_action")
        driver.until_state("Trading", "ready")
        wait_until(lambda: len(announced()) > 1, "another announcement")
        driver.ask("press", "copy_token")
        wait_until(lambda: len(announced()) > 2, "the announcement of the copy")
        driver.ask("menu", "trash")
        driver.ask("press", "inline_done")
        wait_until(lambda: len(announced()) > 4, "the announcement of the notice")
        assert announced() == [
            "Trading: Trying again.",
            "Trading: Fresh.",
            "Trading: Token copied to the clipboard.",
            "“Trading” removed. Undo (Ctrl+Z)",
            driver.ask("text", "notice"),
        ]


def test_how_many_are_selected_is_announced(environment: Environment, driver: Driver, reader: ScreenReader) -> None:
    with reader.listening() as told:

        def announced() -> list[str]:
            return [event.value for event in told() if event.signal == "Announcement"]

        driver.click("account:Main desk", held="ctrl")
        wait_until(lambda: len(announced()) > 0, "the first")
        driver.click("account:Seoul desk", held="shift")
        wait_until(lambda: len(announced()) > 1, "the second")
        driver.keys("Escape")
        wait_until(lambda: len(announced()) > 2, "that there is none")
        assert announced() == ["1 account selected", "2 accounts selected", "No account is selected"]
