"""Parts of the head of the overview: the eye that hides amounts, the room of a hidden link, and its height."""

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


class InsteadOfLink(QWidget):
    """The room of a link while that is hidden, where no gap is seen. A low page gives it to the accounts."""

    def __init__(self) -> None:
        super().__init__()
        self.low = False
        self._wanted = False

    def stand(self, *, wanted: bool, high: int) -> None:
        """Keep so much room, if it is wanted."""
        self.setFixedHeight(high)
        self._wanted = wanted
        self.setVisible(wanted and not self.low)

    def give_way(self, *, low: bool) -> None:
        """Keep none on a low page."""
        self.low = low
        self.setVisible(self._wanted and not low)


class KeptHeight:
    """The height of a head, at no time lower than before, or what stands below it would move with every state."""

    def __init__(self) -> None:
        self._place: tuple[object, ...] = ()
        self._highest = 0

    def at(self, place: tuple[object, ...], needed: int) -> int:
        """The height that it takes where it needs so much. In another place it begins anew."""
        self._highest = max(needed, self._highest) if place == self._place else needed
        self._place = place
        return self._highest

    def forget(self) -> None:
        """Begin anew, because nobody has seen it meanwhile."""
        self._place = ()
