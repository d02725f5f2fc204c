"""The scrolling list of accounts in the sidebar, with a title above the accounts of each exchange."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.metrics import GAP_M, GAP_S, GRID, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Text, delete_later, set_text
from keyrack.ui.widgets.scroll_page import Holder, ScrollPage, end_hover
from keyrack.ui.window.entries.sidebar_entry import HIGH, AccountEntry

_GAP = 2
# What is around a line that was scrolled to is seen as well.
_AROUND = 50
# The list until a layout gives it its place.
_AT_FIRST_HIGH = 480


@dataclass(frozen=True, slots=True)
class Group:
    """The ids of accounts that stand together, and the title above them. `id` names the group."""

    id: str
    title: str
    ids: Sequence[str]


@spoken_as(Role.List)
class EntryList(ScrollPage):
    """Of many entries only those near the shown part exist, and the one that the Tab key reaches.

    `make` makes the entry of an account's id in a parent, `staying` returns what is not deleted wherever it is. `made`
    are the entries that exist. One is made when it comes within a page of what is shown, and deleted when it is two
    pages away. While a screen reader runs all exist, because it reads the list from its tree.
    """

    def __init__(self, make: Callable[[str, QWidget], AccountEntry], staying: Callable[[], QWidget | None]) -> None:
        super().__init__()
        self._make = make
        self._staying = staying
        self.made: dict[str, AccountEntry] = {}
        self.ids: Sequence[str] = ()
        self.at: Mapping[str, int] = {}
        self.narrow = False
        self._sought = ""
        self._groups: Sequence[Group] = ()
        self._titles: dict[str, Text] = {}
        self._tops: list[int] = []
        self._high = theme().px(HIGH)
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("Accounts"))
        for page in (self, self.viewport()):
            page.resize(theme().px(SIDEBAR), _AT_FIRST_HIGH)
        self._holder = Holder()
        self._holder.resized.connect(self._arrange)
        self.column.setSpacing(0)
        self.column.addWidget(self._holder)
        self.column.addStretch(1)
        self.verticalScrollBar().valueChanged.connect(self.fill)

    def follow(self, groups: Sequence[Group]) -> None:
        """Show these entries in this order. The entries of remaining accounts are kept."""
        self._groups = groups
        for id in self._titles.keys() - {group.id for group in groups}:
            delete_later(self._titles.pop(id))
        for group in groups:
            if group.id in self._titles:
                set_text(self._titles[group.id], group.title)
            else:
                self._titles[group.id] = _title(group.title, self._holder)
        self.ids = tuple(id for group in groups for id in group.ids)
        self.at = {id: at for at, id in enumerate(self.ids)}
        for id in [id for id in self.made if id not in self.at]:
            delete_later(self.made.pop(id))
        self._arrange()
        end_hover(self.made.values())

    def _arrange(self) -> None:
        self._lay_out()
        self.fill()

    def _lay_out(self) -> None:
        """Compute where each entry stands, and place the titles."""
        top, width, self._tops = 0, self._holder.width(), []
        for group in self._groups:
            title = self._titles[group.id]
            title.setHidden(self.narrow)
            if not self.narrow:
                title.ensurePolished()
                high = title.sizeHint().height()
                title.setGeometry(0, top, width, high)
                top += high + _GAP
            for _id in group.ids:
                self._tops.append(top)
                top += self._high + _GAP
        self._holder.setFixedHeight(max(0, top - _GAP))

    def fill(self) -> None:
        """Make, place and delete entries for what is shown now."""
        top, page = self.verticalScrollBar().value(), self.viewport().height()
        for id in self._between(top - page, top + 2 * page):
            if id not in self.made:
                self._add(id)
        near = set(self._between(top - 2 * page, top + 3 * page))
        for id in [id for id in self.made if id not in near]:
            entry = self.made[id]
            if entry is not self._staying() and not entry.hasFocus():
                delete_later(self.made.pop(id))
        for id in self.made:
            self._place(id)

    def _between(self, top: int, bottom: int) -> Sequence[str]:
        if QAccessible.isActive():
            return self.ids
        return self.ids[bisect_left(self._tops, top - self._high) : bisect_right(self._tops, bottom)]

    def reveal(self, id: str) -> AccountEntry | None:
        """Scroll to an account's entry. None for one that is not there."""
        if id not in self.at:
            return None
        self._sought = "" if self.isVisible() else id
        self.ensureVisible(0, self._tops[self.at[id]] + self._high // 2, 0, self._high // 2 + _AROUND)
        self.fill()
        if id not in self.made:
            self._add(id)
            self._place(id)
        return self.made[id]

    def _add(self, id: str) -> None:
        entry = self.made[id] = self._make(id, self._holder)
        entry.show()

    def _place(self, id: str) -> None:
        self.made[id].setGeometry(0, self._tops[self.at[id]], self._holder.width(), self._high)

    def entries(self) -> list[AccountEntry]:
        """All entries that exist, from above."""
        return [self.made[id] for id in sorted(self.made, key=self.at.__getitem__)]

    def spoken_lines(self) -> list[QWidget]:
        """Titles and entries from above, as a screen reader finds them."""
        found: list[QWidget] = []
        for group in self._groups:
            entries = [self.made[id] for id in group.ids if id in self.made]
            found += [line for line in (self._titles[group.id], *entries) if not line.isHidden()]
        return found

    def seen(self) -> list[AccountEntry]:
        """The entries of which some part can be seen now."""
        top = self.verticalScrollBar().value()
        first = bisect_right(self._tops, top - self._high)
        last = bisect_left(self._tops, top + self.viewport().height())
        return [self.made[id] for id in self.ids[first:last] if id in self.made]

    def page(self) -> int:
        """How many entries PgUp and PgDn pass by."""
        return max(1, self.viewport().height() // self._high - 1)

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to tiles and marks without titles, or grow again."""
        self.narrow = narrow
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bars)
        for entry in self.made.values():
            entry.set_narrow(narrow)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Scroll to what was sought before the list had its height."""
        super().showEvent(event)
        self.reveal(self._sought)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A higher list shows more."""
        super().resizeEvent(event)
        self.fill()


def _title(name: str, parent: QWidget) -> Text:
    title = Text(name, "caption", parent=parent)
    title.setContentsMargins(GAP_S, GAP_M, 0, GRID)
    title.show()
    return title
