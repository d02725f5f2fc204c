"""The tray's submenu that keeps notices back. Its title says until when."""

from functools import partial

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QMenu, QWidget

from keyrack.ui.integration.snooze import MINUTES, Snooze, end_text, length_text


class SnoozeMenu(QMenu):
    """An entry for each time, and one that ends it, which is always there: a panel may be reading the menu."""

    def __init__(self, snooze: Snooze, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snooze = snooze
        self._lengths = {minutes: self.addAction("") for minutes in MINUTES}
        for minutes, action in self._lengths.items():
            action.triggered.connect(partial(self._begin, minutes))
        self.addSeparator()
        self._end = self.addAction("")
        self._end.triggered.connect(snooze.end)
        snooze.changed.connect(self._follow)
        self._follow()

    def _begin(self, minutes: int, _checked: bool = False) -> None:
        self._snooze.begin(minutes)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._follow()

    def _follow(self) -> None:
        for minutes, action in self._lengths.items():
            action.setText(length_text(minutes))
        self._end.setText(end_text())
        until = self._snooze.until
        kept = self.tr("Notices kept back until {time}").format(time=until)
        self.setTitle(kept if until else self.tr("Keep notices back"))
        self._end.setEnabled(bool(until))
