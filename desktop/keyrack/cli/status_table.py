"""Formats the response of `/v1/status` as a table for a terminal."""

import time
from collections.abc import Iterable
from unicodedata import combining, east_asian_width

from keyrack.cli.exit_codes import plain, sentences
from keyrack.cli.output import as_called
from keyrack.language.translation import mark, plural, tr

_TITLES = (
    mark("ACCOUNT"),
    mark("PROVIDER"),
    mark("STATE"),
    mark("ENDS IN"),
    mark("RENEWS IN"),
    mark("SIGN-IN ENDS"),
    mark("SCRIPTS"),
)
_NAME, _PROVIDER, _STATE, _ENDS, _RENEWS, _SIGN_IN, _SCRIPTS = range(len(_TITLES))
_ACCOUNTS = (_NAME, _PROVIDER, _STATE, _SCRIPTS)
# Left out of a table that is too wide for the terminal, in this order.
_LESS_NEEDED = (_RENEWS, _SIGN_IN, _PROVIDER)
_STATES = {
    "ready": mark("ready"),
    "refreshing": mark("renewing"),
    "retrying": mark("retrying"),
    "unsaved": mark("not saved"),
    "signing_in": mark("signing in"),
    "needs_login": mark("sign in"),
    "closed": mark("closed"),
    "keyring_unavailable": mark("no keyring"),
}
NO_ACCOUNTS = mark("There are no accounts yet. `keyrack accounts add --help` says how to add one.")
_NARROWEST = 40
_LATEST = 2**33  # seconds since 1970, and no clock of a computer is beyond
_HOUR, _DAY, _YEAR = 3_600, 86_400, 31_536_000

Body = dict[str, object]


def table(answer: Body, columns: int = 0) -> str:
    """A line about Keyrack itself, then each account, with a line below it where something is wrong.

    The table has at most `columns` columns where leaving out less important ones is enough. 0 means no limit.
    """
    found = _accounts(answer)
    below = [
        [line for line in (_problem_line(account), _left_out_line(account), _shared_line(account)) if line]
        for account in found
    ]
    lines = _lines(found, below, range(len(_TITLES)), columns) or [as_called(tr(NO_ACCOUNTS))]
    return "".join(f"{line}\n" for line in (*_wrapped(_headline(answer), columns), "", *lines))


def accounts_table(answer: Body, columns: int = 0) -> str:
    """Each account and its policy for scripts, with a line below it for each program that is always allowed."""
    found = _accounts(answer)
    below = [_allowed(account) for account in found]
    return "".join(f"{line}\n" for line in _lines(found, below, _ACCOUNTS, columns))


def _accounts(answer: Body) -> list[Body]:
    accounts = answer.get("accounts")
    return [account for account in accounts if isinstance(account, dict)] if isinstance(accounts, list) else []


def _headline(answer: Body) -> str:
    parts = [_running(answer)]
    if answer.get("locked") and answer.get("locked_by_hand"):
        parts.append(tr("It is locked and gives no token of any account."))
    elif answer.get("locked"):
        parts.append(tr("It is locked and gives no token of accounts that ask."))
    if answer.get("keyring_in_memory"):
        parts.append(tr("It keeps secrets in memory and forgets them when it ends."))
    elif keyring := plain(str(answer.get("keyring"))):
        parts.append(tr("Keyring: {keyring}.", keyring=keyring))
    else:
        parts.append(tr("No keyring is open yet."))
    accounts = _accounts(answer)
    if needing := sum(account.get("needs_you") is True for account in accounts):
        parts.append(plural("{n} of {all} needs you.", "{n} of {all} need you.", needing, all=len(accounts)))
    return " ".join(parts)


def _running(answer: Body) -> str:
    agent = answer.get("running") == "agent"
    if answer.get("sandbox"):
        return tr("The sandbox runs as an agent.") if agent else tr("The sandbox runs in its window.")
    return tr("Keyrack runs as an agent.") if agent else tr("Keyrack runs in its window.")


def _lines(accounts: list[Body], below: list[list[str]], wanted: Iterable[int], columns: int) -> list[str]:
    rows, titles = [_row(account) for account in accounts], tuple(map(tr, _TITLES))
    widths = {at: max(_width(row[at]) for row in [titles, *rows]) for at in wanted if any(row[at] for row in rows)}
    for at in _LESS_NEEDED:
        if columns and sum(widths.values()) + 2 * (len(widths) - 1) > columns:
            widths.pop(at, None)
    lines = []
    for row, more in zip([titles, *rows], [[], *below], strict=True):
        lines.append("  ".join(row[at] + " " * (width - _width(row[at])) for at, width in widths.items()).rstrip())
        for text in more:
            lines += [f"  {line}" for line in _wrapped(text, columns - 2)]
    return lines if rows else []


def _wrapped(text: str, columns: int) -> list[str]:
    """The text in lines of at most `columns` columns, unless a word is longer. One line where `columns` is small."""
    lines = [""]
    for word in text.split(" "):
        if columns >= _NARROWEST and lines[-1] and _width(lines[-1]) + 1 + _width(word) > columns:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return lines


def _row(account: Body) -> tuple[str, ...]:
    region = account.get("region")
    provider = f"{account.get('provider')} {region}" if region not in ("", "global") else str(account.get("provider"))
    return (
        plain(str(account.get("name"))),
        plain(provider),
        _state(account),
        *(duration(account.get(field)) for field in ("expires_in", "renews_in", "sign_in_ends_in")),
        plain(str(account.get("scripts"))),  # as it is typed
    )


def _state(account: Body) -> str:
    state, retry = str(account.get("state")), duration(account.get("retry_in"))
    if state == "retrying" and retry:
        return tr("retrying in {time}", time=retry)
    return tr(_STATES[state]) if state in _STATES else plain(state)  # as a later Keyrack may name one


def _problem_line(account: Body) -> str:
    problem = account.get("problem")
    if not isinstance(problem, dict) or (account.get("state") == "needs_login" and not account.get("needs_you")):
        return ""  # the state itself says it already
    return sentences(problem, "happened", "todo")


def _left_out_line(account: Body) -> str:
    left_out = account.get("left_out")
    return plain(str(left_out.get("happened", ""))) if isinstance(left_out, dict) else ""


def _shared_line(account: Body) -> str:
    shared = account.get("shared")
    if not isinstance(shared, dict):
        return ""
    host, since = plain(str(shared.get("renewed_by", "")), 64), shared.get("since")
    if not host:
        return tr("Shared. No host renews it now.")
    if not isinstance(since, int) or not 0 <= since < _LATEST:
        return tr("Shared. Renewed by “{host}”.", host=host)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(since))
    return tr("Shared. Renewed by “{host}” since {when}.", host=host, when=when)


def _allowed(account: Body) -> list[str]:
    programs = account.get("programs")
    return (
        [tr("always: {program}", program=plain(str(program))) for program in programs]
        if isinstance(programs, list)
        else []
    )


def duration(seconds: object) -> str:
    """A duration as a person says it, "" for none."""
    if not isinstance(seconds, int | float):
        return ""
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // 60}:{whole % 60:02}"
    if whole < _DAY:
        return tr("{hours} h {minutes} min", hours=whole // _HOUR, minutes=f"{whole % _HOUR // 60:02}")
    if whole < 2 * _YEAR:
        return plural("{n} day", "{n} days", whole // _DAY)
    return plural("{n} year", "{n} years", whole // _YEAR)


def _width(text: str) -> int:
    """The columns of a terminal that the text takes."""
    return sum(2 if east_asian_width(c) in "WF" else not combining(c) for c in text)
