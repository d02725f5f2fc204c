"""The menu of the room beside the accounts."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from keyrack.ui.parts.entry_menu import EntryMenu

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions


class GroundMenu(EntryMenu):
    """What can be done with all accounts that are shown, which are `ids`, and with `add` a way to one more."""

    def __init__(
        self, actions: "Actions", ids: Sequence[str], parent: QWidget, add: Callable[[], object] | None = None
    ) -> None:
        super().__init__("ground_menu", parent)
        if add is not None:
            self.add("add", self.tr("Add account"), add, keys="Ctrl+N", picture="plus")
        choose, some = (lambda: actions.selection.choose(ids)), bool(ids)
        self.add("select", self.tr("Select all"), choose, keys="Ctrl+A", picture="check", possible=some)
        self.add("refresh", self.tr("Refresh all"), actions.refresh_all, picture="refresh", possible=some)
