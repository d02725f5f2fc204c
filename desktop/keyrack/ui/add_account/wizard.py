"""Adding an account inside the window in four steps: provider, region, credentials, sign-in test."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.language.translation import translated
from keyrack.providers.announced_end import announced_end
from keyrack.ui.add_account.brought_credentials import BroughtCredentials
from keyrack.ui.add_account.closed_step import ClosedStep
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.import_step import ImportStep
from keyrack.ui.add_account.sign_in_step import SignInStep
from keyrack.ui.add_account.tile_list import TileList
from keyrack.ui.keyboard.page_focus import Beginning
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, GAP_M, MARGIN, READING_MOST
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, QuietButton
from keyrack.ui.widgets.controls import Text, delete_later, set_text
from keyrack.ui.widgets.scroll_page import ScrollPage
from keyrack.ui.widgets.tile import Tile

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.providers.schema import Provider
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
_FORM_WIDTH = 620
_TIGHT_BELOW = 300


class AddAccountWizard(QWidget):
    """One step at a time with a way back. `closed` carries the account to open, `before` when it was cancelled."""

    closed = Signal(str)

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._provider: Provider | None = None
        self._region = ""
        self.before = ""  # the account that was open, "" for the overview
        self.step: QWidget | None = None
        self._kept: CredentialsStep | None = None
        self.brought = BroughtCredentials()
        self._cancelled = False
        self.setProperty("role", "page")
        self.back = IconButton("back", self.tr("Back"))
        self.back.setObjectName("back")
        self.back.clicked.connect(self.go_back)
        self.give_up = QuietButton(self.tr("Cancel"))
        self.give_up.setObjectName("cancel_adding")
        self.give_up.clicked.connect(self.cancel)
        self.title = Text(role="title", wrap=True)
        self.stage = Text(role="second", wrap=True)
        self.page = ScrollPage(MARGIN, MARGIN)
        self._holder = QWidget()
        self._arrange()
        self.choose_provider()

    def _arrange(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = self._head = QHBoxLayout()
        head.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        head.setSpacing(GAP_M)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.stage)
        head.addWidget(self.back)
        head.addLayout(names, 1)
        head.addWidget(self.give_up)
        outer.addLayout(head)
        self._slot = QVBoxLayout(self._holder)
        self._slot.setContentsMargins(0, 0, 0, 0)
        self.page.add_at_most(READING_MOST, self._holder)
        self.page.column.addStretch(1)
        outer.addWidget(self.page, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the step in the middle. Where large text leaves the title no room, Esc and the way back are enough."""
        super().resizeEvent(event)
        self.give_up.setHidden(self.width() < theme().px(_TIGHT_BELOW))
        side = max(MARGIN, (self.width() - theme().px(READING_MOST)) // 2)
        self._head.setContentsMargins(side, MARGIN, side, GAP_L)
        self.page.set_margin(side)

    def choose_provider(self) -> None:
        """Step 1."""
        self._provider = None
        tiles: list[Tile] = []
        closed: list[Tile] = []
        for provider in sorted(self._actions.rack.catalog.values(), key=lambda known: known.ends is not None):
            over = _is_closed(provider)
            note = _closed_note() if over else announced_end(provider, self._actions.rack.clock) or _offers(provider)
            tile = Tile(provider.name, note, letters=provider.monogram, of=provider.id, faded=over)
            tile.setObjectName(f"provider:{provider.id}")
            tile.clicked.connect(lambda _=False, chosen=provider: self.choose_region(chosen))
            (closed if over else tiles).append(tile)
        other = Tile(self.tr("Import a provider file…"), self.tr("Another exchange with standard OAuth"), icon="import")
        other.setObjectName("import_provider")
        other.clicked.connect(self.import_provider)
        tiles.append(other)
        choice = TileList(tiles, closed)
        self._show(choice, self.tr("Add an account"), self.tr("Which exchange or service?"), choice)

    def import_provider(self) -> None:
        """Beside step 1: a provider from the person's own file."""
        self._provider = None
        step = ImportStep(self._actions)
        step.added.connect(self.choose_region)
        self._show(step, self.tr("Import a provider file"), self.tr("From a file on this computer"), step)

    def choose_region(self, provider: "Provider") -> None:
        """Step 2. It is left out where there is only one region."""
        self._provider = provider
        if len(provider.regions) == 1:
            self.enter_credentials(next(iter(provider.regions)))
            return
        tiles: list[Tile] = []
        closed: list[Tile] = []
        for id, region in provider.regions.items():
            note = _closed_note() if region.closed else _sentence(translated(region.note))
            name = f"{provider.name} {provider.site(id)}".strip()
            tile = Tile(name, note, letters=provider.monogram, of=provider.id, faded=region.closed)
            tile.setObjectName(f"region:{id}")
            tile.clicked.connect(lambda _=False, chosen=id: self.enter_credentials(chosen))
            (closed if region.closed else tiles).append(tile)
        choice = TileList(tiles, closed)
        self._show(choice, provider.name, self.tr("Which site is the account at?"), choice)

    def enter_credentials(self, region: str) -> None:
        """Step 3. A site that has closed has a sentence in its place."""
        if self._provider is None:
            return
        self._region = region
        if self._provider.regions[region].closed:
            over = ClosedStep(self._where())
            over.left.connect(self.choose_provider)
            self._show(over, self._where(), self.tr("Closed"), over)
            return
        step = self._kept
        if step is None or not step.is_for(self._provider, region):
            self._drop_kept()
            step = self._kept = CredentialsStep(self._provider, region, self._actions)
            step.added.connect(self.test)
        self.brought.fill(step.form)
        self._show(step, self._where(), self.tr("Credentials"), step)

    def test(self, account: "Account") -> None:
        """Step 4. From here on the account is stored, whatever the result of the test."""
        self._kept = None
        step = SignInStep(account, self._actions)
        step.finished.connect(self.closed)
        step.add_requested.connect(lambda id: self.choose_region(self._actions.rack.catalog[id]))
        self._show(step, account.settings.name, self.tr("Sign in and test"), step)
        step.begin()

    def _where(self) -> str:
        if self._provider is None:
            return ""
        return f"{self._provider.name} {self._provider.site(self._region)}".strip()

    @property
    def unfinished(self) -> bool:
        """Whether it holds something entered that is to survive leaving and coming back."""
        shown = isinstance(self.step, ImportStep | SignInStep) and self.step.unfinished
        return (shown or (self._kept is not None and self._kept.unfinished)) and not self._cancelled

    def cancel(self) -> None:
        """Leave the wizard and drop what was entered."""
        self._cancelled = True
        self.closed.emit(self.step.account.id if isinstance(self.step, SignInStep) else self.before)

    def _drop_kept(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None and kept is not self.step:
            kept.deleteLater()

    def go_back(self) -> None:
        """Go one step back. The first step leaves the wizard, and the last step opens the account."""
        if isinstance(self.step, SignInStep):
            self.closed.emit(self.step.account.id)
        elif isinstance(self.step, CredentialsStep | ClosedStep) and self._provider and len(self._provider.regions) > 1:
            self.choose_region(self._provider)
        elif self._provider is not None or isinstance(self.step, ImportStep):
            self._provider = None
            self.choose_provider()
        else:
            self.closed.emit(self.before)

    def escape(self) -> bool:
        """Leave the form of the test, else go one step back."""
        if not (isinstance(self.step, SignInStep) and self.step.escape()):
            self.go_back()
        return True

    def tick(self) -> None:
        """The countdown of the test."""
        if isinstance(self.step, SignInStep):
            self.step.tick(AccountView(self.step.account, self._actions.rack.clock))

    def leave(self) -> None:
        """Stop following the account of step 4."""
        if isinstance(self.step, SignInStep):
            self.step.leave()

    def first_focus(self) -> QWidget:
        """Where the person goes on with the step that is shown."""
        return self._first.first_focus() if isinstance(self._first, Beginning) else self._first

    def _show(self, step: QWidget, title: str, stage: str, first: "QWidget | Beginning") -> None:
        self.leave()
        if self.step is not None and self.step is not step:
            self.step.hide()
            self._slot.removeWidget(self.step)
            if self.step is not self._kept:
                delete_later(self.step)
        self.step = step
        self._holder.setMaximumWidth(theme().px(READING_MOST if isinstance(step, TileList) else _FORM_WIDTH))
        set_text(self.title, title)
        set_text(self.stage, stage)
        self.give_up.setText(self.tr("Close") if isinstance(step, SignInStep) else self.tr("Cancel"))
        self._slot.addWidget(step)
        step.show()  # a layout would show it later, too late for the focus
        self._first = first
        self.page.verticalScrollBar().setValue(0)
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)


def test_of(page: object) -> SignInStep | None:
    """The test of an account that was just added, if that is what a page shows."""
    return page.step if isinstance(page, AddAccountWizard) and isinstance(page.step, SignInStep) else None


def _is_closed(provider: "Provider") -> bool:
    """Whether all sites that Keyrack knows have closed, so that at most one remains whose address the person knows."""
    return all(region.closed or region.typed_in for region in provider.regions.values())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _closed_note() -> str:
    return translate("AddAccountWizard", "This exchange has closed.")


def _offers(provider: "Provider") -> str:
    ways = [translated(flow.title) for flow in provider.flows.values()]
    return translate("AddAccountWizard", "Sign-in: {ways}").format(ways=", ".join(ways))
