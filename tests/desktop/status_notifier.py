"""Keyrack's StatusNotifierItem and its menu as another program of the desktop sees them over D-Bus."""

import sys
from dataclasses import dataclass
from typing import Any

from tests.desktop.programs import PATIENCE

if sys.platform == "linux":
    from jeepney import DBusAddress, Properties, message_bus, new_method_call
    from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

    _WATCHER = DBusAddress(
        "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher", interface="org.kde.StatusNotifierWatcher"
    )
_ROOT = 0
_STEPS = 20


@dataclass(frozen=True)
class BusEntry:
    """One entry of the menu. `entries` are those of its submenu. The title has no marks of shortcuts."""

    id: int
    title: str
    enabled: bool
    entries: tuple["BusEntry", ...]


class StatusNotifier:
    """A connection to the session bus that asks for one program's item. `pid` is that program's process id."""

    def __init__(self, bus: str, pid: int) -> None:
        self._bus: DBusConnection = open_dbus_connection(bus)
        self._pid = pid

    def close(self) -> None:
        """Leave the bus."""
        self._bus.close()

    def items(self) -> list["DBusAddress"]:
        """The program's items that the desktop's watcher knows. Empty where there is no watcher."""
        bus = Proxy(message_bus, self._bus, timeout=PATIENCE)
        if not bus.NameHasOwner(_WATCHER.bus_name)[0]:
            return []
        found = []
        for registered in self._property(_WATCHER, "RegisteredStatusNotifierItems"):
            name, _, path = registered.partition("/")
            if bus.GetConnectionUnixProcessID(name)[0] == self._pid:
                found.append(DBusAddress(f"/{path}", name, interface="org.kde.StatusNotifierItem"))
        return found

    def menu(self) -> tuple[BusEntry, ...]:
        """All entries without the lines between them, as the program tells them now."""
        _, layout = self._ask("GetLayout", "iias", (_ROOT, -1, []))
        return _entry(layout).entries

    def let_the_panel_catch_up(self) -> None:
        """Return when the panel has surely read the menu as it is now.

        It asks the program in several steps after each change, and answers in between what it is asked itself.
        """
        for _ in range(_STEPS):
            self.items()
            self.menu()

    def open(self) -> bool:
        """Say that the menu is about to show. Returns whether its layout has to be read again."""
        return bool(self._ask("AboutToShow", "i", (_ROOT,))[0])

    def closed(self) -> None:
        """Say that the menu was closed."""
        self._event(_ROOT, "closed")

    def press(self, entry: BusEntry) -> None:
        """Choose an entry."""
        self._event(entry.id, "clicked")

    def _event(self, id: int, kind: str) -> None:
        self._ask("Event", "isvu", (id, kind, ("i", 0), 0))

    def _ask(self, method: str, signature: str, told: tuple[Any, ...]) -> Any:
        (item,) = self.items()
        menu = DBusAddress(self._property(item, "Menu"), item.bus_name, interface="com.canonical.dbusmenu")
        return self._reply(new_method_call(menu, method, signature, told))

    def _property(self, place: "DBusAddress", name: str) -> Any:
        return self._reply(Properties(place).get(name))[0][1]

    def _reply(self, message: Any) -> Any:
        answer = self._bus.send_and_get_reply(message, timeout=PATIENCE)
        assert answer.header.message_type.name == "method_return", answer.body
        return answer.body


def _entry(layout: tuple[int, dict[str, Any], list[Any]]) -> BusEntry:
    id, told, below = layout
    of_menu = [child for _, child in below if child[1].get("type", ("s", ""))[1] != "separator"]
    shown = [child for child in of_menu if child[1].get("visible", ("b", True))[1]]
    title = str(told.get("label", ("s", ""))[1]).replace("__", "\0").replace("_", "").replace("\0", "_")
    return BusEntry(id, title, bool(told.get("enabled", ("b", True))[1]), tuple(map(_entry, shown)))
