"""Small buttons that stand on a card or a line, one of which copies an account's token."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import SMALL_HEIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton


class SmallButton(PlainButton):
    """A button that fits into a line of text. Tab passes it by: the card or line that it stands on has its own key."""

    role = "small"

    def __init__(self, text: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, icon, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def say_whose(self, words: str, account: str) -> None:
        """Have a screen reader tell it from the same button of another account."""
        name = f"{words}: {account}"
        if self.accessibleName() != name:
            self.setAccessibleName(name)


class CopyButton(SmallButton):
    """Copies the token of the account whose card or line it stands on, which a screen reader knows by its name.

    `words` is whether there is room for a word beside the picture.
    """

    def __init__(self, parent: QWidget, *, words: bool) -> None:
        super().__init__("", parent=parent)
        self._card = parent
        self._words = words
        self._copied: bool | None = None
        self._picture = Icon("copy", "text").put_on(self)
        self.setProperty("bare", not words)
        if not words:
            self.setFixedWidth(theme().px(SMALL_HEIGHT))
        self.show_copied(copied=False)

    def show_copied(self, *, copied: bool) -> None:
        """Say that the token is on the clipboard, or offer it again."""
        text = self.tr("Copied") if copied else self.tr("Copy")
        self.say_whose(text if copied else self.tr("Copy token"), self._card.accessibleName())
        if copied == self._copied:
            return
        self._copied = copied
        self.setText(text if self._words else "")
        self._picture.become("check" if copied else "copy", "fresh" if copied else "text")
        self.setToolTip("" if copied else self.tr("Copy token (Ctrl+C)"))
        self.adjustSize()
