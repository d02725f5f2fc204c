"""The answer of `/v1/status` as a person reads it in a terminal."""

from unicodedata import combining, east_asian_width

from keyrack.verbs.exit_codes import plain

_TITLES = ("ACCOUNT", "PROVIDER", "STATE", "ENDS IN", "RENEWS IN", "SIGN-IN ENDS IN", "SCRIPTS")
_STATES = {
    "refreshing": "renewing",
    "unsaved": "not saved",
    "signing_in": "signing in",
    "needs_login": "sign in",
    "keyring_unavailable": "no keyring",
}
# What the state itself says already.
_UNSURPRISING = ("new", "signed_out")
_HOUR, _DAY, _YEAR = 3_600, 86_400, 31_536_000

Told = dict[str, object]


def table(answer: Told) -> str:
    """A line about Keyrack itself, then each account, with a line below it where something is wrong."""
    accounts = answer.get("accounts")
    found = [account for account in accounts if isinstance(account, dict)] if isinstance(accounts, list) else []
    return "".join(f"{line}\n" for line in (_about(answer), "", *(_lines(found) or ["There are no accounts yet."])))


def _about(answer: Told) -> str:
    who = "The sandbox" if answer.get("sandbox") else "Keyrack"
    parts = [f"{who} runs {'as an agent' if answer.get('running') == 'agent' else 'in its window'}."]
    if answer.get("locked"):
        whom = "any account" if answer.get("locked_by_hand") else "accounts that ask"
        parts.append(f"It is locked and gives no token of {whom}.")
    if answer.get("keyring_in_memory"):
        parts.append("It keeps secrets in memory and forgets them when it ends.")
    else:
        parts.append(f"Keyring: {plain(str(answer.get('keyring')))}.")
    return " ".join(parts)


def _lines(accounts: list[Told]) -> list[str]:
    rows = [_row(account) for account in accounts]
    shown = [at for at in range(len(_TITLES)) if any(row[at] for row in rows)]
    widths = {at: max(_width(row[at]) for row in [_TITLES, *rows]) for at in shown}
    lines = []
    for account, row in zip([{}, *accounts], [_TITLES, *rows], strict=True):
        lines.append("  ".join(row[at] + " " * (widths[at] - _width(row[at])) for at in shown).rstrip())
        if trouble := _trouble(account):
            lines.append(f"  {trouble}")
    return lines if rows else []


def _row(account: Told) -> tuple[str, ...]:
    region = account.get("region")
    provider = f"{account.get('provider')} {region}" if region not in ("", "global") else str(account.get("provider"))
    return (
        plain(str(account.get("name"))),
        plain(provider),
        _state(account),
        *(_lasts(account.get(field)) for field in ("expires_in", "renews_in", "sign_in_ends_in")),
        plain(str(account.get("scripts"))),
    )


def _state(account: Told) -> str:
    state, retry = str(account.get("state")), _lasts(account.get("retry_in"))
    if state == "retrying" and retry:
        return f"retrying in {retry}"
    return _STATES.get(state) or plain(state)


def _trouble(account: Told) -> str:
    problem = account.get("problem")
    if not isinstance(problem, dict) or account.get("reason") in _UNSURPRISING:
        return ""
    return plain(" ".join(str(problem[part]) for part in ("happened", "todo") if problem.get(part)))


def _lasts(seconds: object) -> str:
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
