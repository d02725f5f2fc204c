"""A button that says which of several choices holds, and opens a menu of them."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from keyrack.primitives.failure import plain
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import set_property

_LONGEST = 28


class ChoiceButton(PlainButton):
    """`chosen` carries the value of the choice. The first choice holds at the beginning."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._name = name
        self.value = next(iter(choices))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        for value, words in choices.items():
            action = self._actions[value] = menu.addAction(plain(words).replace("&", "&&"))
            action.setCheckable(True)
            action.setObjectName(f"choice:{value}")
            action.triggered.connect(lambda _checked=False, value=value: self.choose(value))
            group.addAction(action)
        self.setMenu(menu)
        set_property(self, "menu", value=True)
        self._words = {value: plain(words, _LONGEST) for value, words in choices.items()}
        self._show()

    def choose(self, value: str) -> None:
        """Take another choice."""
        if value != self.value:
            self.value = value
            self._show()
            self.chosen.emit(value)

    def _show(self) -> None:
        self._actions[self.value].setChecked(True)
        self.setText(self._words[self.value].replace("&", "&&"))
        self.setAccessibleName(f"{self._name}: {self._words[self.value]}")
