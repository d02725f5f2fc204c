"""The report of the tour: what the program claims, compared with what the sandbox counted."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.masking import mask
from keyrack.core.status import describe
from keyrack.language.translation import plural, tr

if TYPE_CHECKING:
    from keyrack.core.rack import Rack

RENEWED = "token_renewed"


class TourReport:
    """Collects what the tour saw. `ok` is whether everything was right."""

    def __init__(self, rack: "Rack") -> None:
        self._rack = rack
        self._began = time.monotonic()
        self._since = rack.clock.wall()
        self._before: dict[str, int] = {}
        self._pasted: set[str] = set()
        self._problems: list[str] = []
        self.hint = False
        self.cleared = False
        self.ok = False

    def fail(self, problem: str) -> None:
        """Record what did not happen."""
        self._problems.append(problem)

    def counted(self, account: Account, renewals: dict[str, int]) -> int:
        """How often the sandbox counted a renewal of this account's client since the tour signed in.

        Two accounts may share a client.
        """
        client = account.settings.client_id
        counted = sum(count for key, count in renewals.items() if key.startswith(f"{client}/"))
        return counted - self._before.get(client, 0)

    def signed_in(self, account: Account, renewals: dict[str, int]) -> None:
        """Count this account from now on. Keyrack may have renewed an earlier run's account before the tour began."""
        client = account.settings.client_id
        if client not in self._before:
            self._before[client] = self.counted(account, renewals) - self._claimed_together(account)
        if account.settings.flow == "refresh_token":
            self._pasted.add(account.id)

    def claimed(self, account: Account) -> int:
        """How many renewals the account reports since the tour began."""
        return sum(line.notice.code == RENEWED and line.at >= self._since for line in account.activity.lines())

    def _claimed_together(self, account: Account) -> int:
        """How many renewals all accounts of this account's client report.

        A sign-in with a pasted refresh token is one for the sandbox.
        """
        client = account.settings.client_id
        together = [other for other in self._rack.accounts if other.settings.client_id == client]
        return sum(self.claimed(other) + (other.id in self._pasted) for other in together)

    def agrees(self, renewals: dict[str, int]) -> bool:
        """Whether the accounts report as many renewals as the sandbox counted for their clients."""
        accounts = self._rack.accounts
        return all(self._claimed_together(account) == self.counted(account, renewals) for account in accounts)

    def write(self, path: Path, renewals: dict[str, int]) -> None:
        """Compare, decide, and write the report."""
        accounts = [self._account(account, renewals) for account in self._rack.accounts]
        if not (self.hint and self.cleared):
            self._problems.append("the clipboard was not hinted or not cleared")
        self.ok = not self._problems
        whole = {
            "ok": self.ok,
            "accounts": accounts,
            "clipboard": {"hint": self.hint, "cleared": self.cleared},
            "vault": self._rack.vault_name,
            "seconds": round(time.monotonic() - self._began, 1),
            "problems": self._problems,
        }
        path.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")

    def summary(self) -> str:
        """One sentence for the terminal."""
        if self.ok:
            return plural(
                "The tour of {n} account went well.", "The tour of {n} accounts went well.", len(self._rack.accounts)
            )
        return tr("The tour did not go well: {problems}.", problems="; ".join(self._problems))

    def _account(self, account: Account, renewals: dict[str, int]) -> dict[str, Any]:
        settings, status = account.settings, describe(account, self._rack.clock)
        counted, claimed = self.counted(account, renewals), self._claimed_together(account)
        if claimed != counted:
            self._problems.append(f"{settings.name}: {claimed} renewals claimed, {counted} counted")
        if status.name not in ("ready", "refreshing"):
            self._problems.append(f"{settings.name} is {status.name}")
        if account.balances is None or account.balances.failure is not None:
            self._problems.append(f"{settings.name} has no figures")
        return {
            "name": settings.name,
            "provider": settings.provider,
            "region": settings.region,
            "flow": settings.flow,
            "state": status.name,
            "expires_in_s": None if status.left is None else round(status.left, 1),
            "renewals": self.claimed(account),
            "balances": _balances(account.balances),
            "balance_source": account.balances.source if account.balances else "poll",
            "identity": settings.identity or mask(settings.client_id),
        }


def _balances(balances: Balances | None) -> list[dict[str, str | None]]:
    if balances is None:
        return []
    rows = [_row(" · ".join(filter(None, (h.asset, h.place))), h.available, h.total) for h in balances.holdings]
    storage = balances.storage
    return [*rows, _row("storage bytes", storage.available, storage.size)] if storage else rows


def _row(asset: str, available: object, total: object) -> dict[str, str | None]:
    return {
        "asset": asset,
        "available": None if available is None else str(available),
        "total": None if total is None else str(total),
    }
