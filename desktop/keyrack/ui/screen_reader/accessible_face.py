"""Gives widgets of ours the role, the state and the action that a screen reader expects of them.

PySide6 6.11 lets Python choose the role, name, state, actions and children of an accessible object. It cannot hand out
its other interfaces, because `interface_cast` returns a bare pointer. So a heading has no level, and a bar no value.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QLabel, QPushButton, QToolButton, QWidget

Role = QAccessible.Role
_Class = TypeVar("_Class", bound=type[QWidget])
_Choose = Callable[[QWidget], Role | None]

_chosen: dict[str, _Choose] = {}


def spoken_as(role: "Role | _Choose") -> Callable[[_Class], _Class]:
    """Have a screen reader take widgets of a class and of its subclasses for `role`, which may depend on the widget.

    None leaves the widget to Qt. A button or an item is pressed by the widget's `click`. Only the controls on it stand
    below it in the tree, because its name and description tell the rest. It is selected as its `selected` says, None
    where nothing is. A button that stays pressed is one that opens more. Below a list stand its `spoken_lines`. What a
    label or a button returns as `told_now` is its description: asked for at each reading, it is current without an
    event for each change.
    """

    def note(kind: _Class) -> _Class:
        _chosen[kind.__name__] = (lambda _widget: role) if isinstance(role, Role) else role
        return kind

    return note


def opening(link: QWidget) -> Role | None:
    """The role of a link that opens something below it, which Qt would take for a check box."""
    return Role.Button if isinstance(link, QAbstractButton) and link.isCheckable() else None


def install() -> None:
    """Have Qt ask here first. It asks only while a screen reader runs, and once for each widget."""
    QAccessible.installFactory(_face)


def _face(name: str, subject: QObject) -> QAccessibleInterface | None:
    if not isinstance(subject, QWidget):
        return None
    choose = _chosen.get(name)
    role = choose(subject) if choose is not None else None
    if role is not None:
        return _FACES.get(role, QAccessibleWidget)(subject, role)
    # Qt asks by these names last, of what it knows nothing better about. A widget that is being deleted, of which
    # nothing must hold on, has no other name any more.
    if subject.metaObject().className() == name:
        return None
    if name in _BUTTONS:
        return _Control(subject, Role.Button)
    return _Laid(subject, _PLAIN[name]) if name in _PLAIN else None


class _Over(QAccessibleWidget):
    """What has other children in the tree than on the screen."""

    def children(self) -> Sequence[QWidget]:
        """The widgets that stand below it in the tree."""
        raise NotImplementedError

    def childCount(self) -> int:
        """How many there are."""
        return len(self.children())

    def child(self, index: int) -> QAccessibleInterface:
        """One of them."""
        return QAccessible.queryAccessibleInterface(self.children()[index])

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Where one of them is, -1 for a stranger."""
        children, sought = list(self.children()), child.object()
        return children.index(sought) if isinstance(sought, QWidget) and sought in children else -1


class _Laid(_Over):
    """What lays others out. Qt would have them read as they were made, so that the way back could come last."""

    def children(self) -> Sequence[QWidget]:
        """Those on it, no one after another that stands below it."""
        direct = self.widget().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        inner = [each for each in direct if not each.isWindow()]
        shown: list[tuple[QRect, QWidget]] = []
        lowest = 0
        for each in inner:
            box, at = each.geometry(), len(shown)
            if each.isHidden():
                continue
            if box.bottom() < lowest:
                below = (place for place, (other, _) in enumerate(shown) if _is_below(other, box))
                at = next(below, at)
            shown.insert(at, (box, each))
            lowest = max(lowest, box.top())
        return [*(each for _, each in shown), *(each for each in inner if each.isHidden())]


def _told_now(widget: QWidget, otherwise: str) -> str:
    """What a widget tells at this moment, where it does."""
    told = getattr(widget, "told_now", None)
    return str(told()) if callable(told) else otherwise


def _beside(name: str, described: str) -> str:
    """What a description says that the name does not. Without one, Qt takes the tooltip: "name" or "name (key)"."""
    more = described.removeprefix(name).strip()
    if more.startswith("(") and more.endswith(")"):
        return more[1:-1]
    return described if more else ""


def _is_below(box: QRect, above: QRect) -> bool:
    """Whether a box stands below another, in the same column."""
    return box.top() > above.bottom() and box.left() <= above.right() and above.left() <= box.right()


class _Pressed(_Over):
    """What is pressed as a whole."""

    def children(self) -> Sequence[QWidget]:
        """The controls on it."""
        return [button for button in self.widget().findChildren(QAbstractButton) if button.isVisible()]

    def text(self, kind: QAccessible.Text) -> str:
        """The words on a button as its name, where it has no other, and what it tells at this moment."""
        widget, text = self.widget(), super().text(kind)
        if kind == QAccessible.Text.Description:
            return _told_now(widget, _beside(self.text(QAccessible.Text.Name), text))
        if kind == QAccessible.Text.Name and not text and isinstance(widget, QAbstractButton):
            return _MNEMONIC.sub(r"\1", QAbstractButton.text(widget))  # one that counts seconds shows another text
        return text

    def state(self) -> QAccessible.State:
        """With whether it is one of several that are selected, and whether what it opens is open."""
        state, widget = super().state(), self.widget()
        selected = getattr(widget, "selected", None)
        if selected is not None:
            state.selectable = state.multiSelectable = True
            state.selected = bool(selected)
        if self.role() == Role.Button and isinstance(widget, QAbstractButton) and widget.isCheckable():
            state.expandable = True
            state.expanded, state.collapsed = widget.isChecked(), not widget.isChecked()
        return state

    def actionNames(self) -> list[str]:
        """It can be pressed, and focused as far as Qt knows a way."""
        press = [QAccessibleActionInterface.pressAction()] if self.widget().isEnabled() else []
        return [*press, *super().actionNames()]

    def doAction(self, name: str) -> None:
        """Press or focus it."""
        if name == QAccessibleActionInterface.pressAction():
            click = getattr(self.widget(), "click", None)
            if callable(click):
                click()
        else:
            super().doAction(name)


