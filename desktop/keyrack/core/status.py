"""Describes one account's state in plain figures and sentences. Everything that is shown derives from this."""

import math
from dataclasses import dataclass, replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.renewer import Renewer
from keyrack.core.accounts.state import (
    Active,
    Authorizing,
    Closed,
    LoggedOut,
    Opening,
    Reason,
    Retrying,
    Running,
    State,
    Unreadable,
    Unsaved,
    access_of,
)
from keyrack.core.failures import ExchangeClosed, RefusedForNow
from keyrack.core.scheduling.asked_wait import LONGEST_WAIT
from keyrack.core.tokens.renewal_rule import due, lead
from keyrack.messages.catalogue import counted, message
from keyrack.net.network_errors import TlsRefused, Unreachable
from keyrack.oauth.oauth_errors import RequestRefused, SignInCancelled, SignInExpired
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

YEAR = 365 * 86_400
# The reason of an account that an answer of its provider closed.
ENDED = "ended"
# Four of the fourteen days that a WhiteBIT key may lie idle (WhiteBIT Fast API key Q8).
REMINDED_SHARE = 2 / 7

# The steps of a sign-in at which it is the person's turn inside Keyrack.
ASKING = frozenset({"confirming", "refusal", "public_key"})
_NEEDING = frozenset({"needs_login", "unsaved", "keyring_unavailable"})
# Nobody waits for such an account.
BY_CHOICE = frozenset({
    Reason.NEW, Reason.NEW_CREDENTIALS, Reason.SIGNED_OUT, Reason.HANDED_OVER, Reason.SANDBOX_RESTARTED,
})  # fmt: skip

