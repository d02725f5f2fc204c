"""What each asset is worth over all accounts that count."""

from decimal import Context, Decimal

from keyrack.core.accounts.collection import Accounts
from keyrack.core.valuation.totals import Totals
from keyrack.core.valuation.valuation import Total

_WIDE = Context(prec=500)


class AssetValues:
    """Adds the assets of all accounts. What an account adds is computed anew only when its total is another one."""

    def __init__(self, accounts: Accounts, totals: Totals) -> None:
        self._accounts = accounts
        self._totals = totals
        self._known: dict[str, tuple[Total, dict[str, Decimal]]] = {}

    def of_all(self) -> list[tuple[str, Decimal]]:
        """The assets that are worth something, the highest value first. Debts are left out: no share is below zero."""
        whole: dict[str, Decimal] = {}
        known, self._known = self._known, {}
        for account in self._accounts:
            worth = self._totals.total_of(account) if self._totals.counts(account) else None
            if worth is None or account.balances is None:
                continue
            kept = known.get(account.id)
            if kept is None or kept[0] is not worth:
                assets = [holding.asset for holding in account.balances.holdings]
                kept = worth, _added(assets, worth)
            self._known[account.id] = kept
            for asset, value in kept[1].items():
                whole[asset] = _WIDE.add(whole.get(asset, Decimal(0)), value)
        return sorted(((a, v) for a, v in whole.items() if v > 0), key=lambda pair: pair[1], reverse=True)


def _added(assets: list[str], worth: Total) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for asset, each in zip(assets, worth.holding_values, strict=True):
        if each.value:
            found[asset] = _WIDE.add(found.get(asset, Decimal(0)), each.value)
    return found
