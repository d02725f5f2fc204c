"""Runs the real Keyrack with its ordinary arguments and, beside it, answers a test's questions on standard input.

    python -m tests.desktop.runner --sandbox --join FILE

One JSON object per line comes in, one goes out. The questions read what is on the screen or find where it is,
so that a test can press it with the X server's own mouse; `press` is for the steps that lead up to it.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

from PySide6 import QtWidgets
from PySide6.QtCore import QObject, QPoint, QSocketNotifier
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QScrollArea,
    QWidget,
)

from keyrack.core.accounts.account import Account
from keyrack.core.status import describe
from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import ElidedText
from keyrack.ui.window.main_window import MainWindow

_LONGEST = 65536


class QuestionReader(QObject):
    """Reads questions while the event loop runs and writes each answer at once."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._waiting = b""
        self._answers = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)  # whatever the program prints goes to the log, not between the answers
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)

    def _hear(self) -> None:
        data = os.read(0, _LONGEST)
        if not data:
            self._notifier.setEnabled(False)
        *lines, self._waiting = (self._waiting + data).split(b"\n")
        for line in lines:
            print(json.dumps(answered(json.loads(line))), file=self._answers)


def answered(question: dict[str, Any]) -> dict[str, Any]:
    """The answer, or what went wrong in `problem`."""
    try:
        ((verb, told),) = question.items()
        return {"answer": VERBS[verb](told)}
    except (LookupError, ValueError, AttributeError) as problem:
        return {"problem": f"{type(problem).__name__}: {problem}"}


def window() -> MainWindow:
    """Keyrack's window."""
    found = [top for top in QApplication.topLevelWidgets() if isinstance(top, MainWindow)]
    if not found:
        raise LookupError("no window yet")
    return found[0]


def _rack() -> Any:
    contents = window().contents
    if contents is None:
        raise LookupError("the window is not filled yet")
    return contents.rack


def _account(name: str) -> Account:
    found = _rack().accounts.named(name)
    if not isinstance(found, Account):
        raise LookupError(f"no account {name}")
    return found


def _shown(name: str) -> QWidget:
    """The visible widget of this object name. "account:NAME" and "card:NAME" take an account's name for its id."""
    kind, _, rest = name.partition(":")
    if kind in ("account", "card"):
        name = f"{kind}:{_account(rest).id}"
    found = [widget for widget in window().findChildren(QWidget, name) if widget.isVisible()]
    if len(found) != 1:
        raise LookupError(f"{len(found)} visible widgets are called {name}")
    return found[0]


def _where(name: str) -> list[int]:
    """The middle of a widget on the screen, after it was scrolled to."""
    widget = _shown(name)
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
    middle = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
    return [middle.x(), middle.y()]


def _text(widget: QWidget) -> str:
    if isinstance(widget, ElidedText):
        return widget.full_text()
    if isinstance(widget, QLineEdit):
        return widget.displayText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def texts() -> Iterator[str]:
    for widget in window().findChildren(QWidget):
        if widget.isVisible() and (text := _text(widget)):
            yield text


def _rows(name: str) -> list[list[str]]:
    """What a table shows, row by row."""
    table = _shown(name)
    if not isinstance(table, QAbstractItemView):
        raise LookupError(f"{name} is no table")
    model = table.model()
    columns = range(model.columnCount())
    return [[str(model.index(row, column).data() or "") for column in columns] for row in range(model.rowCount())]


def _state(name: str) -> dict[str, Any]:
    """The words of the command line's contract for an account, and the names that the window gives it."""
    account, rack = _account(name), _rack()
    status = describe(account, rack.clock)
    step = getattr(account.state, "step", "")
    return {"name": status.name, "reason": status.reason, "step": step, "left": status.left, "id": account.id}


def _press(name: str) -> None:
    widget = _shown(name)
    if isinstance(widget, AccountCard):
        widget.opened.emit(_account(name.partition(":")[2]).id)
    elif isinstance(widget, QAbstractButton):
        widget.click()
    else:
        raise ValueError(f"{name} is not a button")


