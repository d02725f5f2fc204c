"""Keyrack and its accounts as `/v1/status` and the stream of changes show them, without amounts and secrets."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Host
from keyrack.core.accounts.account import Account
from keyrack.core.rack import Rack
from keyrack.core.status import describe
from keyrack.primitives.clock import Clock


def status_answer(rack: Rack, host: Host) -> Mapping[str, object]:
    """The object of `/v1/status`."""
    return {
        "version": VERSION,
        "running": host.running,
        "sandbox": rack.sandbox,
        "locked": rack.lock.locked,
        "locked_by_hand": rack.lock.by_hand,
        "keyring": rack.vault_name,
        "keyring_in_memory": rack.vault_name == "memory",
        "accounts": [account_answer(account, rack.clock) for account in rack.accounts],
    }


def account_answer(account: Account, clock: Clock) -> dict[str, object]:
    """One account. Durations are in whole seconds, None where they do not apply."""
    settings, status = account.settings, describe(account, clock)
    problem = {"happened": status.happened, "means": status.means, "todo": status.todo} if status.happened else None
    return {
        "name": settings.name,
        "provider": settings.provider,
        "region": settings.region,
        "identity": settings.identity,
        "state": status.name,
        "reason": status.reason,
        "expires_in": _whole(status.left),
        "renews_in": _whole(status.renews_in),
        "retry_in": _whole(status.retry_in),
        "sign_in_ends_in": _whole(status.sign_in_left),
        "scripts": settings.scripts,
        "programs": list(settings.programs),
        "problem": problem,
        "left_out": _left_out(account),
    }


def _left_out(account: Account) -> dict[str, object] | None:
    """How many rows of the figures are missing. No amount is told."""
    balances = account.balances
    if balances is None or not balances.left_out:
        return None
    found = balances.left_out
    return {"unread": found.unread, "beyond": found.beyond, "happened": balances.left_out_words}


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)
