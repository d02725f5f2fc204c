"""Says that another release was installed while this one runs, and offers to restart."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from keyrack.core.system.program_files import Change
from keyrack.ui.actions.listening import listen
from keyrack.ui.parts.banner import Banner
from keyrack.ui.parts.floating import FloatingBar
from keyrack.ui.safeguards.program_watch import ProgramWatch
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.widgets.buttons import PlainButton

if TYPE_CHECKING:
    from keyrack.core.rack import Rack


class RestartBar(FloatingBar):
    """Has the program's files looked at while the window is visible, and shows what became of them.

    `pressed` asks for the restart. "Later" puts the bar off for a day. It is hidden while Keyrack is locked.
    """

    pressed = Signal()

    def __init__(self, rack: "Rack", watch: ProgramWatch | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rack = rack
        self._watch = watch or ProgramWatch(rack.clock)
        self._said: Change | None = None
        self.banner = Banner("accent", "")
        self.banner.text.setObjectName("restart_text")
        self.later = PlainButton("")
        self.later.setObjectName("restart_later")
        self.later.clicked.connect(self._put_off)
        self.restart = PlainButton(self.tr("Restart"))
        self.restart.setObjectName("restart")
        self.restart.clicked.connect(self.pressed)
        self.banner.add_beside(self.later)
        self.banner.add_beside(self.restart)
        self.column.addWidget(self.banner)
        listen(self, rack.lock.changed, self.tick)
        self.hide()

    def tick(self) -> None:
        """Show what is to be told at this second."""
        change = None if self._rack.lock.locked else self._watch.look()
        if change is not None and change is not self._said:
            self._say(change)
        self._said = change
        self.setVisible(change is not None)

    def first_focus(self) -> QWidget | None:
        """The button that changes nothing."""
        return self.later if self.isVisible() else None

    def show_busy(self, *, busy: bool) -> None:
        """Let nobody press twice."""
        self.restart.setEnabled(not busy)

    def _put_off(self) -> None:
        self._watch.put_off()
        self.tick()

    def _say(self, change: Change) -> None:
        text = self.tr("Keyrack was updated. Restart it to use the new version.")
        later = self.tr("Later")
        if change is Change.REMOVED:
            text = self.tr(
                "Keyrack was removed from this computer. This one goes on until you quit it, and cannot be started "
                "again. Your accounts and settings stay."
            )
            later = self.tr("Close")
        self.banner.set("accent" if change is Change.UPDATED else "soon", text)
        self.later.setText(later)
        self.restart.setVisible(change is Change.UPDATED)
        announce(self, text)
