"""A sentence across a page, with an icon and what can be done about it."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_M, GAP_S, ICON
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Text, set_property
from keyrack.ui.widgets.flow_layout import FlowLayout, TurningRow

BannerKind = Literal["accent", "fresh", "soon", "urgent", "off"]

# What the sentence needs beside its button.
_SENTENCE = 100
_BANNER_ICON: dict[BannerKind, str] = {
    "accent": "info",
    "fresh": "check-circle",
    "soon": "alert",
    "urgent": "alert",
    "off": "info",
}


class Banner(QFrame):
    """A sentence across the page with an icon and at most one action (text, what to do)."""

    def __init__(
        self,
        kind: BannerKind,
        text: str,
        action: tuple[str, Callable[[], object]] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("kind", kind)
        row = TurningRow(_SENTENCE, self, of_first=True)
        row.setContentsMargins(GAP_M, GAP_S, GAP_S, GAP_S)
        row.setSpacing(GAP_M)
        self._sign = QLabel()
        self.text = Text(text, wrap=True)
        self.button: PlainButton | None = None
        said = QHBoxLayout()
        said.setSpacing(GAP_M)
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        said.addWidget(self.text, 1)
        column, self._below = QVBoxLayout(), FlowLayout()
        self._below.setContentsMargins(theme().px(ICON) + GAP_M, 0, 0, 0)
        column.addLayout(said)
        column.addLayout(self._below)
        row.addLayout(column, 1)
        self._beside = QHBoxLayout()
        self._beside.setSpacing(GAP_S)
        row.addLayout(self._beside)
        self._icon = Icon(_BANNER_ICON[kind], kind)
        self._icon.put_on(self._sign)
        if action is not None:
            words, do = action
            self.button = PlainButton(words)
            self.button.clicked.connect(lambda _checked=False: do())
            self.add_beside(self.button)

    def add_beside(self, button: PlainButton) -> None:
        """One more button at the right, for a short sentence. They stand below it together where there is no room."""
        self._beside.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)

    def add(self, button: PlainButton) -> None:
        """One more button, below the sentence, which is to have the width of the page."""
        self._below.addWidget(button)

    def set(self, kind: BannerKind, text: str) -> None:
        """Another sentence, perhaps in another tone."""
        self.text.setText(text)
        set_property(self, "kind", kind)
        self._icon.become(_BANNER_ICON[kind], kind)