class _Control(_Pressed):
    """A button of Qt's in the role that Qt gives it, which it may get only later."""

    def _menu(self) -> bool:
        widget = self.widget()
        return isinstance(widget, QPushButton | QToolButton) and widget.menu() is not None

    def role(self) -> Role:
        """A button with a menu, one that stays pressed, or another one."""
        widget = self.widget()
        if self._menu():
            return Role.ButtonMenu
        return Role.CheckBox if isinstance(widget, QAbstractButton) and widget.isCheckable() else Role.Button

    def state(self) -> QAccessible.State:
        """With whether it is pressed, stays so, and has a menu."""
        state, widget = super().state(), self.widget()
        if isinstance(widget, QAbstractButton):
            state.pressed, state.checkable, state.checked = widget.isDown(), widget.isCheckable(), widget.isChecked()
        state.hasPopup = self._menu()
        return state

    def actionNames(self) -> list[str]:
        """What Qt tells of such a button."""
        names, press = super().actionNames(), QAccessibleActionInterface.pressAction()
        if press in names and self._menu():
            return [QAccessibleActionInterface.showMenuAction(), *(name for name in names if name != press)]
        toggles = press in names and self.role() == Role.CheckBox
        return [QAccessibleActionInterface.toggleAction(), *names] if toggles else names

    def doAction(self, name: str) -> None:
        """Press it, whatever that is called, open its menu, or focus it."""
        widget, interface = self.widget(), QAccessibleActionInterface
        if name == interface.showMenuAction() and isinstance(widget, QPushButton | QToolButton):
            widget.showMenu()
        else:
            super().doAction(interface.pressAction() if name == interface.toggleAction() else name)


class _Chosen(_Pressed):
    """What one of several can be."""

    def state(self) -> QAccessible.State:
        """With whether it is the chosen one, where none are selected."""
        state, widget = super().state(), self.widget()
        if isinstance(widget, QAbstractButton) and widget.isCheckable() and not state.multiSelectable:
            state.selectable = True
            state.selected = widget.isChecked()
        return state


class _Item(_Chosen):
    """A line of a list."""

    def parent(self) -> QAccessibleInterface:
        """The list, whatever widgets lie between."""
        above = self.widget().parentWidget()
        while above is not None:
            face = QAccessible.queryAccessibleInterface(above)
            if face.role() == Role.List:
                return face
            above = above.parentWidget()
        return super().parent()


class _Radio(_Pressed):
    """A button of which one of a group stays pressed."""

    def state(self) -> QAccessible.State:
        """With whether it is that one."""
        state, widget = super().state(), self.widget()
        state.checkable, state.checked = True, isinstance(widget, QAbstractButton) and widget.isChecked()
        return state

    def actionNames(self) -> list[str]:
        """It is pressed by the name that Qt uses for its own ones."""
        toggle = [QAccessibleActionInterface.toggleAction()] if self.widget().isEnabled() else []
        return [*toggle, *super().actionNames()]

    def doAction(self, name: str) -> None:
        """Press or focus it."""
        toggles = name == QAccessibleActionInterface.toggleAction()
        super().doAction(QAccessibleActionInterface.pressAction() if toggles else name)


class _Heading(QAccessibleWidget):
    """A label. Qt reads the words of a label only in the role that it gives it itself."""

    def text(self, kind: QAccessible.Text) -> str:
        """Its words as its name."""
        label = self.widget()
        if kind == QAccessible.Text.Name and isinstance(label, QLabel):
            return label.accessibleName() or label.text()
        return super().text(kind)


class _Told(QAccessibleWidget):
    """A label with a steady name."""

    def text(self, kind: QAccessible.Text) -> str:
        """What it tells at this moment as its description."""
        text = super().text(kind)
        return _told_now(self.widget(), text) if kind == QAccessible.Text.Description else text


class _List(_Over):
    """A list without the widgets that only lay it out."""

    def children(self) -> Sequence[QWidget]:
        """Its lines from above."""
        lines = getattr(self.widget(), "spoken_lines", None)
        return lines() if callable(lines) else ()


_BUTTONS = ("QAbstractButton", "QPushButton", "QToolButton")
_MNEMONIC = re.compile("&(.)")
_PLAIN = {"QWidget": Role.Client, "QFrame": Role.Border}
_FACES: dict[Role, Callable[[QWidget, Role], QAccessibleWidget]] = {
    Role.Button: _Pressed,
    Role.ListItem: _Item,
    Role.PageTab: _Chosen,
    Role.RadioButton: _Radio,
    Role.List: _List,
    Role.Heading: _Heading,
    Role.StaticText: _Told,
}
