"""Formats the response of `/v1/status` as a table for a terminal."""

from collections.abc import Iterable
from unicodedata import combining, east_asian_width

from keyrack.cli.exit_codes import plain, sentences
from keyrack.cli.output import as_called

_TITLES = ("ACCOUNT", "PROVIDER", "STATE", "ENDS IN", "RENEWS IN", "SIGN-IN ENDS", "SCRIPTS")
_NAME, _PROVIDER, _STATE, _ENDS, _RENEWS, _SIGN_IN, _SCRIPTS = range(len(_TITLES))
_ACCOUNTS = (_NAME, _PROVIDER, _STATE, _SCRIPTS)
# Left out of a table that is too wide for the terminal, in this order.
_LESS_NEEDED = (_RENEWS, _SIGN_IN, _PROVIDER)
_STATES = {
    "refreshing": "renewing",
    "unsaved": "not saved",
    "signing_in": "signing in",
    "needs_login": "sign in",
    "keyring_unavailable": "no keyring",
}
NO_ACCOUNTS = "There are no accounts yet. `keyrack accounts add --help` says how to add one."
_NARROWEST = 40
_HOUR, _DAY, _YEAR = 3_600, 86_400, 31_536_000

Body = dict[str, object]


def table(answer: Body, columns: int = 0) -> str:
    """A line about Keyrack itself, then each account, with a line below it where something is wrong.

    The table has at most `columns` columns where leaving out less important ones is enough. 0 means no limit.
    """
    found = _accounts(answer)
    below = [[line for line in (_problem_line(account), _left_out_line(account)) if line] for account in found]
    lines = _lines(found, below, range(len(_TITLES)), columns) or [as_called(NO_ACCOUNTS)]
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
    who = "The sandbox" if answer.get("sandbox") else "Keyrack"
    parts = [f"{who} runs {'as an agent' if answer.get('running') == 'agent' else 'in its window'}."]
    if answer.get("locked"):
        whom = "any account" if answer.get("locked_by_hand") else "accounts that ask"
        parts.append(f"It is locked and gives no token of {whom}.")
    if answer.get("keyring_in_memory"):
        parts.append("It keeps secrets in memory and forgets them when it ends.")
    elif keyring := plain(str(answer.get("keyring"))):
        parts.append(f"Keyring: {keyring}.")
    else:
        parts.append("No keyring is open yet.")
    if needing := sum(account.get("needs_you") is True for account in _accounts(answer)):
        parts.append(f"{needing} of {len(_accounts(answer))} {'needs' if needing == 1 else 'need'} you.")
    return " ".join(parts)


def _lines(accounts: list[Body], below: list[list[str]], wanted: Iterable[int], columns: int) -> list[str]:
    rows = [_row(account) for account in accounts]
    widths = {at: max(_width(row[at]) for row in [_TITLES, *rows]) for at in wanted if any(row[at] for row in rows)}
    for at in _LESS_NEEDED:
        if columns and sum(widths.values()) + 2 * (len(widths) - 1) > columns:
            widths.pop(at, None)
    lines = []
    for row, more in zip([_TITLES, *rows], [[], *below], strict=True):
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
        plain(str(account.get("scripts"))),
    )


def _state(account: Body) -> str:
    state, retry = str(account.get("state")), duration(account.get("retry_in"))
    if state == "retrying" and retry:
        return f"retrying in {retry}"
    return _STATES.get(state) or plain(state)


def _problem_line(account: Body) -> str:
    problem = account.get("problem")
    if not isinstance(problem, dict) or (account.get("state") == "needs_login" and not account.get("needs_you")):
        return ""  # the state itself says it already
    return sentences(problem, "happened", "todo")


def _left_out_line(account: Body) -> str:
    left_out = account.get("left_out")
    return plain(str(left_out.get("happened", ""))) if isinstance(left_out, dict) else ""


def _allowed(account: Body) -> list[str]:
    programs = account.get("programs")
    return [f"always: {plain(str(program))}" for program in programs] if isinstance(programs, list) else []


def duration(seconds: object) -> str:
    """A duration as a person says it, "" for none."""
    if not isinstance(seconds, int | float):
        return ""
    whole = int(seconds)
    if whole < _HOUR:
        return f"{whole // 60}:{whole % 60:02}"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // 60:02} min"
    if whole < 2 * _DAY:
        return "1 day"
    return f"{whole // _DAY} days" if whole < 2 * _YEAR else f"{whole // _YEAR} years"


def _width(text: str) -> int:
    """The columns of a terminal that the text takes."""
    return sum(2 if east_asian_width(c) in "WF" else not combining(c) for c in text)
