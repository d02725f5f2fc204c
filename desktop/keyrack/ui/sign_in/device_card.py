"""The card of a sign-in that is approved on any device: the code, where to enter it, and a QR code (RFC 8628)."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from keyrack.core.accounts.state import Authorizing
from keyrack.ui.sign_in.step_card import StepCard
from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout
from keyrack.ui.widgets.qr_view import QrView

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.oauth.endpoints.device import DeviceAuthorization
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.text.state_text import AccountView

_TURNS_BELOW = 400
_LARGE_TEXT = 1.6


class DeviceCard(StepCard):
    """The code, the page to enter it on, and how long it works. The code is for the person and is in no log."""

    def __init__(self, account: "Account", provider: str, actions: "Actions", parent: QWidget | None = None) -> None:
        self.qr = QrView()
        super().__init__(self.qr, parent, turns_below=_TURNS_BELOW)
        self._account = account
        self._provider = provider
        self._actions = actions
        # In large text the largest size would be wider than a small window.
        self.code = Text(role="countdown" if theme().scale < _LARGE_TEXT else "title")
        self.code.setObjectName("device_user_code")
        self.address = Text(role="second", wrap=True)
        self.address.setObjectName("device_address")
        self.hint = Text(self.tr("The picture opens the page with the code filled in."), "caption", wrap=True)
        for label in (self.code, self.address):
            label.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._arrange(self._buttons())

    def _buttons(self) -> QWidget:
        holder = QWidget()
        line = FlowLayout(holder)
        self.open = PlainButton(self.tr("Open the page"), "external")
        self.copy_code = PlainButton(self.tr("Copy code"), "copy")
        self.copy_address = PlainButton(self.tr("Copy address"), "link")
        for button, name, press in (
            (self.open, "open_device_page", self._open),
            (self.copy_code, "copy_device_code", self._copy_code),
            (self.copy_address, "copy_device_address", self._copy_address),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _=False, press=press: press())
            line.addWidget(button)
        return holder

    def _arrange(self, buttons: QWidget) -> None:
        self.column.addSpacing(GAP_S)
        self.column.addWidget(self.code)
        self.column.addWidget(self.address)
        self.column.addSpacing(GAP_M)
        self.column.addWidget(buttons)
        self.column.addWidget(self.hint)
        self.column.addStretch(1)

    def _device(self) -> "DeviceAuthorization | None":
        state = self._account.state
        return state.device if isinstance(state, Authorizing) else None

    def refresh(self, view: "AccountView") -> None:
        """Show the code. When no such sign-in runs, the last code is removed."""
        device = self._device()
        set_text(self.headline, view.headline())
        sentence = self.tr("Open this page on any device, enter the code and approve. Keyrack goes on by itself.")
        set_text(self.sentence, sentence)
        set_text(self.code, device.user_code if device else "")
        set_text(self.address, device.verification_uri if device else "")
        # Without an address that holds the code, the picture still saves typing the page's.
        self.qr.show_address((device.complete or device.verification_uri) if device else "")
        self.qr.setVisible(self.qr.drawn)
        self.hint.setVisible(self.qr.drawn and bool(device and device.complete))
        self.copy_code.setText(self.tr("Copy code"))
        self.copy_address.setText(self.tr("Copy address"))
        self.tick(view)

    def first_focus(self) -> QWidget:
        """The button that opens the page."""
        return self.open

    def _open(self) -> None:
        # Without the code: what a browser is started with can be read by every user of the computer (S36).
        device = self._device()
        if device is not None:
            self._actions.open_page(device.verification_uri)

    def _copy_code(self) -> None:
        device = self._device()
        if device is not None:
            self._actions.copying.text(device.user_code)
            self.copy_code.setText(self.tr("Code copied"))

    def _copy_address(self) -> None:
        device = self._device()
        if device is not None:
            self._actions.copying.text(device.verification_uri)
            self.copy_address.setText(self.tr("Address copied"))
