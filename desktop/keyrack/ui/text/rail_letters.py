"""The letters of an account's tile in the narrow sidebar, where its name cannot be read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.sites.catalog import ProviderCatalog

_DIGITS = re.compile(r"(\d+)\D*$")
_MOST_DIGITS = 3


def letters_of_each(accounts: "Iterable[Account]", catalog: "ProviderCatalog") -> dict[str, str]:
    """The letters of each account, by its id."""
    groups: dict[str, list[Account]] = {}
    for account in accounts:
        groups.setdefault(account.settings.provider, []).append(account)
    found: dict[str, str] = {}
    for id, group in groups.items():
        provider, names = catalog[id], [account.settings.name for account in group]
        found |= zip(
            (account.id for account in group), rail_letters(names, provider.name, provider.monogram), strict=True
        )
    return found


def rail_letters(names: Sequence[str], exchange: str, monogram: str) -> list[str]:
    """The letters of the accounts of one exchange in their order, each account's own as far as letters go.

    The only account of an exchange has the exchange's monogram.
    """
    if len(names) < 2:
        return [monogram] * len(names)
    found: list[str] = []
    for at, name in enumerate(names, 1):
        candidates = _candidates(name, exchange, monogram, at)
        found.append(next((letters for letters in candidates if letters not in found), monogram))
    return found


def _candidates(name: str, exchange: str, monogram: str, at: int) -> Iterator[str]:
    """The best letters first: the exchange's own name says nothing beside its other accounts."""
    own = name[len(exchange) :] if name.casefold().startswith(exchange.casefold()) else name
    words = re.findall(r"\w+", own)
    if not words:
        yield monogram
        words = re.findall(r"\w+", name) or [monogram]
    letter = words[0][0].upper() if words[0][0].isalpha() else monogram[:1]
    if number := _DIGITS.search(own):
        digits = number[1][-_MOST_DIGITS:]
        yield digits if len(digits) == _MOST_DIGITS else letter + digits
    begins = words[-1][0] if len(words) > 1 else ""
    for other in f"{begins}{''.join(words)[1:]}".upper():
        if not other.isdigit():  # one digit of several would read as another number
            yield letter + other
    yield letter + str(at)
