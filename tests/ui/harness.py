"""A real rack with states set by the test, and the window over it. Every secret is a canary."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut, Reason, Renewal, State
from keyrack.core.rack import Rack
from keyrack.core.system.paths import Paths
from keyrack.core.system.program_files import ProgramFiles
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider
from keyrack.ui.actions.actions import Actions
from keyrack.ui.actions.keyed_tasks import KeyedTasks
from keyrack.ui.integration.clipboard import Clipboard
from keyrack.ui.integration.window_place import WindowPlace
from keyrack.ui.safeguards.program_watch import ProgramWatch
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.main_window import DEFAULT, MainWindow
from tests.clock import FakeClock

NOON = 1_790_000_000.0
CANARY = "canary"
REDIRECT = "http://127.0.0.1:17463/cb/sample"
SCOPES = ("users.balances.read", "show.userinfo", "orders.create")
ACCOUNTS = (
    Settings("p1", "Main desk", "probit", "global", "client_credentials", "sample-client-1"),
    Settings("p2", "Seoul desk", "probit", "korea", "client_credentials", "sample-client-2"),
    Settings("b1", "Archive", "bitport", "global", "authorization_code", "40127", REDIRECT, "s…m@example.org"),
    Settings("b2", "Archive by code", "bitport", "global", "user_code", "40127", "", "k…m@example.org"),
    Settings("w1", "Trading", "whitebit", "global", "authorization_code", "wb-sample-client", REDIRECT),
    Settings("w2", "Trading EU", "whitebit", "eu", "authorization_code", "wb-sample-client", REDIRECT),
)

Step = Literal["browser", "exchanging", "confirming", "refusal"]

opened_windows: list[MainWindow] = []
_issued = itertools.count(1)


@dataclass
class WindowHarness:
    """The rack, the window over it, and its clock."""

    rack: Rack
    clock: FakeClock
    window: MainWindow
    contents: Contents
    actions: Actions
    tasks: KeyedTasks
    clipboard: Clipboard
    opened: list[str]
    program: Path

    def account(self, id: str) -> Account:
        """One of the accounts above."""
        found = self.rack.accounts.find(id)
        assert found is not None
        return found

    def feed(self, id: str, state: State) -> Account:
        """Put an account into a state."""
        account = self.account(id)
        account.become(state, expected=account.state)
        return account

    def tick(self, seconds: float = 1.0) -> None:
        """Let time pass and let the window show it."""
        self.clock.move(seconds)
        assert self.contents.ticker is not None
        self.contents.ticker.ticked.emit()

    def token(
        self,
        left: float = 221.0,
        lifetime: float = 300.0,
        *,
        refresh: float | None = 600.0,
        renewable: bool = True,
        scopes: tuple[str, ...] = SCOPES,
    ) -> Token:
        """A token that was issued so that `left` seconds are left of it."""
        issued = self.clock.elapsed - (lifetime - left)
        return Token(
            access=Secret("canary-access-token"),
            issued=issued,
            lifetime=lifetime,
            refresh=Secret(f"canary-refresh-token-{next(_issued)}")
            if refresh
            else None,  # two accounts never share one
            refresh_lifetime=refresh,
            refresh_issued=issued if refresh else None,
            scopes=scopes,
            renewable=renewable,
        )

    def active(self, id: str, renewal: Renewal | None = None, token: Token | None = None) -> Account:
        """Sign an account in."""
        token = token or self.token()
        return self.feed(id, Active(token) if renewal is None else Active(token, renewal))

    def waiting(self, id: str, step: Step = "browser", identity: str = "", left: float = 174.0) -> Account:
        """Put an account into a sign-in that waits for the person."""
        return self.feed(id, Authorizing(self.clock.elapsed, self.clock.elapsed + left, step, identity))

    def signed_out(self, id: str, reason: Reason = Reason.SIGNED_OUT) -> Account:
        """Sign an account out."""
        return self.feed(id, LoggedOut(reason))


def make_harness(
    folder: Path,
    settings: tuple[Settings, ...] = ACCOUNTS,
    *,
    sandbox: bool = True,
    wall: float = NOON,
    providers: tuple[Provider, ...] = built_in(),
    place: WindowPlace | None = None,
) -> WindowHarness:
    """A rack read from an accounts file in `folder`, and a window that is not shown yet."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and not app.styleSheet():
        theme().start(app)
    if theme().motion():
        theme().allow_motion(allowed=False)  # a test that looks at motion allows it again
    clock = FakeClock(wall=wall)
    paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
    file = AccountsFile(paths.config)
    file.load()
    file.save(list(settings))
    rack = Rack(assemble(providers, MemoryVault(), paths, sandbox=sandbox, clock=clock.clock), sandbox=sandbox)
    rack.load()
    clipboard, tasks, opened = Clipboard(clock.clock), KeyedTasks(_raise), list[str]()
    actions = Actions(rack, clipboard, tasks, opened.append)
    window = MainWindow(sandbox=sandbox, place=place)
    window.resize(*DEFAULT)  # the display that is made up is smaller
    opened_windows.append(window)
    program = folder / "program.py"
    program.write_text('__version__ = "1.0"\n')
    watch = ProgramWatch(rack.clock, ProgramFiles(program, "1.0"))
    contents = Contents(rack, actions, lambda: opened.append("sandbox"), window, watch=watch)
    window.fill(contents, lambda: False)
    return WindowHarness(rack, clock, window, contents, actions, tasks, clipboard, opened, program)


