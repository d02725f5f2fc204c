"""What is told of the accounts: how many of each provider are in which state, and what went wrong, by its code."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from keyrack.core.accounts.account import Account
from keyrack.core.diagnostics.surroundings import Facts
from keyrack.core.status import describe
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.providers.registry import BUILT_IN

MOST_ERRORS = 20
OWN = "a provider of one's own"


def states(accounts: Iterable[Account], clock: Clock) -> Facts:
    """The states of each provider's accounts, counted."""
    counted: dict[str, Counter[str]] = {}
    for account in accounts:
        status = describe(account, clock)
        state = f"{status.name} ({status.reason})" if status.reason else status.name
        counted.setdefault(provider_of(account), Counter())[state] += 1
    return [
        (provider, ", ".join(f"{count} {state}" for state, count in sorted(found.items())))
        for provider, found in sorted(counted.items())
    ]


def errors_now(accounts: Iterable[Account]) -> Facts:
    """The failures that the accounts are in, by provider and code."""
    counted = Counter((provider_of(account), why.code) for account in accounts for why in _failures(account))
    return [(provider, f"{count} × {code}") for (provider, code), count in sorted(counted.items())]


def last_errors(accounts: Iterable[Account]) -> Facts:
    """The newest lines of the activity that have a failure behind them: when, at which provider, and the codes."""
    newest: dict[tuple[str, str, str], tuple[float, int]] = {}
    for account in accounts:
        for line in account.activity.lines():
            if line.notice.cause is not None:
                key = (provider_of(account), line.notice.code, line.notice.cause.code)
                at, count = newest.get(key, (0.0, 0))
                newest[key] = (max(at, line.at), count + 1)
    found = sorted(newest.items(), key=lambda each: -each[1][0])[:MOST_ERRORS]
    return [
        (moment(at), f"{provider}, {count} × {code} because of {why}") for (provider, code, why), (at, count) in found
    ]


def provider_of(account: Account) -> str:
    """The provider's id, and for a file of the person's own only that it is one."""
    return account.settings.provider if account.settings.provider in BUILT_IN else OWN


def moment(at: float) -> str:
    """A wall time in UTC, to the minute."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H.%M UTC")
    except (OverflowError, OSError, ValueError):
        return "an impossible time"


def _failures(account: Account) -> Iterator[Failure]:
    state = account.state
    for holder in (state, getattr(state, "renewal", None)):
        why = getattr(holder, "why", None)
        if isinstance(why, Failure):
            yield why
    if account.balances is not None and account.balances.failure is not None:
        yield account.balances.failure
