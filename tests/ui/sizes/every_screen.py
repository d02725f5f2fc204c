"""Every screen of the window, each shown by one step."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QApplication

from keyrack.core.access.prompts import Reply
from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import (
    Active,
    Authorizing,
    Closed,
    LoggedOut,
    Opening,
    Reason,
    Retrying,
    Unreadable,
    Unsaved,
)
from keyrack.core.vault.vault_errors import Locked
from keyrack.net.network_errors import Unreachable
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.secret import Secret
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.moving.export_form import ExportForm
from keyrack.ui.moving.import_form import ImportForm
from keyrack.ui.theme.theme import theme
from tests.ui.harness import ACCOUNTS, REDIRECT, WindowHarness, holdings, make_harness, opened_windows, storage
from tests.ui.question_harness import LONG, OTHER

PIXELS_OF_A_POINT = 96 / 72
questions: list[asyncio.Future[Reply]] = []
WHY = Locked(detail="Secret.Error.IsLocked")
LOST = Unreachable("whitebit.com", "Keyrack connects directly.", detail="ConnectError")
REFUSED = ClientRejected("client_rejected", server="ProBit", detail="invalid_client (HTTP 401)")
KEYED = Settings("k1", "Trading key of the desk", "whitebit-fast-key", "global", "fast_api_key", "sample", REDIRECT)
DEVICE = Settings("d1", "Films by code", "premiumize", "global", "device_code", "sample-client")
BESIDE_A_PAGE = 330
SHOWN = (*ACCOUNTS, KEYED, DEVICE)
MANY = tuple(
    Settings(
        f"m{at}",
        f"Desk {at} of the house in {city}",
        each.provider,
        each.region,
        each.flow,
        each.client_id,
        each.redirect_uri,
    )
    for at, (each, city) in enumerate(zip(ACCOUNTS * 21, cycle(("Seoul", "Kyiv", "Prague")), strict=False))
)[:124]


@dataclass(frozen=True)
class Screen:
    """One screen: `show` leads to it. What stands beside a page needs a window that is `high`, a designed length."""

    name: str
    show: Callable[[WindowHarness], object]
    high: int = 0


@contextmanager
def text_size(app: QApplication, points: float, room: tuple[int, int]) -> Iterator[None]:
    """The system's text at another size on a screen with this room, for windows that are made meanwhile."""
    font = QFont(app.font())
    font.setPixelSize(round(points * PIXELS_OF_A_POINT))
    theme().use_font(font, QSize(*room))
    try:
        yield
    finally:
        font.setPixelSize(13)
        theme().use_font(font, QSize(*room))


async def harness_of(folder: Path, settings: tuple[Settings, ...] = SHOWN) -> WindowHarness:
    """A shown window with accounts in every state, and a question to come."""
    made = make_harness(folder, settings)
    made.window.setMinimumSize(1, 1)  # as on a screen of any size
    await made.rack.lock.load()
    made.rack.access.asking.add_respondent()
    for account in made.rack.accounts:
        made.active(account.id)
    for id in ("w1", "w2", "p1"):
        if made.rack.accounts.find(id) is not None:
            made.account(id).show_balances(holdings(made.clock))
    if made.rack.accounts.find("b1") is not None:
        made.account("b1").show_balances(storage(made.clock))
    made.window.setUpdatesEnabled(False)  # what is looked at is where things lie
    made.window.show()
    return made


async def show(harness: WindowHarness, screen: Screen) -> None:
    """Lead to a screen, and let what the window has begun go on."""
    screen.show(harness)
    for _ in range(3):
        await asyncio.sleep(0)


async def close(harness: WindowHarness) -> None:
    """Delete the window now: a sheet for another size would visit every widget of it."""
    await harness.tasks.close()
    await harness.rack.access.close()
    questions.clear()
    opened_windows.remove(harness.window)
    harness.window.hide()
    harness.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def state(name: str, id: str, feed: Callable[[WindowHarness], object]) -> Screen:
    """A pane in a state."""

    def show(harness: WindowHarness) -> None:
        harness.contents.open(id)
        feed(harness)
        harness.tick(0)

    return Screen(name, show)


def form(name: str, kind: str, id: str = "w1") -> Screen:
    """A form inside a pane."""

    def show(harness: WindowHarness) -> None:
        if id == "w1":
            harness.active(id)
        harness.contents.open(id)
        pane = harness.contents.pages.pane
        assert pane is not None
        pane.header.form_requested.emit(kind)

    return Screen(name, show)


def adding(name: str, *steps: str) -> Screen:
    """A step of adding an account, by the buttons that lead there."""

    def show(harness: WindowHarness) -> None:
        harness.contents.pages.add_account()
        page = harness.contents.pages.currentWidget()
        assert isinstance(page, AddAccountWizard)
        page.choose_provider()
        for step in steps:
            harness.window.findChild(QAbstractButton, step).click()  # type: ignore[union-attr]
            laid_out()

    return Screen(name, show)


def key_state(harness: WindowHarness, idle: float = 0.0) -> Active:
    """A WhiteBIT key that was not used for so many days."""
    now, day = harness.clock.elapsed, 86_400.0
    grant = harness.token(14_000.0, 14_400.0)
    rights = ("info", "spot", "trading", "withdrawal")
    return Active(Key(Secret("canary-public-key"), now - idle * day - 60, now - idle * day, 14 * day, rights, grant))


