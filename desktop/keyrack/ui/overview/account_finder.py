"""Finds accounts by what a person remembers of them: name, exchange, an asset in it, or its state."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from keyrack.ui.text.asset_names import whole_name
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.summary_text import words_of_groups
from keyrack.ui.widgets.ring_kind import kind_words

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.balances_snapshot import Balances
    from keyrack.core.rack import Rack


class AccountFinder:
    """Every word must be found: inside of name, exchange, site or state, or at the beginning of an asset's name.

    A state is found by its words on the card, and by those of the summary above the cards.
    What accounts hold is read anew only where their figures have changed.
    """

    def __init__(self, rack: "Rack") -> None:
        self._rack = rack
        self._groups: dict[str, str] = {}
        self._held: dict[str, tuple[Balances, str]] = {}

    def hits(self, ids: Iterable[str], text: str, *, needing: bool) -> tuple[str, ...]:
        """Those of the accounts that match. With `needing`, only those that need their person."""
        words = text.casefold().split()
        if not words and not needing:
            return tuple(ids)
        self._groups = words_of_groups()
        return tuple(id for id in ids if self._matches(id, words, needing=needing))

    def _matches(self, id: str, words: list[str], *, needing: bool) -> bool:
        account = self._rack.accounts.find(id)
        if account is None:
            return False
        view = AccountView(account, self._rack.clock)
        if needing and not view.needs_person:
            return False
        about, held = self._about(account, view), self._held_by(account) if words else ""
        return all(word in about or f"\n{word}" in held for word in words)

    def _about(self, account: "Account", view: AccountView) -> str:
        provider, settings = self._rack.provider_of(account.settings), account.settings
        states = [view.headline(), kind_words(view.kind), self._groups[view.group]]
        if view.needs_person:
            states.append(kind_words("needs"))
        parts = (settings.name, provider.name, provider.site(settings.region), *states)
        return "\n".join(parts).casefold()

    def _held_by(self, account: "Account") -> str:
        balances = account.balances
        if balances is None:
            return ""
        known = self._held.get(account.id)
        if known is None or known[0] is not balances:
            names = {whole_name(held.asset) for held in balances.holdings if held.total or held.total is None}
            known = self._held[account.id] = (balances, "\n" + "\n".join(sorted(names)).casefold())
        return known[1]
