"""The tray's menu. Its entries are renamed while a panel may be reading them, and never replaced then.

Few accounts stand in it one below the other. Of many, those that need the person come first, then the pinned ones
and those that were used last, and then every exchange with its own, so that the menu is never higher than a screen.

lxqt-panel 1.2.1 does not open a menu that is filled anew when it is about to show, and xfce4-panel and mate-panel show
it at the height of the old one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QEvent, QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from keyrack.language.translation import plural

_HAS_TOKEN = ("ready", "refreshing", "retrying", "unsaved")
_CAN_SIGN_IN = ("ready", "retrying", "unsaved", "needs_login", "refreshing")
# Not every panel says that a menu was closed.
_OPEN_FOR_MS = 20_000
# All of the sandbox and one more.
FLAT = 15
_USED = 8
_OF_EXCHANGE = 20
# The verbs and the lines between them.
_BELOW = 10
# The height of an entry in heights of its text, in the most spacious style.
_LINE = 1.8
_LEAST = 4


@dataclass(frozen=True, slots=True)
class TrayEntry:
    """One account in the menu. `status` is a status of `status --json`, `left` the time left or a word.

    `exchange` is the name of its provider. `group` is the group of the overview's summary that counts it. `signs_in` is
    False where no sign-in could be kept. `pinned` is the person's own choice.
    """

    id: str
    name: str
    status: str
    left: str
    exchange: str = ""
    group: str = "fresh"
    signs_in: bool = True
    pinned: bool = False

    @property
    def needs(self) -> bool:
        """Whether it needs its person."""
        return self.group == "needs"


class TrayVerbs(Protocol):
    """What the menu's entries do. The signals of an account carry its id."""

    copy: SignalInstance
    refresh: SignalInstance
    sign_in: SignalInstance
    show: SignalInstance
    refresh_all: SignalInstance
    hide_amounts: SignalInstance
    settings: SignalInstance
    open: SignalInstance
    lock_pressed: SignalInstance
    quit: SignalInstance


@dataclass(frozen=True, slots=True)
class _AccountActions:
    """The submenu of one account."""

    menu: QMenu
    copy: QAction
    refresh: QAction
    sign_in: QAction
    open: QAction

    def show(self, entry: TrayEntry, *, locked: bool) -> None:
        """Name it and offer what can be done now."""
        title = f"{entry.name} · {entry.left}" if entry.left else entry.name
        self.menu.setTitle(title.replace("&", "&&"))
        has_token = entry.status in _HAS_TOKEN and not locked
        self.copy.setEnabled(has_token)
        self.refresh.setEnabled(has_token)
        self.sign_in.setEnabled(entry.status in _CAN_SIGN_IN and entry.signs_in and not locked)
        self.open.setEnabled(not locked)


