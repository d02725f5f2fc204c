"""The page shown while there are no accounts."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from keyrack.ui.parts.picture_head import PictureHead
from keyrack.ui.parts.rack_drawing import RackDrawing
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.scroll_page import centred_column
from keyrack.ui.widgets.tile import Tile

_WIDTH = 480
_PICTURE_FROM = 560


class WelcomePage(QWidget):
    """Four ways to begin, and where secrets are stored."""

    add_pressed = Signal()
    sandbox_pressed = Signal()
    import_pressed = Signal()
    take_in_pressed = Signal()

    def __init__(self, vault_name: Callable[[], str], keyring: KeyringNotice, *, can_sandbox: bool) -> None:
        super().__init__()
        self._vault_name = vault_name
        self.keyring = keyring
        keyring.refreshed.connect(self._say_where)
        self.setProperty("role", "page")
        self.add = Tile(
            self.tr("Add an account"),
            self.tr("Sign in to an exchange or a service and keep its tokens fresh."),
            icon="plus",
        )
        self.add.setObjectName("first_add")
        self.sandbox = Tile(
            self.tr("Try it with the built-in sandbox"),
            self.tr("Stand-in exchanges on this computer, with ready accounts. No real secret is touched."),
            icon="sandbox",
        )
        self.sandbox.setObjectName("first_sandbox")
        self.sandbox.setVisible(can_sandbox)
        self.moved = Tile(
            self.tr("Import what Keyrack exported"),
            self.tr("From another computer, or a copy of yours. Or drop the file on this window."),
            icon="storage",
        )
        self.moved.setObjectName("first_take_in")
        self.moved.clicked.connect(self.take_in_pressed)
        self.own = Tile(
            self.tr("Import a provider file"),
            self.tr("For another exchange with standard OAuth: one file, no code."),
            icon="import",
        )
        self.own.setObjectName("first_import")
        self.own.clicked.connect(self.import_pressed)
        self.add.clicked.connect(self.add_pressed)
        self.sandbox.clicked.connect(self.sandbox_pressed)
        self.where = Text("", "second", wrap=True)
        self._say_where()
        self._arrange()
        keyring.refreshed.connect(self._fit_picture)

    def _say_where(self) -> None:
        text = self.tr("Secrets are kept in {keyring} only, never in a file, a log or a message of Keyrack.")
        self.where.setText(text.format(keyring=self._vault_name() or self.tr("your system's keyring")))

    def _arrange(self) -> None:
        column = centred_column(self, _WIDTH)
        column.setSpacing(GAP_M)
        about = Text(
            self.tr("Keyrack signs in, renews in time and shows what each account holds."), "second", wrap=True
        )
        title = self.tr("Your tokens, always fresh")
        self.head = PictureHead(RackDrawing(("product",)), title, about, _PICTURE_FROM)
        column.addWidget(self.head)
        column.addWidget(self.keyring)
        column.addSpacing(GAP_S)
        column.addWidget(self.add)
        column.addWidget(self.moved)
        column.addWidget(self.sandbox)
        column.addWidget(self.own)
        column.addSpacing(GAP_S)
        column.addLayout(self._promise())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the picture out where the ways to begin would not be seen."""
        super().resizeEvent(event)
        self._fit_picture()

    def _fit_picture(self) -> None:
        taken = 0 if self.keyring.isHidden() else self.keyring.sizeHint().height()
        self.head.fit(self.height() - taken)

    def first_focus(self) -> QWidget:
        """The first way to begin."""
        return self.add

    def _promise(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        sign = QLabel()
        Icon("lock", "second").put_on(sign)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.where, 1)
        return row
