"""The small page that sets, changes or removes the lock passphrase."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from keyrack.core.access.lock import LONGEST, LockRefused
from keyrack.core.failures import DraftProblem
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.theme.metrics import GAP_L
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Card, Text
from keyrack.ui.widgets.fields import EnterKey, SecretField, holds_input
from keyrack.ui.widgets.flow_layout import button_row
from keyrack.ui.widgets.scroll_page import ReadingPage

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

_WIDTH = 480


class PassphrasePage(ReadingPage):
    """The current passphrase and the new one twice, each with its problem. `closed` is emitted at the end."""

    closed = Signal()

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._lock = actions.rack.lock
        self._closed = False
        self.old = self._field(self.tr("Passphrase that is set"), "passphrase_old")
        self.new = self._field(self.tr("New passphrase"), "passphrase_new")
        self.again = self._field(self.tr("New passphrase, once more"), "passphrase_again")
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.hide()
        self.save = self._button(PrimaryButton(self._save_text()), "passphrase_save")
        self.remove = self._button(PlainButton(self.tr("Take it away")), "passphrase_none")
        self.cancel = self._button(PlainButton(self.tr("Cancel")), "passphrase_cancel")
        self.save.clicked.connect(self._save)
        EnterKey(self, self._save)
        self.remove.clicked.connect(lambda: self._start(None))
        self.cancel.clicked.connect(self.close_page)
        self._arrange()
        self._disconnects = (
            self._lock.changed.connect(self.refresh),
            actions.tasks.changed.connect(self._tasks_changed),
        )
        self.refresh()

    def _field(self, name: str, id: str) -> SecretField:
        field = SecretField(name)
        field.edit.setObjectName(id)
        field.edit.setMaxLength(LONGEST)
        return field

    def _button(self, button: PlainButton, name: str) -> PlainButton:
        button.setObjectName(name)
        return button

    def _arrange(self) -> None:
        self.title = Text(self.tr("Lock passphrase"), "title", wrap=True)
        self.head.addWidget(self.title, 1)
        card = Card()
        card.body.setSpacing(GAP_L)
        about = self.tr(
            "Keyrack asks for it to unlock. The keyring keeps only what it takes to check it. If you forget it, remove "
            "Keyrack's entry “lock” with the keyring's own program and start Keyrack again."
        )
        card.body.addWidget(Text(about, "second", wrap=True))
        for widget in (KeyringNotice(self._actions), self.old, self.new, self.again, self.problem):
            card.body.addWidget(widget)
        card.body.addLayout(button_row(self.save, self.remove, self.cancel))
        self.page.add_at_most(_WIDTH, card)
        self.page.column.addStretch(1)

    def refresh(self) -> None:
        """Follow whether a passphrase is set."""
        self.old.setVisible(self._lock.has_passphrase)
        self.remove.setVisible(self._lock.has_passphrase)
        self.save.setText(self._save_text())

    def first_focus(self) -> QWidget:
        """The first empty field."""
        fields = (self.old, self.new, self.again) if self._lock.has_passphrase else (self.new, self.again)
        return next((field.edit for field in fields if not field.edit.text()), self.save)

    @property
    def unfinished(self) -> bool:
        """Whether it holds something entered that is to survive leaving and coming back."""
        return holds_input(self)

    def close_page(self) -> None:
        """Drop what was typed, and leave the page if it is open."""
        self._clear()
        if self.isVisible():
            self.closed.emit()

    def escape(self) -> bool:
        """Leave the page."""
        self.close_page()
        return True

    def leave(self) -> None:
        """Stop following the lock, and clear what was typed."""
        self._closed = True
        for disconnect in self._disconnects:
            disconnect()
        self._clear()

    def _clear(self) -> None:
        for field in (self.old, self.new, self.again):
            field.edit.setText("")  # unlike clear, it keeps nothing to undo
            field.show_problem("")
        self.problem.hide()

    def _save_text(self) -> str:
        return self.tr("Change the passphrase") if self._lock.has_passphrase else self.tr("Set the passphrase")

    def _save(self) -> None:
        new, again = Secret(self.new.edit.text()), Secret(self.again.edit.text())
        if new != again:
            _refuse(self.again, self.tr("The two are not the same."))
            return
        self._start(new)

    def _start(self, new: Secret | None) -> None:
        self._actions.tasks.start("set_passphrase", self._set, Secret(self.old.edit.text()), new)

    async def _set(self, old: Secret, new: Secret | None) -> None:
        self.problem.hide()
        try:
            await self._lock.set_passphrase(old, new, prompt=True)
        except Failure as why:
            self._refused(why)
            return
        if self._closed:
            return
        is_set = self.tr("The lock passphrase is set.")
        self._actions.notified.emit(
            "", "fresh", self.tr("The lock passphrase was taken away.") if new is None else is_set
        )
        self.close_page()

    def _refused(self, why: Failure) -> None:
        if self._closed:
            return
        if isinstance(why, DraftProblem):
            _refuse(self.new, why.sentences())
        elif isinstance(why, LockRefused):
            _refuse(self.old, why.sentences())
        else:
            self.problem.setText(why.sentences())
            self.problem.show()

    def _tasks_changed(self, _key: str) -> None:
        for button in (self.save, self.remove):
            button.setEnabled(not self._actions.tasks.running("set_passphrase"))


def _refuse(field: SecretField, text: str) -> None:
    field.show_problem(text)
    field.edit.setFocus()
