"""A filled button that counts seconds, of which a screen reader hears nothing."""

from PySide6.QtWidgets import QStyleOptionButton

from keyrack.ui.widgets.buttons import PrimaryButton


class CountingButton(PrimaryButton):
    """A filled button whose text may count seconds. They are only drawn: a screen reader hears of each `setText`."""

    _counted = ""

    def text(self) -> str:
        """The text that is seen."""
        return self._counted or super().text()

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