def _menu(name: str) -> None:
    """Choose from the pane's menu."""
    contents = window().contents
    pane = contents.pages.pane if contents is not None else None
    if pane is None:
        raise LookupError("no pane is open")
    pane.header.fill_menu()
    action = next(action for action in pane.header.menu.actions() if action.objectName() == f"menu_{name}")
    if not action.isEnabled():
        raise LookupError(f"{name} cannot be chosen now")
    action.trigger()


def _choose(name: str) -> None:
    """Choose from a menu of the window."""
    (action,) = window().findChildren(QAction, name)
    action.trigger()


def _tips() -> list[str]:
    """The tooltips of everything of ours that has one, the tray icon included."""
    return [tip for top in QApplication.allWidgets() if (tip := top.toolTip())]


def _ground() -> list[int]:
    """A place on the screen where nothing but the page's ground is: just inside the window's lower right corner."""
    place = window().mapToGlobal(QPoint(window().width() - 3, window().height() - 3))
    return [place.x(), place.y()]


def _tray_tip() -> str:
    """The tooltip that is on the screen now, "" for none."""
    shown = [top for top in QApplication.topLevelWidgets() if top.isVisible() and isinstance(top, QLabel)]
    return shown[0].text() if shown else ""


def _focus() -> list[str]:
    """The name of what has the keyboard's focus, and what tells it from every other. Nothing while none has it."""
    control = QApplication.focusWidget()
    return [control.objectName(), str(control)] if control is not None else []


def _popup() -> list[str]:
    """The entries of the menu that is on the screen now, [] for none."""
    shown = [top for top in QApplication.topLevelWidgets() if top.isVisible() and isinstance(top, QMenu)]
    return [action.text() for menu in shown for action in menu.actions() if not action.isSeparator()]


def _put_notices_away() -> None:
    """Close the notices that lie over the tray. One that is under the mouse would stay for ever."""
    for top in QApplication.topLevelWidgets():
        if top.metaObject().className() == "QBalloonTip":
            top.close()


def _frame() -> list[int]:
    """Left, top, right and bottom of the window with the window manager's frame."""
    frame = window().frameGeometry()
    return [frame.left(), frame.top(), frame.right(), frame.bottom()]


def _page() -> str:
    """The account whose pane is open, "" for any other page."""
    contents = window().contents
    pane = contents.pages.pane if contents is not None else None
    return pane.account.settings.name if pane is not None else ""


def _scheme(name: str | None) -> None:
    theme().use("dark" if name == "dark" else "light" if name == "light" else None)


VERBS: dict[str, Callable[[Any], Any]] = {
    "filled": lambda _: _rack() is not None,
    "accounts": lambda _: [_rack().accounts.find(id).settings.name for id in _rack().arrangement.ids()],
    "state": _state,
    "where": _where,
    "visible": lambda name: any(widget.isVisible() for widget in window().findChildren(QWidget, name)),
    "text": lambda name: _text(_shown(name)),
    "rows": _rows,
    "texts": lambda _: list(texts()),
    "tray_tip": lambda _: _tray_tip(),
    "popup": lambda _: _popup(),
    "focus": lambda _: _focus(),
    "put_notices_away": lambda _: _put_notices_away(),
    "in_task_bar": lambda _: window().isVisible() and window().isMinimized(),
    "minimised": lambda _: window().isMinimized(),
    "tips": lambda _: _tips(),
    "press": _press,
    "menu": _menu,
    "choose": _choose,
    "open": lambda name: window().contents.open(_account(name).id if name else ""),  # type: ignore[union-attr]
    "scheme": _scheme,
    "ground": lambda _: _ground(),
    "size": lambda _: [window().width(), window().height()],
    "frame": lambda _: _frame(),
    "page": lambda _: _page(),
    "vault": lambda _: _rack().vault_name,
    "shown": lambda _: window().isVisible() and not window().isMinimized(),
}


class AnsweringApplication(QApplication):
    """The application, which also answers the questions of a test."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.questions = QuestionReader(self)
        theme().allow_motion(allowed=False)  # a picture shows a page and not the way to it


def main() -> int:
    """Run Keyrack. Returns its exit code."""
    QtWidgets.QApplication = AnsweringApplication  # type: ignore[misc, assignment]
    from keyrack.__main__ import main as keyrack  # noqa: PLC0415 - it takes the name that was just put there

    return keyrack()


if __name__ == "__main__":
    sys.exit(main())
