"""A card of the page: lines that belong together under a title."""

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.theme.metrics import GAP_L, GAP_S
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import Card, Text
from keyrack.ui.widgets.flow_layout import FlowLayout


class SettingsCard(Card):
    """`lines` are found by their words. What else is added stays where the title is found, or nothing is looked for."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.lines: list[tuple[QWidget, Callable[[str], bool]]] = []
        self.body.setSpacing(GAP_L)
        self.body.addWidget(Text(title, "strong"))

    def add(self, line: QWidget, matches: Callable[[str], bool]) -> None:
        """Add a line, which is shown while it has the words that are looked for."""
        self.body.addWidget(line)
        self.lines.append((line, matches))

    def narrow(self, words: str) -> bool:
        """Show the lines that have these words, all of them where the title has. Returns whether there is any."""
        whole = words.casefold() in self.title.casefold()
        found = False
        for line, matches in self.lines:
            hit = whole or matches(words)
            line.setVisible(hit)
            found = found or hit
        self.setVisible(found)
        return found

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)


class ButtonsCard(SettingsCard):
    """A card of buttons, to which one line adds another."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._row = QWidget()
        self._flow = FlowLayout(self._row, gap=GAP_S)
        self._words: list[str] = []
        super().add(self._row, lambda words: any(words.casefold() in each.casefold() for each in self._words))

    def add_button(self, name: str, text: str, pressed: Callable[[], object]) -> PlainButton:
        """Add a button. `name` is its object name."""
        button = PlainButton(text)
        button.setObjectName(name)
        button.clicked.connect(lambda _checked: pressed())
        self._words.append(text)
        self._flow.addWidget(button)
        return button
