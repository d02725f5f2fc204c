"""What the renewals of this host need to know of accounts that another host renews."""

from typing import Protocol

from keyrack.core.accounts.account import Account


class Elsewhere(Protocol):
    """The other hosts of the group. Without one, no account is renewed elsewhere."""

    async def renew(self, account: Account) -> None:
        """Ask the host that renews this account for a newer token, and wait. The outcome is in the account's state."""


class Nowhere:
    """No other host can be asked, because this one shares no account now."""

    async def renew(self, account: Account) -> None:
        """Do nothing. The token that there is serves until it ends."""
