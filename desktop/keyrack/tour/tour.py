"""A scripted walk through the window, on the real widgets, that leaves pictures and a report."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Authorizing, Idle, LoggedOut, renewed_of
from keyrack.language.translation import tr
from keyrack.providers.schema import REDIRECT_FLOWS
from keyrack.tour.tour_report import TourReport
from keyrack.ui.integration.clipboard_mime import hints
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.main_window import DEFAULT

if TYPE_CHECKING:
    from keyrack.ui.frontend import Frontend

PATIENCE = 30.0
RENEWALS = 2
RENEWAL_PATIENCE = 60.0
_STEP = 0.02
_KEY_LATE = 2  # seconds, so that the wait for the key is seen
_AGREEMENT_PATIENCE = 10.0


class SandboxControl(Protocol):
    """The part of the sandbox that the tour uses."""

    gate: asyncio.Event

    async def user_code(self) -> str:
        """A fresh user code."""
        ...

    async def refresh_token(self) -> str:
        """A fresh refresh token."""
        ...

    async def browse(self, address: str) -> None:
        """Open an address in the scripted browser."""
        ...

    async def fault(self, provider: str, endpoint: str, fault: str) -> None:
        """Switch a fault on."""
        ...

    async def heal(self) -> None:
        """Switch every fault off."""
        ...

    async def renewals(self) -> dict[str, int]:
        """Renewals as the sandbox counted them."""
        ...


class TourTimeout(Exception):
    """Something that the tour waited for did not happen in time."""


class Tour:
    """One walk through the program. `run` returns the exit code."""

    def __init__(self, frontend: "Frontend", sandbox: SandboxControl, folder: Path) -> None:
        self._frontend = frontend
        self._window = frontend.window
        self._rack = frontend.rack
        self._sandbox = sandbox
        self._folder = folder
        self._report = TourReport(frontend.rack)

    async def run(self) -> int:
        """Walk, write the report, and return 0 only if everything was right."""
        self._folder.mkdir(parents=True, exist_ok=True)
        theme().use("light")
        theme().allow_motion(allowed=False)  # a picture shows a page and not the way to it
        # Nothing in the pictures looks hovered.
        self._window.resize(*DEFAULT)  # A display that is only made up may be smaller.
        QCursor.setPos(self._window.screen().geometry().bottomRight())
        try:
            await self._walk()
        except TourTimeout as problem:
            self._report.fail(str(problem))
            self._picture("stopped")
        self._report.write(self._folder / "report.json", await self._counted())
        print(self._report.summary(), tr("See {folder}", folder=self._folder.resolve()))
        return 0 if self._report.ok else 1

    async def _counted(self) -> dict[str, int]:
        """The sandbox's counts, read while no renewal is under way if there is such a moment."""
        deadline = self._rack.clock.elapsed() + _AGREEMENT_PATIENCE
        while True:
            counted = await self._sandbox.renewals()
            if self._report.agrees(counted) or self._rack.clock.elapsed() > deadline:
                return counted
            await asyncio.sleep(_STEP)

    async def _walk(self) -> None:
        await self._until(lambda: len(self._rack.accounts) > 0, "the sandbox's accounts")
        await self._picture_in_both_schemes("overview-signed-out")
        for account in self._rack.accounts:
            await self._sign_in(account)
        await self._figures()
        await self._copy()
        await self._end_a_sign_in()
        await self._renewals()
        await self._pictures()
        await self._cleared()

    async def _sign_in(self, account: Account) -> None:
        await self._show(account)
        redirect = account.settings.flow in REDIRECT_FLOWS
        if account.settings.flow == "user_code":
            self._type("user_code", await self._sandbox.user_code())
        if account.settings.flow == "refresh_token":
            self._type("refresh_token", await self._sandbox.refresh_token())
        if redirect:
            self._sandbox.gate.clear()
        await self._press("sign_in")
        if redirect:
            await self._until(lambda: _step(account) == "browser", f"{account.settings.name} to wait for the browser")
            await self._picture_in_both_schemes(f"waiting-{account.settings.provider}")
            if account.settings.flow == "fast_api_key":
                await self._sandbox.fault(account.settings.provider, "create", f"late:{_KEY_LATE}")
            self._sandbox.gate.set()
        if account.settings.flow == "fast_api_key":
            await self._until(lambda: _step(account) == "key", f"{account.settings.name} to wait for the key")
            await self._picture_in_both_schemes(f"waiting-for-key-{account.settings.provider}")
            await self._sandbox.heal()
        if account.settings.flow == "device_code":
            await self._until(lambda: _step(account) == "device", f"{account.settings.name}'s code")
            await self._picture_in_both_schemes(f"waiting-{account.settings.provider}")
            await self._open_device_page(account)
        await self._until(lambda: _step(account) == "confirming" or _ready(account), f"{account.settings.name}'s token")
        if _step(account) == "confirming":
            await self._picture_in_both_schemes(f"confirming-{account.settings.provider}")
            await self._press("answer_yes")
        await self._until(lambda: _ready(account), f"{account.settings.name} to be signed in")
        self._report.signed_in(account, await self._sandbox.renewals())

    async def _open_device_page(self, account: Account) -> None:
        """Open the address in the QR code, as a phone would."""
        device = account.state.device if isinstance(account.state, Authorizing) else None
        if device is None:
            raise TourTimeout(f"{account.settings.name}'s code")
        await self._sandbox.browse(device.complete)

    async def _figures(self) -> None:
        def arrived() -> bool:
            return all(account.balances is not None for account in self._rack.accounts)

        await self._until(arrived, "the figures of every account")

    async def _copy(self) -> None:
        account = next(a for a in self._rack.accounts if a.settings.provider == "whitebit")
        await self._show(account)
        await self._press("copy_token")
        await self._until(lambda: self._frontend.clipboard.holds_secret, "a token on the clipboard")
        self._report.hint = set(hints(sys.platform)) <= set(self._frontend.clipboard.formats())
        await self._picture_in_both_schemes("copied")

    async def _cleared(self) -> None:
        clipboard = self._frontend.clipboard
        await self._until(lambda: not clipboard.holds_secret, "the clipboard to be cleared")
        await self._until(lambda: not clipboard.afterwards.looking, "a look at what is there afterwards")
        self._report.cleared = not clipboard.afterwards.found

    async def _end_a_sign_in(self) -> None:
        account = [a for a in self._rack.accounts if a.settings.provider == "whitebit"][-1]
        await self._show(account)
        await self._sandbox.fault("whitebit", "refresh", "status:503")
        await self._press("menu_refresh")
        await self._until(lambda: not _ready(account), "the fault to be seen")
        await self._picture_in_both_schemes("retrying")
        await self._sandbox.heal()
        await self._sandbox.fault("whitebit", "refresh", "refused")
        await self._until(lambda: not isinstance(account.state, Active), "the account to need its person", PATIENCE)
        await self._picture_in_both_schemes("needs-you")
        await self._press("overview")
        await self._picture_in_both_schemes("overview-needs-you")
        await self._sandbox.heal()
        hit = [a for a in self._rack.accounts if a.settings.provider == "whitebit"]
        await self._until(lambda: all(_ready(a) or isinstance(a.state, LoggedOut) for a in hit), "the fault to be over")
        for one in hit:
            if isinstance(one.state, LoggedOut):
                await self._sign_in(one)

    async def _renewals(self) -> None:
        def enough() -> bool:
            renewable = [
                a for a in self._rack.accounts if (token := renewed_of(a.state)) is not None and token.renewable
            ]
            return all(self._report.claimed(a) >= RENEWALS for a in renewable)

        deadline = self._rack.clock.elapsed() + RENEWAL_PATIENCE
        while not enough():
            if self._rack.clock.elapsed() > deadline:
                raise TourTimeout("every renewable account to renew twice")
            await asyncio.sleep(0.3)
        await self._until(lambda: all(_ready(a) for a in self._rack.accounts), "every account to be ready")

    async def _pictures(self) -> None:
        """Every pane and the overview in one scheme, then in the other: a change takes longer than a picture."""
        for turn in range(2):
            if turn:
                _change_scheme()
            for account in self._rack.accounts:
                await self._show(account)
                settings = account.settings
                name = f"pane-{settings.provider}-{settings.region}-{settings.flow}".replace("_", "-")
                await self._settled_picture(name)
            await self._press("overview")
            await self._settled_picture("overview")

    async def _show(self, account: Account) -> None:
        await self._press(f"account:{account.id}")

    async def _press(self, name: str) -> None:
        def found() -> QAbstractButton | None:
            every = self._window.findChildren(QAbstractButton, name)
            return next((b for b in every if b.isVisible() and b.isEnabled()), None)

        await self._until(lambda: found() is not None, f"the button {name}")
        button = found()
        if button is not None:
            button.click()
        await asyncio.sleep(0)

    def _type(self, name: str, text: str) -> None:
        edit = next((e for e in self._window.findChildren(QLineEdit, name) if e.isVisible()), None)
        if edit is None:
            raise TourTimeout(f"the field {name}")
        edit.setText(text)

    async def _picture_in_both_schemes(self, name: str) -> None:
        """Save one picture in light and one in dark, beginning with the one that is shown: a change takes time."""
        await self._settled_picture(name)
        _change_scheme()
        await self._settled_picture(name)

    async def _settled_picture(self, name: str) -> None:
        await self._settled()
        self._picture(f"{name}-{theme().palette.name}")

    async def _settled(self) -> None:
        for _ in range(3):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            await asyncio.sleep(_STEP)

    def _picture(self, name: str) -> None:
        self._window.grab().save(str(self._folder / f"{name}.png"))

    async def _until(self, condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        deadline = self._rack.clock.elapsed() + patience
        while not condition():
            if self._rack.clock.elapsed() > deadline:
                raise TourTimeout(f"{what} did not come within {patience:.0f} s")
            await asyncio.sleep(_STEP)


def _change_scheme() -> None:
    theme().use("light" if theme().palette.name == "dark" else "dark")


def _step(account: Account) -> str:
    return account.state.step if isinstance(account.state, Authorizing) else ""


def _ready(account: Account) -> bool:
    return isinstance(account.state, Active) and isinstance(account.state.renewal, Idle)