_REASONS = {
    Reason.NEW: "nobody_signed_in",
    Reason.NEW_CREDENTIALS: "credentials_saved",
    Reason.SIGNED_OUT: "you_signed_out",
    Reason.HANDED_OVER: "sign_in_handed_over",
    Reason.SANDBOX_RESTARTED: "sandbox_was_restarted",
    Reason.DENIED: "sign_in_denied",
    Reason.REFRESH_EXPIRED: "sign_in_lapsed",
    Reason.REFRESH_REJECTED: "sign_in_revoked",
    Reason.INTERRUPTED_REFRESH: "refresh_interrupted",
    Reason.ITEM_MISSING: "keyring_item_missing",
    Reason.ITEM_CORRUPT: "keyring_item_corrupt",
    Reason.ITEM_NEWER: "keyring_record_newer",
    Reason.WRONG_ACCOUNT: "wrong_account",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What the window and `status --json` show of an account.

    Durations are in seconds, `sign_in_ends` is in wall seconds. `name` is one of the names that the command line
    documents. `sign_in_at_risk` warns before the refresh token ends (S78).
    For an API key, `left` is the time until the provider ends the unused key. `renews_in` and the fields
    `sign_in_*` are those of the token that can delete it. `lies_idle` reminds of the key from the tenth day without use
    (WhiteBIT Fast API key Q8).
    Figures that do not apply are None, and texts are "". `detail` holds the provider's own words. With `detail_wanted`
    the sentences point to them. With `no_connection` the provider was not reached, so that the way to it is to be seen.
    `step` is the step of a sign-in that is under way. `signed_out` says that there is no sign-in by choice, so that the
    account waits and is no trouble. `shared` says which host renews an account that several hosts share.
    """

    name: str
    left: float | None = None
    lifetime: float | None = None
    renews_in: float | None = None
    sign_in_ends: float | None = None
    sign_in_left: float | None = None
    sign_in_lifetime: float | None = None
    sign_in_at_risk: bool = False
    is_key: bool = False
    lies_idle: bool = False
    retry_in: float | None = None
    reason: str = ""
    happened: str = ""
    means: str = ""
    todo: str = ""
    detail: str = ""
    detail_wanted: bool = False
    no_connection: bool = False
    step: str = ""
    signed_out: bool = False
    shared: Renewer | None = None

    @property
    def needs_person(self) -> bool:
        """Whether the account goes on only when its person does something. Nothing else in Keyrack decides this."""
        return (self.name in _NEEDING and not self.signed_out) or self.lies_idle or self.step in ASKING

    @property
    def left_alone(self) -> bool:
        """Whether a newer Keyrack wrote the account's record (S68), so that no sign-in of this one could be kept."""
        return self.reason == Reason.ITEM_NEWER


def describe(account: Account, clock: Clock) -> Status:
    """The account's status at this moment."""
    status = _shared(_describe(account.state, clock), account.renewer)
    if account.renewed_sooner and status.renews_in is not None:
        status = replace(status, renews_in=max(0.0, status.renews_in - account.renewed_sooner))
    why = account.balances.failure if account.balances is not None else None
    if status.name == "ready" and isinstance(why, RefusedForNow):
        return replace(_in_words(status, why), means=why.means)
    return status


def _shared(status: Status, renewer: Renewer | None) -> Status:
    if renewer is None or renewer.away is None or status.happened:
        return status if renewer is None else replace(status, shared=renewer)
    return replace(_in_words(status, renewer.away), means=renewer.away.means, shared=renewer)


def words_hold_for(status: Status) -> float:
    """For how many seconds a status of the same state differs from this one in its countdowns alone."""
    if status.sign_in_at_risk:
        return 0.0
    if status.is_key:
        window = math.inf if status.sign_in_left is None else status.sign_in_left
        return min(window, _reminds_in(status))
    if status.sign_in_left is None or status.sign_in_lifetime is None:
        return math.inf
    return status.sign_in_left - lead(status.sign_in_lifetime)


def _reminds_in(status: Status) -> float:
    if status.lies_idle or status.left is None or status.lifetime is None:
        return math.inf
    return status.left - status.lifetime * REMINDED_SHARE


def _describe(state: State, clock: Clock) -> Status:
    match state:
        case Active():
            return _active(state, clock)
        case Authorizing(step="network"):
            return _without_network(state, clock)
        case Authorizing():
            left = None if state.ends is None else max(0.0, state.ends - clock.elapsed())
            return Status("signing_in", left=left, step=state.step)
        case LoggedOut():
            return _logged_out(state)
        case Unreadable():
            return _with_failure("keyring_unavailable", state.why)
        case Closed():
            return _with_failure("closed", state.why or ExchangeClosed(), ENDED if state.why is not None else "")
        case Opening():
            return Status("refreshing", happened=message("asking_keyring", {}).happened)


def _logged_out(state: LoggedOut) -> Status:
    # A sign-in that the person left is no trouble, one that failed is.
    left = state.why is None or isinstance(state.why, SignInCancelled | SignInExpired)
    chosen = left and state.reason in BY_CHOICE
    if state.why is not None:
        return replace(_with_failure("needs_login", state.why, str(state.reason)), signed_out=chosen)
    happened, means, todo = message(_REASONS[state.reason], {})
    return Status("needs_login", reason=str(state.reason), happened=happened, means=means, todo=todo, signed_out=chosen)


def _without_network(state: Authorizing, clock: Clock) -> Status:
    again = 0.0 if state.ends is None else max(0.0, state.ends - clock.elapsed())
    status = Status("signing_in", retry_in=again, step=state.step)
    if state.why is None:
        return status
    return replace(_in_words(status, state.why), means=message("network_awaited", {}).happened)


def _with_failure(name: str, why: Failure, reason: str = "") -> Status:
    return replace(_in_words(Status(name, reason=reason), why), means=why.means)


def _in_words(status: Status, why: Failure) -> Status:
    wanted, no_connection = isinstance(why, RequestRefused), isinstance(why, Unreachable | TlsRefused)
    said = replace(status, happened=why.happened, todo=why.todo, detail=why.said)
    return replace(said, detail_wanted=wanted, no_connection=no_connection)


def _key(state: Active, key: Key, clock: Clock) -> Status:
    now = clock.elapsed()
    left = None if key.idle_ends is None else max(0.0, key.idle_ends - now)
    grant = key.grant
    ends, lifetime = (None, None) if grant is None else _sign_in_of(grant)
    grant_left = None if ends is None or ends <= now else ends - now
    when = due(grant) if grant is not None else None
    # A token that is renewed late does not keep the key from working.
    why = state.renewal.why if isinstance(state.renewal, Unsaved) else None
    return Status(
        "ready" if why is None else "unsaved",
        left=left,
        lifetime=key.idle_seconds,
        renews_in=None if when is None else max(0.0, when - now),
        sign_in_ends=None if grant_left is None or ends is None else clock.wall_at(ends),
        sign_in_left=grant_left,
        sign_in_lifetime=None if grant_left is None else lifetime,
        is_key=True,
        lies_idle=left is not None and key.idle_seconds is not None and left <= key.idle_seconds * REMINDED_SHARE,
        happened=why.happened if why else "",
        means=why.means if why else "",
        todo=why.todo if why else "",
    )


def _sign_in_of(token: Token) -> tuple[float | None, float | None]:
    """When the token that makes keys ends unless it is renewed, in elapsed seconds, and how long it lives then."""
    if token.renewable:
        return token.refresh_expires, token.refresh_lifetime
    return token.expires, token.lifetime


def _active(state: Active, clock: Clock) -> Status:
    match state.credential:
        case Key() as key:
            return _key(state, key, clock)
        case Token() as token:
            return _token(state, token, clock)


def _token(state: Active, token: Token, clock: Clock) -> Status:
    now = clock.elapsed()
    left = None if token.expires is None or token.access is None else max(0.0, token.expires - now)
    when = due(token)
    window = token.refresh_expires
    window_left = None if window is None else max(0.0, window - now)
    why = state.renewal.why if isinstance(state.renewal, Retrying | Unsaved) else None
    status = Status(
        _active_name(state),
        left=left,
        lifetime=token.lifetime,
        renews_in=None if when is None else max(0.0, when - now),
        sign_in_ends=None if window is None else clock.wall_at(window),
        sign_in_left=window_left,
        sign_in_lifetime=token.sign_in_window,
        sign_in_at_risk=_at_risk(window_left, token.sign_in_window),
        retry_in=max(0.0, state.renewal.at - now) if isinstance(state.renewal, Retrying) else None,
        means=" ".join(part for part in (_means(why, window_left, token.sign_in_window), _long_wait(why)) if part),
    )
    return _in_words(status, why) if why is not None else status


def _long_wait(why: Failure | None) -> str:
    """How long the server asks to wait, where Keyrack does not wait that long (report 32)."""
    if why is None or why.retry_after is None or why.retry_after <= LONGEST_WAIT:
        return ""
    minutes = f"{LONGEST_WAIT / 60:.0f}"
    return message("long_wait_asked", {"asked": format_left(why.retry_after), "minutes": minutes}).happened


def _at_risk(left: float | None, lifetime: float | None) -> bool:
    """Whether the sign-in itself is about to end. Renewals in time never let it come this near (S78)."""
    return left is not None and lifetime is not None and left < lead(lifetime)


def _means(why: Failure | None, left: float | None, lifetime: float | None) -> str:
    said = why.means if why else ""
    if not _at_risk(left, lifetime):
        return said
    warning = message("sign_in_at_risk", {"left": format_left(left)}).happened
    return f"{said} {warning}".strip()


def _active_name(state: Active) -> str:
    match state.renewal:
        case Retrying():
            return "retrying"
        case Unsaved():
            return "unsaved"
        case Running():
            return "refreshing"
    return "ready" if access_of(state) is not None else "refreshing"


def format_left(seconds: float | None) -> str:
    """A time left as `3:41` or `2:05:10`. Days stand for two days and more, words for more than a year or no time."""
    if seconds is None:
        return message("time_left_unknown", {}).happened
    if seconds > YEAR:
        return message("time_left_endless", {}).happened
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    if hours >= 48:
        return counted("day", hours // 24)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"
