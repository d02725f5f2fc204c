"""Decides where the focus goes when a page, a step or a state replaces the control that had it."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid


@runtime_checkable
class Beginning(Protocol):
    """A page, a step or a form that says where the person goes on."""

    def first_focus(self) -> QWidget:
        """The first empty field, the main button, or a control with nothing to press where a press could harm."""
        ...


class PageFocus(QObject):
    """Keeps the focus inside the page that is shown.

    Qt moves the focus of a control that is hidden or switched off to the next one, in the end to the sidebar, where
    the next press of a key would leave the page. `question` keeps the focus that the person gave it.
    """

    def __init__(self, pages: QStackedWidget, question: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._pages = pages
        self._question = question
        self._lost: QWidget | None = None
        self._given: QWidget | None = None
        self._off = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._go_on)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def begin(self) -> None:
        """Put the focus where the person goes on with the page that is shown."""
        focus, first = self._focused(), _first(self._pages.currentWidget())
        asked = focus is not None and self._question.isAncestorOf(focus)
        if first is not None and not asked and not self._pages.isHidden():
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, self._show_focus)  # a page that was just made has no places yet

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._pages.isAncestorOf(now):
            _scroll_to(now)
        if old is None or not self._pages.isAncestorOf(old) or (now is not None and _can_be_used(old)):
            return
        if not self._later.isActive() or old is not self._given:  # else the next button beside it was switched off too
            self._lost, self._off = old, not old.isEnabled()
        self._given = now
        self._later.start()  # until the state is shown as a whole

    def _go_on(self) -> None:
        page, focus = self._pages.currentWidget(), self._focused()
        lost, self._lost, given, self._given = self._lost, None, self._given, None
        if page is None or not self._pages.isVisible() or (focus is not None and focus is not given):
            return  # a form has put it where it belongs
        if lost is None or not isValid(lost) or not lost.isVisible() or not self._off:
            self.begin()
        elif lost.isEnabled():  # its work is done already
            lost.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
            lost.installEventFilter(self)

    def _show_focus(self) -> None:
        focus = self._focused() if isValid(self._pages) else None
        if focus is not None and self._pages.isAncestorOf(focus):
            _scroll_to(focus)

    def _focused(self) -> QWidget | None:
        return self._pages.window().focusWidget()

    def eventFilter(self, control: QObject, event: QEvent) -> bool:
        """Give the focus back to a button that was off only while its work was done."""
        if event.type() == QEvent.Type.EnabledChange and isinstance(control, QWidget) and control.isEnabled():
            control.removeEventFilter(self)
            if self._focused() is self._pages.currentWidget():
                control.setFocus(Qt.FocusReason.OtherFocusReason)
        return False


def _first(page: object) -> QWidget | None:
    return page.first_focus() if isinstance(page, Beginning) else None


def _can_be_used(control: QWidget) -> bool:
    return control.isVisible() and control.isEnabled()


def _scroll_to(control: QWidget) -> None:
    """Have a control be seen that got the focus without Tab."""
    if not isinstance(control, QLineEdit | QAbstractButton | QComboBox):
        return
    above = control.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(control)
        above = above.parentWidget()
