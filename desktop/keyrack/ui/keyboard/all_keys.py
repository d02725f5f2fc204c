"""The table of all keys. The window's shortcuts and the page of all keys are made from it."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

Place = Literal["window", "account", "list", "selection", "overview", "balances", "forms"]
Does = Literal[
    "add", "undo", "find", "open", "next", "previous", "next_part", "previous_part", "leave", "refresh", "copy", "hide",
    "lock", "paste", "fill_screen", "keys", "help", "activity", "diagnostics", "preferences", "close", "quit",
    "move_up", "move_down", "select_all", "menu", "remove",
]  # fmt: skip

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What some keys do in one place of the window.

    `keys` are alternatives as QKeySequence writes them. `does` is what the window does, None where the control that
    has the focus does it.
    """

    place: Place
    keys: tuple[str, ...]
    sentence: str
    does: Does | None = None


def all_keys() -> tuple[KeyRow, ...]:
    """Every key of the window, as the page shows them."""
    return (
        *_of_window(),
        *_of_account(),
        *_of_list(),
        *_of_selection(),
        *_of_overview(),
        *_of_balances(),
        *_of_forms(),
    )


def place_name(place: Place) -> str:
    """The heading above the keys of a place."""
    return {
        "window": translate("AllKeys", "The whole window"),
        "account": translate("AllKeys", "An account"),
        "list": translate("AllKeys", "The list of accounts"),
        "selection": translate("AllKeys", "Several accounts"),
        "overview": translate("AllKeys", "The overview"),
        "balances": translate("AllKeys", "The balances"),
        "forms": translate("AllKeys", "Forms and questions"),
    }[place]


def _of_window() -> tuple[KeyRow, ...]:
    rows: tuple[tuple[Does, tuple[str, ...], str], ...] = (
        ("add", ("Ctrl+N",), translate("AllKeys", "Add an account, or begin anew with it.")),
        ("undo", ("Ctrl+Z",), translate("AllKeys", "Undo the last removal.")),
        ("keys", ("F1", "Ctrl+/", "Ctrl+?"), translate("AllKeys", "Show all keys, or leave them.")),
        ("help", ("Shift+F1",), translate("AllKeys", "Show the help, or leave it.")),
        ("activity", ("Ctrl+Shift+A",), translate("AllKeys", "Show what happened to all accounts, or leave it.")),
        ("diagnostics", ("Ctrl+Shift+D",), translate("AllKeys", "Show the diagnostics, or leave them.")),
        ("preferences", ("Ctrl+,",), translate("AllKeys", "Show your settings.")),
        ("find", ("Ctrl+F",), translate("AllKeys", "Find something on the page.")),
        ("next_part", ("F6",), translate("AllKeys", "Go on to the page, a question, a message, the list.")),
        ("previous_part", ("Shift+F6",), translate("AllKeys", "Go the other way round.")),
        (
            "leave",
            ("Esc",),
            translate("AllKeys", "Clear Find. Then select none, leave a form or page, or close a message."),
        ),
        ("paste", ("Ctrl+V",), translate("AllKeys", "Take in credentials, or an export, from the clipboard.")),
        ("menu", ("Shift+F10",), translate("AllKeys", "Open the menu of what you are at, as the menu key does.")),
        ("hide", ("Ctrl+H",), translate("AllKeys", "Hide the amounts, or show them again.")),
        ("lock", ("Ctrl+L",), translate("AllKeys", "Lock Keyrack.")),
        ("fill_screen", ("F11",), translate("AllKeys", "Fill the screen, or go back to a window.")),
        ("close", ("Ctrl+W",), translate("AllKeys", "Close the window. Keyrack goes on.")),
        ("quit", ("Ctrl+Q",), translate("AllKeys", "Quit Keyrack.")),
    )
    return tuple(KeyRow("window", keys, sentence, does) for does, keys, sentence in rows)


