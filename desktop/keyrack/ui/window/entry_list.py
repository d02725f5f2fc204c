"""The scrolling list of accounts in the sidebar, with a title above the accounts of each exchange."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from keyrack.providers.schema import Provider
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.metrics import GAP_M, GAP_S, GRID
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.scroll_page import ScrollPage
from keyrack.ui.window.sidebar_entry import HIGH, AccountEntry


@dataclass
class _Group:
    """The entries of one exchange, and the title above them."""

    title: Text
    entries: list[AccountEntry] = field(default_factory=list)


@spoken_as(Role.List)
class EntryList(ScrollPage):
    """Adding or removing an entry touches no other one."""

    def __init__(self) -> None:
        super().__init__()
        self._groups: dict[str, _Group] = {}
        self._order: tuple[str, ...] = ()
        self._narrow = False
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("Accounts"))
        self.column.setSpacing(2)
        self.column.addStretch(1)

    def add(self, entry: AccountEntry, provider: Provider, order: Iterable[str]) -> None:
        """Add an entry below the others of its exchange. `order` are the ids of all exchanges as they are offered."""
        self._order = tuple(order)
        group, new = self._groups.get(provider.id), False
        if group is None:
            group, new = self._groups.setdefault(provider.id, _Group(_title(provider.name))), True
        at = 0
        for each in self._in_order():
            if each is group:
                break
            at += 1 + len(each.entries)
        if new:
            self.column.insertWidget(at, group.title)
            group.title.setHidden(self._narrow)
        group.entries.append(entry)
        self.column.insertWidget(at + len(group.entries), entry)
        entry.set_narrow(self._narrow)

    def remove(self, entry: AccountEntry) -> None:
        """Remove an entry, and the title with the last entry of its exchange."""
        gone: list[QWidget] = [entry]
        for id, group in tuple(self._groups.items()):
            if entry in group.entries:
                group.entries.remove(entry)
                if not group.entries:
                    gone.append(self._groups.pop(id).title)
        for widget in gone:
            self.column.removeWidget(widget)
            widget.setParent(None)
            widget.deleteLater()

    def entries(self) -> list[AccountEntry]:
        """All entries from above."""
        return [entry for group in self._in_order() for entry in group.entries]

    def spoken_lines(self) -> list[QWidget]:
        """Titles and entries from above, as a screen reader finds them."""
        return [line for group in self._in_order() for line in (group.title, *group.entries) if not line.isHidden()]

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
        for group in self._groups.values():
            group.title.setHidden(narrow)
            for entry in group.entries:
                entry.set_narrow(narrow)

    def _in_order(self) -> list[_Group]:
        return [self._groups[id] for id in self._order if id in self._groups]


def _title(name: str) -> Text:
    title = Text(name, "caption")
    title.setContentsMargins(GAP_S, GAP_M, 0, GRID)
    return title