def with_device(harness: WindowHarness) -> Authorizing:
    """A sign-in by a code on another device."""
    ends, page = harness.clock.elapsed + 283, "https://www.premiumize.me/device"
    device = DeviceAuthorization(Secret("canary-device-code"), "TSGX-JDKN", page, f"{page}?code=TSGX-JDKN", ends, 5.0)
    return Authorizing(harness.clock.elapsed, ends, "device", device=device)


def _overview(harness: WindowHarness) -> None:
    harness.signed_out("p1", Reason.REFRESH_EXPIRED)
    harness.feed("w2", Active(harness.token(), Retrying(harness.clock.elapsed + 8, LOST)))
    harness.waiting("b2")
    harness.contents.pages.show_overview()


def _notice(harness: WindowHarness) -> None:
    harness.contents.pages.show_overview()
    harness.contents.notice.ask(
        "Not in the keyring yet: the newest token of Trading. If you quit now, you must sign in again.",
        "Quit anyway",
        lambda: None,
        ("Keep in the tray", lambda: None),
    )
    harness.contents.notice.offer_connection()


def _copied(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.active("w1")
    harness.contents.open("w1")
    harness.clipboard.copy(Secret("canary-access-token"), 29.0, "w1")


def _asked(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.active("w1")
    harness.contents.open("w1")
    asking, account = harness.rack.access.asking, harness.account("w1")
    questions.extend(asyncio.ensure_future(asking.ask(account, program)) for program in (LONG, OTHER))


def _export(harness: WindowHarness) -> None:
    harness.contents.arrivals.export_accounts()
    form = harness.contents.findChild(ExportForm)
    assert form is not None
    harness.tasks.cancel("export_look")  # none of these accounts has a record
    form.rotating.show_names([account.settings.name for account in harness.rack.accounts])
    form.rotating.go.click()
    form.sealing.first.edit.setText("canary words that nobody guesses")


def _import(harness: WindowHarness) -> None:
    harness.contents.arrivals.import_accounts()
    form = harness.contents.findChild(ImportForm)
    assert form is not None
    form.sealed.show()
    form.passphrase.show_problem("This is not the passphrase of the export. Nothing was imported. Try again.")
    moves = harness.rack.parts.moves
    form.plan.show_plan(moves.importer.plan(moves.exporter.without_secrets()))


def _locked(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.contents.pages.show_overview()
    harness.rack.lock.lock(by_hand=True)


def _unlocked(harness: WindowHarness) -> None:
    harness.rack.lock.unlock_by_press()
    harness.contents.pages.lock_passphrase()


SCREENS = (
    Screen("overview", _overview),
    state("ready", "w1", lambda harness: harness.active("w1")),
    Screen("copied", _copied),
    state("retrying", "w1", lambda h: h.active("w1", Retrying(h.clock.elapsed + 8, LOST))),
    state("ended", "w1", lambda h: h.active("w1", Retrying(h.clock.elapsed + 8, LOST), h.token(-2.0))),
    state("unsaved", "w1", lambda harness: harness.active("w1", Unsaved(WHY))),
    state("sign-in-needed", "w1", lambda harness: harness.signed_out("w1", Reason.INTERRUPTED_REFRESH)),
    state("keyring", "w1", lambda harness: harness.feed("w1", Unreadable(WHY))),
    state("opening", "w1", lambda harness: harness.feed("w1", Opening())),
    state("closed", "p1", lambda harness: harness.feed("p1", Closed())),
    state("refused", "p1", lambda harness: harness.feed("p1", LoggedOut(Reason.NEW, REFUSED))),
    state("browser", "w1", lambda harness: harness.waiting("w1")),
    state("confirming", "b1", lambda harness: harness.waiting("b1", "confirming", "s…m@example.org")),
    state("refusal", "w1", lambda harness: harness.waiting("w1", "refusal")),
    state("exchanging", "w1", lambda harness: harness.waiting("w1", "exchanging")),
    state("network", "w1", lambda h: h.feed("w1", Authorizing(0, h.clock.elapsed + 8, "network", why=LOST))),
    state("user-code", "b2", lambda harness: harness.signed_out("b2")),
    state("device", "d1", lambda harness: harness.feed("d1", with_device(harness))),
    state("storage", "b1", lambda harness: harness.active("b1")),
    state("key", "k1", lambda harness: harness.feed("k1", key_state(harness))),
    state("key-idle", "k1", lambda harness: harness.feed("k1", key_state(harness, 10.1))),
    state("key-page", "k1", lambda h: h.feed("k1", Authorizing(h.clock.elapsed, None, "key"))),
    state("public-key", "k1", lambda h: h.feed("k1", Authorizing(h.clock.elapsed, None, "public_key"))),
    form("rename", "rename"),
    form("edit", "edit"),
    form("scripts", "scripts"),
    form("remove", "remove"),
    form("delete-key", "delete_key", "k1"),
    adding("providers"),
    adding("regions", "provider:whitebit"),
    adding("credentials", "provider:whitebit", "region:global"),
    adding("credentials-key", "provider:whitebit-fast-key"),
    adding("import", "import_provider"),
    Screen("connection", lambda harness: harness.contents.open_connection()),
    Screen("export", _export),
    Screen("import", _import),
    Screen("notice", _notice, high=BESIDE_A_PAGE),
    Screen("question", _asked, high=BESIDE_A_PAGE),
    Screen("locked", _locked),
    Screen("passphrase", _unlocked),
)


SCREENS_OF_MANY = (
    Screen("overview", lambda harness: harness.contents.pages.show_overview()),
    state("ready", "m60", lambda harness: harness.active("m60")),
)


def laid_out() -> None:
    """Let every layout come to rest."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()
