"""Which accounts go, and what becomes of the sign-ins that cannot be in two places."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from keyrack.ui.parts.callout import Callout
from keyrack.ui.theme.metrics import GAP_S, GRID
from keyrack.ui.widgets.buttons import CheckBox, RadioButton
from keyrack.ui.widgets.controls import Text, set_text

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account


class AccountChoice(QWidget):
    """A box for each account, those ticked that are chosen, or all. `changed` tells of a press."""

    changed = Signal()

    def __init__(self, accounts: "Sequence[Account]", chosen: "Sequence[Account]" = ()) -> None:
        super().__init__()
        self._boxes: list[tuple[Account, CheckBox]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for account in accounts:
            box = CheckBox(account.settings.name.replace("&", "&&"))
            box.setAccessibleName(account.settings.name)
            box.setObjectName(f"export:{account.id}")
            box.setChecked(not chosen or account in chosen)
            box.toggled.connect(self.changed)
            self._boxes.append((account, box))
            column.addWidget(box)

    @property
    def chosen(self) -> "list[Account]":
        """The accounts that are ticked."""
        return [account for account, box in self._boxes if box.isChecked()]

    def first_focus(self) -> QWidget:
        """The first box."""
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
