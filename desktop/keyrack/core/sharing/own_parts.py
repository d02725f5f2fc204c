"""The parts of this host that the shared accounts are connected to."""

from typing import Protocol

from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.store import AccountStore
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.rotation import Rotation
from keyrack.core.vault.record_store import RecordStore
from keyrack.primitives.clock import Clock


class OwnParts(Protocol):
    """What `wiring.py` has made."""

    @property
    def clock(self) -> Clock:
        """Both clocks."""

    @property
    def accounts(self) -> Accounts:
        """All accounts."""

    @property
    def account_store(self) -> AccountStore:
        """Adds, changes and removes them."""

    @property
    def preferences(self) -> Preferences:
        """The settings of this host."""

    @property
    def records(self) -> RecordStore:
        """Their records."""

    @property
    def rotation(self) -> Rotation:
        """Requests tokens."""

    @property
    def refresher(self) -> Refresher:
        """Renews tokens."""

    @property
    def sites(self) -> Sites:
        """The sites of the accounts."""

    @property
    def restorer(self) -> Restorer:
        """Makes states of records."""
