"""Which accounts go, and what becomes of the sign-ins that cannot be in two places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from keyrack.ui.parts.callout import Callout
from keyrack.ui.theme.metrics import CONTROL_HEIGHT, GAP_M, GAP_S, GRID
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox, LinkButton, RadioButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account

translate = QCoreApplication.translate
# Of one name, in a designed length. As many stand side by side as have room.
_BOX_LEAST = 176


class AccountChoice(QWidget):
    """A box for each account, those ticked that are chosen, or all. `changed` tells of a press.

    Two links above them tick all or none, and say how many of them are.
    """

    changed = Signal()

    def __init__(self, accounts: "Sequence[Account]", chosen: "Sequence[Account]" = ()) -> None:
        super().__init__()
        self._boxes: list[tuple[Account, CheckBox]] = []
        self.all = self._link("export_all", self.tr("Select all"), ticked=True)
        self.none = self._link("export_none", self.tr("Select none"), ticked=False)
        self.count = Text(role="caption")
        self.count.setObjectName("export_count")
        self.count.setMinimumHeight(theme().px(CONTROL_HEIGHT))  # in the middle beside the links
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        head = QWidget()
        line = FlowLayout(head, gap=GAP_M)
        for widget in (self.all, self.none, self.count):
            line.addWidget(widget)
        column.addWidget(head)
        boxes = FlowLayout(gap=GRID, least=theme().px(_BOX_LEAST))
        for account in accounts:
            box = CheckBox(account.settings.name.replace("&", "&&"))
            box.setAccessibleName(account.settings.name)
            box.setObjectName(f"export:{account.id}")
            box.setChecked(not chosen or account in chosen)
            box.toggled.connect(self._toggled)
            self._boxes.append((account, box))
            boxes.addWidget(box)
        column.addLayout(boxes)
        head.setVisible(len(self._boxes) > 1)
        self._say_count()

    def _link(self, name: str, text: str, *, ticked: bool) -> LinkButton:
        link = LinkButton(text)
        link.setObjectName(name)
        link.clicked.connect(lambda: self._tick_all(ticked))
        return link

    def _tick_all(self, ticked: bool) -> None:
        """Tick all or none, and tell of it once."""
        for _account, box in self._boxes:
            with QSignalBlocker(box):
                box.setChecked(ticked)
        self._toggled()

    def _toggled(self) -> None:
        self._say_count()
        self.changed.emit()

    def _say_count(self) -> None:
        words = translate("State", "{n} of {total}")
        set_text(self.count, words.format(n=len(self.chosen), total=len(self._boxes)))

    @property
    def chosen(self) -> "list[Account]":
        """The accounts that are ticked."""
        return [account for account, box in self._boxes if box.isChecked()]

    def first_focus(self) -> QWidget:
        """What stands first."""
        if len(self._boxes) > 1:
            return self.all
        return self._boxes[0][1] if self._boxes else self


class RotatingChoice(QWidget):
    """Two ways for sign-ins that rotate, and the consequence of the second. It is hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.about = Text(role="second", wrap=True)
        self.about.setObjectName("export_rotating")
        self.stay = RadioButton(self.tr("Leave these here, and sign in again there"))
        self.go = RadioButton(self.tr("Hand these over: they go along, and end here"))
        self.consequence = Callout()
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        column.addWidget(self.about)
        for name, way in (("stay", self.stay), ("hand_over", self.go)):
            way.setObjectName(f"export_{name}")
            self._group.addButton(way)
            column.addWidget(way)
        column.addWidget(self.consequence)
        self.stay.setChecked(True)
        self.go.toggled.connect(self._say_consequence)
        self.hide()

    @property
    def hand_over(self) -> bool:
        """Whether they are handed over."""
        return self.go.isChecked() and not self.isHidden()

    def show_names(self, names: Sequence[str]) -> None:
        """Name the accounts, or hide where there are none."""
        about = self.tr(
            "{names}: each renewal replaces what keeps the sign-in, so that it cannot be in two places at once."
        )
        set_text(self.about, about.format(names=", ".join(names)) if names else "")
        self.setVisible(bool(names))

    def _say_consequence(self, go: bool) -> None:
        words = self.tr(
            "Once the file is written and read back, these accounts are signed out here. Import it soon: a sign-in "
            "that nobody renews ends, at WhiteBIT within ten minutes."
        )
        self.consequence.say(words if go else "")
