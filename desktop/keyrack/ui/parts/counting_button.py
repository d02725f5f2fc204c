"""Buttons that count seconds, of which a screen reader hears nothing."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QStyleOptionButton

from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton


class CountingButton(PrimaryButton):
    """A filled button whose text may count seconds. They are only drawn: a screen reader hears of each `setText`."""

    _counted = ""

    def text(self) -> str:
        """The text that is seen."""
        return self._counted or super().text()

    def told_text(self) -> str:
        """The text that a screen reader is told, for which the button has its width."""
        return super().text()

    def setText(self, text: str) -> None:
        """A text that counts nothing."""
        self._counted = ""
        super().setText(text)
        self.update()

    def count(self, text: str, told: str) -> None:
        """Show a text that counts, for which a screen reader is told one that is as long and does not."""
        if super().text() != told:
            super().setText(told)
        if text != self._counted:
            self._counted = text
            self.update()

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Draw the text that is seen."""
        super().initStyleOption(option)
        if self._counted:
            option.text = self._counted


class CountingPlainButton(CountingButton):
    """The same with a border. It cannot have both kinds above it: Qt crashes in the painting of two such parents."""

    role = PlainButton.role

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button without the ring that lies inside a filled one."""
        PlainButton.paintEvent(self, event)