def _of_account() -> tuple[KeyRow, ...]:
    copy = translate("AllKeys", "Copy the token of the account that is open or chosen.")
    refresh = translate(
        "AllKeys", "Renew the open account now, or those that are selected, on the overview all of them."
    )
    return (KeyRow("account", ("Ctrl+C",), copy, "copy"), KeyRow("account", ("F5",), refresh, "refresh"))


def _of_list() -> tuple[KeyRow, ...]:
    letters = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    numbers = tuple(f"Ctrl+{number}" for number in range(1, 10))
    rows: tuple[tuple[Does | None, tuple[str, ...], str], ...] = (
        ("open", numbers, translate("AllKeys", "Open the first to the ninth account, from anywhere.")),
        ("next", ("Ctrl+PgDown",), translate("AllKeys", "Open the next account, from anywhere.")),
        ("previous", ("Ctrl+PgUp",), translate("AllKeys", "Open the account before, from anywhere.")),
        ("move_up", ("Ctrl+Shift+Up",), translate("AllKeys", "Move the account up.")),
        ("move_down", ("Ctrl+Shift+Down",), translate("AllKeys", "Move the account down.")),
        (None, ("Up", "Down"), translate("AllKeys", "Go one line up or down.")),
        (None, ("PgUp", "PgDown"), translate("AllKeys", "Go a page up or down.")),
        (None, ("Home", "End"), translate("AllKeys", "Go to the first or to the last line.")),
        (None, letters, translate("AllKeys", "Go to the name that begins with what you type.")),
        (None, ("Return", "Space"), translate("AllKeys", "Open the account.")),
    )
    return tuple(KeyRow("list", keys, sentence, does) for does, keys, sentence in rows)


def _of_selection() -> tuple[KeyRow, ...]:
    rows: tuple[tuple[Does | None, tuple[str, ...], str], ...] = (
        ("select_all", ("Ctrl+A",), translate("AllKeys", "Select all accounts that are shown.")),
        (None, ("Ctrl+Space",), translate("AllKeys", "Select the account, or select it no more.")),
        (None, ("Shift+Up", "Shift+Down"), translate("AllKeys", "Select from one account to another.")),
        ("remove", ("Del",), translate("AllKeys", "Remove the selected accounts, or this one, after a question.")),
    )
    return tuple(KeyRow("selection", keys, sentence, does) for does, keys, sentence in rows)


def _of_overview() -> tuple[KeyRow, ...]:
    rows = (
        (("Up", "Down"), translate("AllKeys", "Go to the account above or below.")),
        (("Left", "Right"), translate("AllKeys", "Go to the account before or after this one.")),
        (("Home", "End"), translate("AllKeys", "Go to the first or to the last account.")),
        (tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), translate("AllKeys", "Find the accounts that match what you type.")),
        (("Left", "Right"), translate("AllKeys", "On the line or the bar, hear the point or part before or after.")),
        (("Return", "Space"), translate("AllKeys", "Open the account. In Find, open the first that was found.")),
    )
    return tuple(KeyRow("overview", keys, sentence) for keys, sentence in rows)


def _of_balances() -> tuple[KeyRow, ...]:
    rows = (
        (("Up", "Down"), translate("AllKeys", "Choose the row above or below.")),
        (("Home", "End"), translate("AllKeys", "Go to the first or to the last row.")),
        (("Left", "Right"), translate("AllKeys", "Sort by the column before or after.")),
        (("Return", "Space"), translate("AllKeys", "Sort the other way round.")),
    )
    return tuple(KeyRow("balances", keys, sentence) for keys, sentence in rows)


def _of_forms() -> tuple[KeyRow, ...]:
    rows = (
        (("Tab", "Shift+Tab"), translate("AllKeys", "Go to the next control, or to the one before.")),
        (("Return",), translate("AllKeys", "Send the form, or press the button you are at.")),
        (("Space",), translate("AllKeys", "Press the button, or tick the box you are at.")),
        (("Up", "Down"), translate("AllKeys", "Take another one of several choices.")),
    )
    return tuple(KeyRow("forms", keys, sentence) for keys, sentence in rows)
