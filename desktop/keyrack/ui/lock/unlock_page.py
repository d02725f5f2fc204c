"""The page shown in place of every other while Keyrack is locked: the reason, and the way to unlock."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from keyrack.core.access.lock import LONGEST, LockRefused
from keyrack.primitives.secret import Secret
from keyrack.ui.parts.picture_head import PictureHead
from keyrack.ui.parts.rack_drawing import RackDrawing
from keyrack.ui.theme.metrics import GAP_L, GAP_S
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.fields import EnterKey, Field
from keyrack.ui.widgets.flow_layout import button_row
from keyrack.ui.widgets.scroll_page import centred_column
from keyrack.ui.widgets.secret_edit import SecretEdit

if TYPE_CHECKING:
    from keyrack.core.access.lock import Lock
    from keyrack.ui.actions.keyed_tasks import KeyedTasks

_WIDTH = 360
_PICTURE_FROM = 400


class UnlockPage(QWidget):
    """A sentence, the passphrase field where one is set, and Unlock. A problem is shown beside the field.

    `wants_passphrase` is set when the person pressed the button that unlocks and then sets a passphrase.
    """

    def __init__(self, lock: "Lock", tasks: "KeyedTasks", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lock = lock
        self._tasks = tasks
        self._closed = False
        self.wants_passphrase = False
        self.setProperty("role", "page")
        self.setAccessibleName(self.tr("Keyrack is locked"))
        self.rack = RackDrawing(locked=True)
        self.about = Text(role="second", wrap=True)
        self.about.setObjectName("lock_about")
        self.edit = SecretEdit()
        self.edit.setObjectName("lock_passphrase")
        self.edit.setMaxLength(LONGEST)
        self.field = Field(self.tr("Passphrase"), self.edit)
        self.unlock = PrimaryButton(self.tr("Unlock"), "unlock")
        self.unlock.setObjectName("unlock")
        self.open_to_all = Text(
            self.tr("No passphrase is set, so whoever sits here can unlock it."), "caption", tone="soon", wrap=True
        )
        self.set_passphrase = PlainButton(self.tr("Set a passphrase"))
        self.set_passphrase.setObjectName("unlock_and_set")
        self.set_passphrase.clicked.connect(self._press_to_set)
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.setObjectName("lock_problem")
        self.unlock.clicked.connect(self._press)
        EnterKey(self.field, self._press)
        self._arrange()
        self._disconnects = (lock.changed.connect(self.refresh), tasks.changed.connect(self._tasks_changed))
        for disconnect in self._disconnects:
            self.destroyed.connect(disconnect)  # a window that is closed while locked takes the page with it
        self.refresh()

    def _arrange(self) -> None:
        column = centred_column(self, _WIDTH)
        column.setSpacing(GAP_S)
        self.head = PictureHead(self.rack, self.tr("Keyrack is locked"), self.about, _PICTURE_FROM)
        column.addWidget(self.head)
        self.open_to_all.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.open_to_all)
        column.addSpacing(GAP_L)
        column.addWidget(self.field)
        column.addWidget(self.problem)
        column.addSpacing(GAP_S)
        column.addLayout(button_row(self.unlock, self.set_passphrase, centred=True))

    def refresh(self) -> None:
        """Follow the lock."""
        set_text(self.about, self._about())
        self.field.setVisible(self._lock.has_passphrase)
        # While the keyring cannot be read it is not known whether there is one.
        for part in (self.open_to_all, self.set_passphrase):
            part.setVisible(not self._lock.has_passphrase and self._lock.load_failure is None)
        self.problem.setVisible(bool(self.problem.text()))
        self._tasks_changed()
        if self.hasFocus():
            self._focus()

    def leave(self) -> None:
        """Stop following the lock, and clear what was typed."""
        self._closed = True
        for disconnect in self._disconnects:
            disconnect()
        self.edit.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the picture out where the way to unlock would not be seen."""
        super().resizeEvent(event)
        self.head.fit(self.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Set the focus, so that the person can type at once."""
        super().showEvent(event)
        self._focus()

    def first_focus(self) -> QWidget:
        """The field, else Unlock for who has just locked by hand.

        Where it locked by itself, the page: what a person types without looking must not unlock.
        """
        if self._lock.has_passphrase:
            return self.edit
        return self.unlock if self._lock.by_hand else self

    def _focus(self) -> None:
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _about(self) -> str:
        if self._lock.by_hand:
            about = self.tr("No token leaves it until you unlock it. Sign-ins are renewed all the same.")
            return f"{about} {self._of_disk()}" if self._lock.unmarked else about
        return self.tr("It locked by itself. Sign-ins are renewed, and scripts you allowed still get their tokens.")

    def _of_disk(self) -> str:
        return self.tr("A restart would unlock it, because the disk is full or takes no changes.")

    def _press_to_set(self) -> None:
        self.wants_passphrase = True
        self._press()

    def _press(self) -> None:
        typed = self.edit.take() if self._lock.has_passphrase else None
        self._show_problem("")
        self._tasks.start("unlock", self._unlock, typed)

    async def _unlock(self, typed: Secret | None) -> None:
        try:
            if typed is not None:
                await self._lock.unlock(typed)
            elif self._lock.load_failure is not None:
                await self._lock.load(prompt=True)
            # Waiting for the keyring takes long, and a press counts for the lock it was made at.
            if typed is None and not self._closed:
                self._lock.unlock_by_press()
        except LockRefused as why:
            self.wants_passphrase = False
            self._show_problem(why.sentences())
        if not self._closed:
            self._focus()

    def _show_problem(self, text: str) -> None:
        if self._closed:
            return
        has_passphrase = self._lock.has_passphrase
        self.field.show_problem(text if has_passphrase else "")
        set_text(self.problem, "" if has_passphrase else text)
        self.problem.setVisible(bool(text) and not has_passphrase)

    def _tasks_changed(self, _key: str = "") -> None:
        self.unlock.setEnabled(not self._tasks.running("unlock"))
