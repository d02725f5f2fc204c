"""Says beside a form what keeps the keyring from storing a secret, before one is typed, and what can be done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.parts.banner import Banner
from keyrack.ui.widgets.buttons import PlainButton

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

_TRY = "keyring_try_again"


class KeyringNotice(QWidget):
    """Hidden while nothing is wrong. It has the keyring looked at when it is made, in the keyring's own thread."""

    refreshed = Signal()

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._keyring = actions.rack.keyring
        self.banner = Banner("soon", "")
        self.banner.text.setObjectName("keyring_notice")
        self.again = self._button("keyring_again", self._try_again)
        self.session = self._button("keyring_session", actions.use_memory)
        self.session.setText(self.tr("Go on for this session only"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.banner)
        stops = (self._keyring.changed.connect(self.refresh), actions.tasks.changed.connect(self._task_changed))
        self.destroyed.connect(lambda: [stop() for stop in stops])
        self.refresh()
        self._keyring.wake()

    def _button(self, name: str, press: object) -> PlainButton:
        button = PlainButton("")
        button.setObjectName(name)
        button.clicked.connect(press)
        self.banner.add(button)
        return button

    def refresh(self) -> None:
        """Show what is known of the keyring now."""
        why, memory = self._keyring.why, self._keyring.session_only
        self.again.setVisible(why is not None)
        self.session.setVisible(why is not None)
        if why is not None:
            new = why.code == "keyring_not_set_up"
            self.again.setText(self.tr("Set up the keyring") if new else self.tr("Try again"))
            self.banner.set("soon", why.sentences())
        elif memory:
            text = self.tr(
                "Secrets are kept for this session only. When Keyrack ends, they and your sign-ins are gone."
            )
            self.banner.set("off", text)
        self.setVisible(why is not None or memory)
        self.refreshed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(max(0, layout.totalHeightForWidth(self.width())))
        return super().event(event)

    def _try_again(self) -> None:
        self._actions.tasks.start(_TRY, self._keyring.try_again)

    def _task_changed(self, key: str) -> None:
        if key == _TRY:
            self.again.setEnabled(not self._actions.tasks.running(_TRY))
