"""The button that hides all amounts, and stays lit while they are hidden."""

from PySide6.QtWidgets import QWidget

from keyrack.ui.widgets.buttons import IconButton


class PrivacyEye(IconButton):
    """An eye that is crossed out while amounts are hidden. `clicked` carries whether they are to be hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("eye", "", parent)
        self.setObjectName("hide_amounts")
        self.setCheckable(True)
        self.show_private(private=False)

    def show_private(self, *, private: bool) -> None:
        """Show what is chosen, and name what a press does."""
        self.setChecked(private)
        self.icon_shown.become("eye-off" if private else "eye", "accent" if private else "second")
        words = self.tr("Show the hidden amounts") if private else self.tr("Hide amounts")
        self.setAccessibleName(words)
        self.setToolTip(f"{words} (Ctrl+H)")
