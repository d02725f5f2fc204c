"""Exports, imports and the weekly copy of one rack, made once."""

from dataclasses import dataclass
from pathlib import Path

from keyrack.core.accounts.collection import Accounts
from keyrack.core.moving.choices import Choices
from keyrack.core.moving.exporting import Exporter
from keyrack.core.moving.importing import Importer
from keyrack.core.moving.weekly_copy import WeeklyCopy
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sign_out import SignOut
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.primitives.clock import Clock


@dataclass(frozen=True, slots=True)
class Moves:
    """What moves accounts from one home to another."""

    exporter: Exporter
    importer: Importer
    weekly_copy: WeeklyCopy

    @classmethod
    def assemble(
        cls,
        accounts: Accounts,
        catalog: ProviderCatalog,
        preferences: Preferences,
        sign_out: SignOut,
        restorer: Restorer,
        state: Path,
        clock: Clock,
        *,
        sandbox: bool,
    ) -> "Moves":
        """Make all three."""
        choices = Choices(preferences)
        exporter = Exporter(accounts, catalog, choices, sign_out, clock, sandbox)
        importer = Importer(accounts, catalog, choices, sign_out, restorer, sandbox)
        return cls(exporter, importer, WeeklyCopy(state, exporter.without_secrets, clock))
