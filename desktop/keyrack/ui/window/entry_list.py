"""The scrolling list of accounts in the sidebar, with a title above the accounts of each exchange."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.metrics import GAP_M, GAP_S, GRID
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.scroll_page import ScrollPage
from keyrack.ui.window.sidebar_entry import HIGH, AccountEntry


@dataclass(frozen=True, slots=True)
class Group:
    """Entries that stand together, and the title above them. `id` names the group."""

    id: str
    title: str
    entries: Sequence[AccountEntry]


@spoken_as(Role.List)
class EntryList(ScrollPage):
    """Adding, moving or removing an entry touches no other one."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[Group] = ()
        self._entries: list[AccountEntry] = []
        self._titles: dict[str, Text] = {}
        self._narrow = False
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("Accounts"))
        self.column.setSpacing(2)
        self.column.addStretch(1)

    def follow(self, groups: Sequence[Group]) -> None:
        """Show these entries in this order. A new one is added where it belongs."""
        self._groups = groups
        self._entries = [entry for group in groups for entry in group.entries]
        for id in self._titles.keys() - {group.id for group in groups}:
            self._discard(self._titles.pop(id))
        at = 0
        for group in groups:
            title = self._titles.get(group.id) or self._titles.setdefault(group.id, _title(group.title))
            for widget in (title, *group.entries):
                at = self._put(widget, at)
        # What is shown lays the list out at once, in the room that it has had. The page grows only at this request.
        self.column.update()

    def _put(self, widget: QWidget, at: int) -> int:
        """Have a widget stand at a place. Returns the next place."""
        item = self.column.itemAt(at)
        if item is None or item.widget() is not widget:
            if widget.parent() is None and isinstance(widget, AccountEntry):
                widget.set_narrow(self._narrow)
            self.column.removeWidget(widget)
            self.column.insertWidget(at, widget)
            if self._narrow and not isinstance(widget, AccountEntry):
                widget.hide()
        return at + 1

    def remove(self, entry: AccountEntry) -> None:
        """Remove an entry. Its title goes when the list is followed again."""
        self._discard(entry)

    def _discard(self, widget: QWidget) -> None:
        self.column.removeWidget(widget)
        widget.setParent(None)
        widget.deleteLater()

    def entries(self) -> list[AccountEntry]:
        """All entries from above."""
        return self._entries

    def spoken_lines(self) -> list[QWidget]:
        """Titles and entries from above, as a screen reader finds them."""
        lines = [line for group in self._groups for line in (self._titles[group.id], *group.entries)]
        return [line for line in lines if not line.isHidden()]

    def seen(self) -> list[AccountEntry]:
        """The entries of which some part can be seen now."""
        entries, top = self.entries(), self.verticalScrollBar().value()
        first = bisect_left(entries, top, key=lambda entry: entry.y() + entry.height())
        last = bisect_right(entries, top + self.viewport().height(), key=lambda entry: entry.y())
        return entries[first:last]

    def page(self) -> int:
        """How many entries PgUp and PgDn pass by."""
        return max(1, self.viewport().height() // (self.entries()[0].height() if self._groups else HIGH) - 1)

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to tiles and marks without titles, or grow again."""
        self._narrow = narrow
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bars)
        for title in self._titles.values():
            title.setHidden(narrow)
        for entry in self.entries():
            entry.set_narrow(narrow)


def _title(name: str) -> Text:
    title = Text(name, "caption")
    title.setContentsMargins(GAP_S, GAP_M, 0, GRID)
    return title
