"""Exports, imports and the weekly copy of one rack. Most starts need none, so each is loaded when it is used."""

import asyncio
import importlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keyrack.core.accounts.collection import Accounts
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sign_out import SignOut
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.primitives.clock import Clock

if TYPE_CHECKING:
    from keyrack.core.moving.choices import Choices
    from keyrack.core.moving.exporting import Exporter
    from keyrack.core.moving.importing import Importer
    from keyrack.core.moving.weekly_copy import WeeklyCopy

FIRST_LOOK_SECONDS = 60.0


class Moves:
    """What moves accounts from one home to another."""

    def __init__(
        self,
        accounts: Accounts,
        catalog: ProviderCatalog,
        preferences: Preferences,
        sign_out: SignOut,
        restorer: Restorer,
        state: Path,
        clock: Clock,
        *,
        sandbox: bool,
    ) -> None:
        self._accounts = accounts
        self._catalog = catalog
        self._preferences = preferences
        self._sign_out = sign_out
        self._restorer = restorer
        self._state = state
        self._clock = clock
        self._sandbox = sandbox

    @cached_property
    def exporter(self) -> "Exporter":
        """Writes exports."""
        module = importlib.import_module("keyrack.core.moving.exporting")
        made: Exporter = module.Exporter(
            self._accounts,
            self._catalog,
            self._choices,
            self._sign_out,
            self._restorer.hand_overs,
            self._clock,
            self._sandbox,
        )
        return made

    @cached_property
    def importer(self) -> "Importer":
        """Takes exports in."""
        module = importlib.import_module("keyrack.core.moving.importing")
        made: Importer = module.Importer(
            self._accounts, self._catalog, self._choices, self._sign_out, self._restorer, self._sandbox
        )
        return made

    @cached_property
    def weekly_copy(self) -> "WeeklyCopy":
        """Copies the settings."""
        module = importlib.import_module("keyrack.core.moving.weekly_copy")
        made: WeeklyCopy = module.WeeklyCopy(self._state, self.exporter.without_secrets, self._clock)
        return made

    async def run(self) -> None:
        """Make the weekly copies, the first a minute after the start, until cancelled."""
        await asyncio.sleep(FIRST_LOOK_SECONDS)
        await self.weekly_copy.run()

    @cached_property
    def _choices(self) -> "Choices":
        made: Choices = importlib.import_module("keyrack.core.moving.choices").Choices(self._preferences)
        return made