def in_front(qtbot: QtBot, folder: Path) -> WindowHarness:
    """A harness whose window is shown and active, as keys need it."""
    made = make_harness(folder)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


def _raise(error: BaseException) -> None:
    raise error


def holdings(clock: FakeClock, *, more: bool = True) -> Balances:
    """Figures as WhiteBIT sends them: every digit counts."""
    rows = [
        Holding("BTC", Decimal("0.25000000"), Decimal("0.25000000"), "Main"),
        Holding("USDT", Decimal("36.48"), Decimal("36.48"), "Main"),
        Holding("BTC", Decimal("0.123"), Decimal("0.133"), "Spot"),
        Holding("USDT", Decimal("1000.50"), Decimal("1100.50"), "Spot"),
    ]
    if more:
        rows += [
            Holding("ETH", Decimal("12.000000000000000001"), Decimal("14.5"), "Spot"),
            Holding("BSV", Decimal(0), Decimal(0), "Main"),
            Holding("SHIB", Decimal("48211093.5"), Decimal("48211093.5"), "Spot"),
        ]
    return Balances(tuple(rows), clock.wall, "poll", leaves_out="Collateral and Earn are not included.")


def storage(clock: FakeClock) -> Balances:
    """Storage space as Bitport sends it."""
    space = Storage(730_239_834_821, 343_501_989_179, 1_073_741_824_000, "big", "2027-08-16 00:00:00")
    return Balances((), clock.wall, "poll", storage=space)


async def seen(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Let asyncio and Qt run until `condition` holds. Raises TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while not condition():
            QCoreApplication.processEvents()
            await asyncio.sleep(0.01)


def button(harness: WindowHarness, name: str) -> QAbstractButton:
    """The one visible button of this name."""
    found = [each for each in harness.window.findChildren(QAbstractButton, name) if each.isVisible()]
    assert len(found) == 1, f"{len(found)} visible buttons {name}"
    return found[0]


def field(harness: WindowHarness, name: str) -> QLineEdit:
    """The one visible line of this name."""
    found = [each for each in harness.window.findChildren(QLineEdit, name) if each.isVisible()]
    assert len(found) == 1, f"{len(found)} visible lines {name}"
    return found[0]


def shown_texts(root: QWidget) -> list[str]:
    """Every text that a person, a tooltip or a screen reader could show of `root` and all in it."""
    texts: list[str] = []
    for widget in (root, *root.findChildren(QWidget)):
        texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        for name in ("text", "placeholderText", "displayText", "title", "full_text"):
            read = getattr(widget, name, None)
            if callable(read) and not (isinstance(widget, QLineEdit) and name == "text"):
                texts.append(str(read()))
    return [text for text in texts if text]


def visible_texts(root: QWidget) -> str:
    """What can be read in `root` now, in one string."""
    labels = [w for w in root.findChildren(QWidget) if w.isVisible()]
    read = [getattr(w, "full_text", None) or getattr(w, "text", None) for w in labels]
    return "\n".join(str(text()) for text in read if callable(text))
