"""The page of the person's settings, made from their table. Each change is in force at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.preferences.all_settings import ALL, PROXY, TELL_OF_UPDATES
from keyrack.core.preferences.setting import Place
from keyrack.net.proxy.proxies import NONE, SYSTEM
from keyrack.primitives.failure import Failure
from keyrack.ui.parts.callout import Callout
from keyrack.ui.preferences.action_line import ActionLine
from keyrack.ui.preferences.program_card import ProgramCard
from keyrack.ui.preferences.providers_card import ProvidersCard
from keyrack.ui.preferences.setting_line import SettingLine
from keyrack.ui.preferences.settings_card import ButtonsCard, SettingsCard
from keyrack.ui.preferences.snooze_line import SnoozeLine
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.fields import FindField
from keyrack.ui.widgets.flow_layout import TurningRow
from keyrack.ui.widgets.scroll_page import ReadingPage

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate

_WIDTH = 620
_PLACES: tuple[Place, ...] = ("start", "look", "safety", "notices", "accounts")


def _title(place: Place) -> str:
    return {
        "start": translate("PreferencesPage", "Start"),
        "look": translate("PreferencesPage", "Appearance"),
        "safety": translate("PreferencesPage", "Safety"),
        "notices": translate("PreferencesPage", "Notices"),
        "accounts": translate("PreferencesPage", "Accounts"),
    }[place]


class PreferencesPage(ReadingPage):
    """One column of cards, and Find above it. `closed` is emitted when the person leaves it.

    `more` is the card at the end: `page.more.add_button(name, text, pressed)` adds a button to it.
    """

    closed = Signal()
    connection_pressed = Signal()
    passphrase_pressed = Signal()
    sharing_pressed = Signal()
    import_pressed = Signal()

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._preferences = actions.rack.preferences
        self.back = IconButton("back", self.tr("Back (Esc)"))
        self.back.setObjectName("preferences_back")
        self.back.clicked.connect(self.closed)
        self._begins_at: QWidget | None = None
        self.search = FindField(self.tr("Find a setting"))
        self.search.setObjectName("find_setting")
        self.search.textChanged.connect(self._narrow)
        self.problem = Callout()
        self.nothing = Text(self.tr("No setting has these words."), "second", wrap=True)
        self.nothing.hide()
        self.cards = {place: SettingsCard(_title(place)) for place in _PLACES}
        self.providers = ProvidersCard(actions)
        self.providers.import_pressed.connect(self.import_pressed)
        self.program = ProgramCard(actions)
        self.program.stored.connect(self._say_problems)
        self.more = ButtonsCard(self.tr("More"))
        self._fill()
        self._arrange()
        missed = self._preferences.not_stored  # by a page that the same choice has replaced by this one
        self._say_problems("" if missed is None else missed.sentences())

    def _fill(self) -> None:
        for setting in ALL:
            not_in_sandbox = setting.place == "start" or setting is TELL_OF_UPDATES
            if setting.place in self.cards and not (not_in_sandbox and self._actions.rack.sandbox):
                line = SettingLine(setting, self._preferences)
                line.stored.connect(self._say_problems)
                self.cards[setting.place].add(line, line.matches)
        snooze = SnoozeLine(self._actions.snooze)
        self.cards["notices"].add(snooze, snooze.matches)
        passphrase = ActionLine(
            "preferences_passphrase", self.tr("Ask for a passphrase before Keyrack is unlocked."), self.tr("Change…")
        )
        passphrase.pressed.connect(self.passphrase_pressed)
        self.cards["safety"].add(passphrase, passphrase.matches)
        way = ActionLine(
            "preferences_connection", self.tr("How Keyrack connects to the providers."), self.tr("Change…"), self._way()
        )
        way.pressed.connect(self.connection_pressed)
        self.cards["accounts"].add(way, way.matches)
        sharing = ActionLine("preferences_sharing", self.tr("Shared with other hosts"), self.tr("Open…"), self._group())
        sharing.pressed.connect(self.sharing_pressed)
        self.cards["accounts"].add(sharing, sharing.matches)

    def _way(self) -> str:
        chosen = self._preferences.value(PROXY)
        words = {NONE: self.tr("directly"), SYSTEM: self.tr("as the system's settings say")}.get(chosen, chosen)
        return self.tr("Now: {way} · Default: directly").format(way=words)

    def _group(self) -> str:
        hosts = self._actions.rack.parts.several_hosts
        if not hosts.in_group:
            return self.tr("Now: with none · An account may be on several computers with one sign-in")
        try:
            settings = hosts.membership.file.read()
        except Failure as why:
            return why.happened
        return self.tr("Now: in the group “{group}”, as “{host}”").format(group=settings.group, host=settings.host)

    def _arrange(self) -> None:
        row, title = TurningRow(0, of_first=True), QHBoxLayout()
        row.setSpacing(GAP_S)
        title.setSpacing(GAP_M)
        title.addWidget(self.back)
        title.addWidget(Text(self.tr("Settings"), "title"), 1)
        row.addLayout(title, 1)
        row.addWidget(self.search)
        head = QWidget()
        head.setMaximumWidth(theme().px(_WIDTH))  # as the cards, so that Find ends where they do
        head.setLayout(row)
        self.head.addWidget(head, 1)
        self.head.addStretch(0)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        for widget in (self.problem, self.nothing, *self._cards()):
            column.addWidget(widget)
        self._narrow("")
        self.page.add_at_most(_WIDTH, holder)
        self.page.column.addStretch(1)

    def _cards(self) -> tuple[SettingsCard, ...]:
        return (*self.cards.values(), self.providers, self.program, self.more)

    def first_focus(self) -> QWidget:
        """Find, from which Tab leads to the first setting, or where the person was before the page was made anew."""
        return self._begins_at or self.search

    def begin_at(self, name: str) -> None:
        """Go on at the control of this object name."""
        found = self.findChild(QWidget, name)
        if isinstance(found, QWidget):
            self._begins_at = found
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def start_finding(self) -> bool:
        """Go to Find."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
        return True

    def escape(self) -> bool:
        """Leave the page."""
        self.closed.emit()
        return True

    def _narrow(self, words: str) -> None:
        hits = [card.narrow(words.strip()) for card in self._cards()]
        self.nothing.setVisible(not any(hits))

    def _say_problems(self, why: str) -> None:
        """Say why the last choice was not stored, else what was wrong with the file at the start."""
        said = [why] if why else [problem.sentences() for problem in self._preferences.problems]
        self.problem.say("\n".join(said))
        self.problem.setVisible(bool(said))
