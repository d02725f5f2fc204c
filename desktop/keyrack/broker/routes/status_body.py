"""Keyrack and its accounts as `/v1/status` and the stream of changes show them, without amounts and secrets."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from weakref import WeakKeyDictionary

import msgspec

from keyrack import __version__
from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Host
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.renewer import Renewer
from keyrack.core.accounts.state import State
from keyrack.core.rack import Rack
from keyrack.core.status import Status, describe, words_hold_for
from keyrack.language.translation import spoken

# The fields that count down, and what they are called in a status.
_COUNTDOWNS = {
    "expires_in": "left",
    "renews_in": "renews_in",
    "retry_in": "retry_in",
    "sign_in_ends_in": "sign_in_left",
}


def status_answer(rack: Rack, host: Host) -> Mapping[str, object]:
    """The object of `/v1/status`."""
    return {
        "version": VERSION,
        "release": __version__,
        "running": host.running,
        "sandbox": rack.sandbox,
        "locked": rack.lock.locked,
        "locked_by_hand": rack.lock.by_hand,
        "keyring": rack.vault_name,
        "keyring_in_memory": rack.vault_name == "memory",
        "accounts": msgspec.Raw(accounts_json(rack)),
    }


def account_answer(account: Account, rack: Rack) -> dict[str, object]:
    """One account. Durations are in whole seconds, None where they do not apply."""
    status, ends = describe(account, rack.clock), rack.provider_of(account.settings).ends
    return _answer(account.settings, status, ends, account.balances)


def _answer(settings: Settings, status: Status, ends: date | None, balances: Balances | None) -> dict[str, object]:
    said = {"happened": status.happened, "means": status.means, "todo": status.todo, "detail": status.detail}
    return {
        "name": settings.name,
        "provider": settings.provider,
        "region": settings.region,
        "identity": settings.identity,
        "state": status.name,
        "reason": status.reason,
        "needs_you": status.needs_person,
        **{field: _whole(getattr(status, name)) for field, name in _COUNTDOWNS.items()},
        "service_ends": None if ends is None else ends.isoformat(),
        "scripts": settings.scripts,
        "programs": list(settings.programs),
        "problem": said if status.happened else None,
        "left_out": _left_out(balances),
        "shared": _shared(status.shared),
    }


def _shared(renewer: Renewer | None) -> dict[str, object] | None:
    """Which host renews an account that several share, and since which second of 1970."""
    if renewer is None:
        return None
    return {"renewed_by": renewer.host, "here": renewer.here, "since": _whole(renewer.since)}


def _left_out(balances: Balances | None) -> dict[str, object] | None:
    """How many rows of the figures are missing. No amount is told."""
    if balances is None or not balances.left_out:
        return None
    found = balances.left_out
    return {"unread": found.unread, "beyond": found.beyond, "happened": balances.left_out_words}


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)


@dataclass(frozen=True, slots=True)
class _Template:
    """JSON with `%d` for each countdown, which reaches 0 at one of `moments`, in elapsed seconds.

    It holds in its language while the account has the same settings, state and balances, and until `holds_until`.
    """

    language: str

    settings: Settings
    state: State
    balances: Balances | None
    renewer: Renewer | None
    json: bytes
    moments: tuple[float, ...]
    holds_until: float

    def is_of(self, account: Account) -> bool:
        """Whether the account has not changed since, and the request wants the same language."""
        same_state = self.state is account.state and self.balances is account.balances
        same_state = same_state and self.renewer is account.renewer
        return same_state and self.settings is account.settings and self.language == spoken()


@dataclass(frozen=True, slots=True)
class _List:
    """The JSON list of all accounts as of the moment `at`, and the template that it was made from.

    The template holds in its language while the accounts have the same `version`, and until `holds_until`.
    """

    language: str

    version: int
    template: bytes
    moments: tuple[float, ...]
    holds_until: float
    at: float
    json: bytes


# A program that asks often, with hundreds of accounts, gets the same words with other numbers almost every time.
_lists: WeakKeyDictionary[Accounts, _List] = WeakKeyDictionary()
_templates: WeakKeyDictionary[Account, _Template] = WeakKeyDictionary()
_SAME_FIGURES_SECONDS = 0.1


def accounts_json(rack: Rack) -> bytes:
    """The JSON list of `account_answer` for every account. Its durations are at most a tenth of a second old."""
    accounts = rack.accounts
    now, known = rack.clock.elapsed(), _lists.get(accounts)
    same = known is not None and (known.version, known.language) == (accounts.version, spoken())
    if known is None or not same or now >= known.holds_until:
        known = _lists[accounts] = _list(rack, now)
    elif not 0 <= now - known.at < _SAME_FIGURES_SECONDS:
        known = _lists[accounts] = replace(known, at=now, json=_filled(known.template, known.moments, now))
    return known.json


def _filled(template: bytes, moments: tuple[float, ...], now: float) -> bytes:
    return template % tuple([int(moment - now) if moment > now else 0 for moment in moments])


def _list(rack: Rack, now: float) -> _List:
    parts = [_template(account, rack, now) for account in rack.accounts]
    template = b"[" + b",".join(part.json for part in parts) + b"]"
    moments = tuple(moment for part in parts for moment in part.moments)
    holds_until = min((part.holds_until for part in parts), default=math.inf)
    return _List(spoken(), rack.accounts.version, template, moments, holds_until, now, _filled(template, moments, now))


def _template(account: Account, rack: Rack, now: float) -> _Template:
    known, settings = _templates.get(account), account.settings
    if known is None or now >= known.holds_until or not known.is_of(account):
        status, moments, parts = describe(account, rack.clock), [], []
        ends = rack.provider_of(settings).ends
        for field, value in _answer(settings, status, ends, account.balances).items():
            text = msgspec.json.encode(value).replace(b"%", b"%%")
            if field in _COUNTDOWNS and value is not None:
                moments.append(now + getattr(status, _COUNTDOWNS[field]))
                text = b"%d"
            parts.append(b'"' + field.encode() + b'":' + text)
        json = b"{" + b",".join(parts) + b"}"
        until = now + words_hold_for(status)
        known = _Template(
            spoken(), settings, account.state, account.balances, account.renewer, json, tuple(moments), until
        )
        _templates[account] = known
    return known
