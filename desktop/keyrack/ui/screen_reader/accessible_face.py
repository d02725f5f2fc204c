"""Gives widgets of ours the role, the state and the action that a screen reader expects of them.

PySide6 6.11 lets Python choose the role, name, state, actions and children of an accessible object. It cannot hand out
its other interfaces, because `interface_cast` returns a bare pointer. So a heading has no level, and a bar no value.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QLabel, QWidget

Role = QAccessible.Role
_Class = TypeVar("_Class", bound=type[QWidget])
_Choose = Callable[[QWidget], Role | None]

_chosen: dict[str, _Choose] = {}


def spoken_as(role: "Role | _Choose") -> Callable[[_Class], _Class]:
    """Have a screen reader take widgets of a class and of its subclasses for `role`, which may depend on the widget.

    None leaves the widget to Qt. A button or an item is pressed by the widget's `click`. Only the controls on it stand
    below it in the tree, because its name and description tell the rest. It is selected as its `selected` says, None
    where nothing is. Below a list stand its `spoken_lines`.
    """

    def note(kind: _Class) -> _Class:
        _chosen[kind.__name__] = (lambda _widget: role) if isinstance(role, Role) else role
        return kind

    return note


def install() -> None:
    """Have Qt ask here first. It asks only while a screen reader runs, and once for each widget."""
    QAccessible.installFactory(_face)


def _face(name: str, subject: QObject) -> QAccessibleInterface | None:
    choose = _chosen.get(name)
    role = choose(subject) if choose is not None and isinstance(subject, QWidget) else None
    if role is None or not isinstance(subject, QWidget):
        return None
    return _FACES.get(role, QAccessibleWidget)(subject, role)


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


class _Pressed(_Over):
    """What is pressed as a whole."""

    def children(self) -> Sequence[QWidget]:
        """The controls on it."""
        return [button for button in self.widget().findChildren(QAbstractButton) if button.isVisible()]

    def state(self) -> QAccessible.State:
        """With whether it is one of several that are selected."""
        state, selected = super().state(), getattr(self.widget(), "selected", None)
        if selected is not None:
            state.selectable = state.multiSelectable = True
            state.selected = bool(selected)
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


class _Item(_Pressed):
    """A line of a list, of which one can be chosen."""

    def state(self) -> QAccessible.State:
        """With whether it is the chosen one, where none are selected."""
        state, widget = super().state(), self.widget()
        if isinstance(widget, QAbstractButton) and widget.isCheckable() and not state.multiSelectable:
            state.selectable = True
            state.selected = widget.isChecked()
        return state

    def parent(self) -> QAccessibleInterface:
        """The list, whatever widgets lie between."""
        above = self.widget().parentWidget()
        while above is not None:
            face = QAccessible.queryAccessibleInterface(above)
            if face.role() == Role.List:
                return face
            above = above.parentWidget()
        return super().parent()


class _Heading(QAccessibleWidget):
    """A label. Qt reads the words of a label only in the role that it gives it itself."""

    def text(self, kind: QAccessible.Text) -> str:
        """Its words as its name."""
        label = self.widget()
        if kind == QAccessible.Text.Name and isinstance(label, QLabel):
            return label.accessibleName() or label.text()
        return super().text(kind)


class _List(_Over):
    """A list without the widgets that only lay it out."""

    def children(self) -> Sequence[QWidget]:
        """Its lines from above."""
        lines = getattr(self.widget(), "spoken_lines", None)
        return lines() if callable(lines) else ()


_FACES: dict[Role, Callable[[QWidget, Role], QAccessibleWidget]] = {
    Role.Button: _Pressed,
    Role.ListItem: _Item,
    Role.List: _List,
    Role.Heading: _Heading,
}