@dataclass(frozen=True, slots=True)
class _ExchangeMenu:
    """The submenu of one exchange."""

    menu: QMenu
    accounts: dict[str, _AccountActions]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which accounts stand in the menu itself, and which in the submenus of exchanges, by ids."""

    first: tuple[str, ...]
    exchanges: dict[str, tuple[str, ...]]


def _planned(entries: Sequence[TrayEntry], used: Sequence[str], lines: int) -> _Plan:
    """What a screen shows that has room for so many lines."""
    if len(entries) <= FLAT:
        return _Plan(tuple(entry.id for entry in entries), {})
    there = {entry.id for entry in entries}
    recent = [id for id in used if id in there] + [entry.id for entry in entries if entry.id not in used]
    exchanges: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        exchanges[entry.exchange] = (*exchanges.get(entry.exchange, ()), entry.id)
    room = max(_LEAST, lines - len(exchanges) - _BELOW)
    needing = [entry.id for entry in entries if entry.needs][:room]
    chosen = [entry.id for entry in entries if entry.pinned]
    others = [id for id in dict.fromkeys((*chosen, *recent)) if id not in needing]
    return _Plan((*needing, *others[: max(_USED, len(chosen))])[:room], exchanges)


class TrayMenu(QMenu):
    """A submenu for each account, and the verbs for all. `about_to_open` asks for `follow` with the newest entries."""

    about_to_open = Signal()

    def __init__(self, verbs: TrayVerbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._locked = False
        self._entries: Sequence[TrayEntry] = ()
        self._followed: object = None
        self._plan = _Plan((), {})
        self._between: QAction | None = None
        self._notices: QAction | None = None
        self._used: list[str] = []
        self._first: dict[str, _AccountActions] = {}
        self._exchanges: dict[str, _ExchangeMenu] = {}
        self._open = QTimer(self)
        self._open.setSingleShot(True)
        self._open.setInterval(_OPEN_FOR_MS)
        self._open.timeout.connect(self._closed)
        self._above = self.addSeparator()
        self._refresh_all = self._add(self, "", verbs.refresh_all.emit)
        self._hide = self._add(self, "", verbs.hide_amounts.emit)
        self._hide.setCheckable(True)
        self._below_hide = self.addSeparator()
        self._lock = self._add(self, "", self._lock_or_unlock)
        self._show_window = self._add(self, "", verbs.open.emit)
        self._settings = self._add(self, "", verbs.settings.emit)
        self._quit = self._add(self, "", verbs.quit.emit)
        self._name_verbs()
        self.aboutToShow.connect(self._opening)
        self.aboutToHide.connect(self._closed)

    def _name_verbs(self) -> None:
        self._refresh_all.setText(self.tr("Refresh all"))
        self._hide.setText(self.tr("Hide amounts"))
        self._lock.setText(self.tr("Unlock…") if self._locked else self.tr("Lock"))
        self._show_window.setText(self.tr("Open Keyrack"))
        self._settings.setText(self.tr("Settings…"))
        self._quit.setText(self.tr("Quit"))

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language. The accounts come anew once the menu is closed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name_verbs()
            self._replace_accounts(_Plan((), {}))
            self._take_in()

    def follow(self, entries: Sequence[TrayEntry], *, locked: bool) -> None:
        """Show these accounts. Another list of accounts waits until the menu is closed.

        The times left are renewed only in a menu that is open, because a panel is told of each new title by D-Bus.
        """
        shown = ([(entry.id, entry.name, entry.status, entry.pinned) for entry in entries], locked)
        if shown == self._followed and not self._is_open():
            return
        self._followed = shown
        self._entries, self._locked = entries, locked
        plan = _planned(entries, self._used, self._lines())
        if plan != self._plan and not self._is_open():
            self._replace_accounts(plan)
        for verb in (self._refresh_all, self._hide, self._notices, self._settings):
            if verb is not None:
                verb.setEnabled(not locked)
        self._lock.setText(self.tr("Unlock…") if locked else self.tr("Lock"))
        for entry in entries:
            for shown_in in (self._first, *(menu.accounts for menu in self._exchanges.values())):
                if entry.id in shown_in:
                    shown_in[entry.id].show(entry, locked=locked)

    def add_notices(self, menu: QMenu) -> None:
        """Add the submenu that keeps notices back. It is there from the start, before a panel reads this menu."""
        menu.setParent(self, menu.windowFlags())
        self._notices = self.insertMenu(self._below_hide, menu)

    def show_private(self, private: bool) -> None:
        """Tick the entry that hides amounts while they are hidden."""
        self._hide.setChecked(private)

    def _is_open(self) -> bool:
        return self.isVisible() or self._open.isActive()

    def _opening(self) -> None:
        self._open.start()
        self.about_to_open.emit()

    def _closed(self) -> None:
        """Take in what changed meanwhile, in the next round of the loop: the pressed entry is still at work."""
        self._open.stop()
        QTimer.singleShot(0, self, self._take_in)

    def _take_in(self) -> None:
        self._followed = None
        self.follow(self._entries, locked=self._locked)

    def _lines(self) -> int:
        """How many entries a screen has room for."""
        screen = QGuiApplication.primaryScreen()
        return int(screen.availableGeometry().height() // (_LINE * self.fontMetrics().height()))

    def _replace_accounts(self, plan: _Plan) -> None:
        old, self._plan = self._plan, plan
        for name in [name for name, ids in old.exchanges.items() if plan.exchanges.get(name) != ids]:
            self._give_up(self._exchanges.pop(name).menu)
        below = self._above
        for name, ids in reversed(plan.exchanges.items()):
            if name not in self._exchanges:
                self._exchanges[name] = self._exchange(name, ids, below)
            below = self._exchanges[name].menu.menuAction()
        if plan.first == old.first and bool(plan.exchanges) == bool(old.exchanges):
            return
        for account in self._first.values():
            self._give_up(account.menu)
        if self._between is not None:
            self.removeAction(self._between)
        self._between = self.insertSeparator(below) if plan.exchanges else None
        self._first = {id: self._account(id, self, self._between or below) for id in plan.first}

    def _give_up(self, menu: QMenu) -> None:
        self.removeAction(menu.menuAction())
        menu.deleteLater()

    def _exchange(self, name: str, ids: Sequence[str], below: QAction) -> _ExchangeMenu:
        menu = QMenu(name.replace("&", "&&"), self)
        self.insertMenu(below, menu)
        end = menu.addSeparator()
        accounts = {id: self._account(id, menu, end) for id in ids[:_OF_EXCHANGE]}
        if len(ids) > _OF_EXCHANGE:
            text = plural("{n} more in the window", "{n} more in the window", len(ids) - _OF_EXCHANGE)
            self._add(menu, text, self._verbs.open.emit)
        return _ExchangeMenu(menu, accounts)

    def _account(self, id: str, parent: QMenu, before: QAction) -> _AccountActions:
        verbs, menu = self._verbs, QMenu(parent)
        parent.insertMenu(before, menu)

        def used(verb: SignalInstance) -> None:
            self._used = [id, *(other for other in self._used if other != id)][:_USED]
            verb.emit(id)

        return _AccountActions(
            menu,
            self._add(menu, self.tr("Copy token"), lambda: used(verbs.copy)),
            self._add(menu, self.tr("Refresh now"), lambda: used(verbs.refresh)),
            self._add(menu, self.tr("Sign in again"), lambda: used(verbs.sign_in)),
            self._add(menu, self.tr("Open"), lambda: verbs.show.emit(id)),
        )

    def _add(self, menu: QMenu, text: str, do: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: self._chosen(do))
        return action

    def _chosen(self, do: Callable[[], object]) -> None:
        """A choice closes the menu, of which xfce4-panel says nothing."""
        self._closed()
        do()

    def _lock_or_unlock(self) -> None:
        (self._verbs.open if self._locked else self._verbs.lock_pressed).emit()
