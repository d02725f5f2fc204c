"""The head of the sidebar: the product's logo and name, and the badge of the sandbox."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QWidget

from keyrack.ui.theme.icons import product_icon
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Badge, LargeText

_LOGO = 24


class Brand(QWidget):
    """Logo, name and badge. In a narrow sidebar the badge stands below the logo."""

    def __init__(self, *, sandbox: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setSpacing(GAP_S + 2)
        self._logo = logo = QLabel()
        logo.setPixmap(product_icon().pixmap(theme().px(_LOGO), theme().px(_LOGO)))
        logo.setToolTip(self.tr("Keyrack"))
        self._name = LargeText("Keyrack", "strong")
        self.badge = Badge(self.tr("Sandbox"), "soon")
        self.badge.setObjectName("sandbox_badge")
        self.badge.setVisible(sandbox)
        row.addWidget(logo, 0, Qt.AlignmentFlag.AlignCenter)
        row.addWidget(self._name)
        row.addStretch(1)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignCenter)
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Hide the name, and put the badge below the logo."""
        self._name.setHidden(narrow)
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        side = 0 if narrow else GAP_S
        self._row.setContentsMargins(side, 0, side, 0)

    def set_low(self, *, low: bool) -> None:
        """Leave the height to the accounts: the badge of the sandbox stays."""
        self._logo.setHidden(low)
