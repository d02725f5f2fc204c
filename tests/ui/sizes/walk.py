"""How the window is led from screen to screen at any size of text."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QApplication

from keyrack.core.access.prompts import Reply
from keyrack.core.accounts.account import Settings
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later
from tests.ui.harness import (
    ACCOUNTS,
    REDIRECT,
    WindowHarness,
    button,
    holdings,
    make_harness,
    opened_windows,
    seen,
    storage,
)

PIXELS_OF_A_POINT = 96 / 72
questions: list[asyncio.Future[Reply]] = []
background: list[asyncio.Task[object]] = []
KEYED = Settings("k1", "Trading key of the desk", "whitebit-fast-key", "global", "fast_api_key", "sample", REDIRECT)
DEVICE = Settings("d1", "Films by code", "premiumize", "global", "device_code", "sample-client")
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
    """One screen: `show` leads to it, perhaps by waiting.

    What stands beside a page needs a window that is `high`, a designed length. `leave` ends what no other page ends.
    """

    name: str
    show: Callable[[WindowHarness], object]
    high: int = 0
    leave: Callable[[WindowHarness], object] = lambda _harness: None


@contextmanager
def text_size(app: QApplication, points: float, room: tuple[int, int]) -> Iterator[None]:
    """The system's text at another size on a screen with this room, for windows that are made meanwhile."""
    if not app.styleSheet():
        theme().start(app)
    font = QFont(app.font())
    font.setPixelSize(round(points * PIXELS_OF_A_POINT))
    theme().use_font(font, QSize(*room))
    try:
        yield
    finally:
        font.setPixelSize(13)
        theme().use_font(font, QSize(*room))


async def harness_of(folder: Path, settings: tuple[Settings, ...] = SHOWN) -> WindowHarness:
    """A shown window with accounts in every state, and a question to come. Without an account it is a first start."""
    made = make_harness(folder, settings, sandbox=bool(settings))
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
    """Lead to a screen, and let what the window has begun end."""
    going = screen.show(harness)
    if isinstance(going, Awaitable):
        await going
    for _ in range(3):
        await asyncio.sleep(0)
    await seen(lambda: harness.tasks.idle)


async def close(harness: WindowHarness) -> None:
    """Delete the window now: a sheet for another size would visit every widget of it."""
    await harness.tasks.close()
    await harness.rack.access.close()
    for task in background:
        task.cancel()
    await asyncio.gather(*background, return_exceptions=True)
    background.clear()
    questions.clear()
    opened_windows.remove(harness.window)
    harness.window.hide()
    delete_later(harness.window)
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


def pressed(name: str, page: Screen, *buttons: str) -> Screen:
    """What some buttons of a screen lead to."""

    def show(harness: WindowHarness) -> None:
        page.show(harness)
        for each in buttons:
            laid_out()
            button(harness, each).click()
        laid_out()

    return Screen(name, show, page.high)


def laid_out() -> None:
    """Let every layout come to rest."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QCoreApplication.sendPostedEvents()
        QCoreApplication.processEvents()
