"""The activity of all accounts as one list, narrowed down, and as CSV for a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Line
from keyrack.primitives.failure import plain

Kind = Literal["sign_in", "token", "key", "copy", "program", "figures", "other"]

_KINDS: dict[Kind, tuple[str, ...]] = {
    "sign_in": (
        *("signed_in", "signed_in_as", "sign_in_cancelled", "sign_in_failed", "sign_in_waits", "sign_in_ended"),
        *("sign_in_judged_again", "sign_in_ended_by_provider", "signed_out", "revoked", "revocation_asked"),
        *("revocation_late", "revocation_failed", "browser_missing", "identity_not_saved"),
    ),
    "token": ("token_renewed", "token_stored", "token_not_stored", "renewal_failed", "refresh_token_shared"),
    "key": (
        *("key_grant_over", "key_not_stored", "key_not_tried", "read_only_key_deleted", "read_only_key_left"),
        "read_only_key_made",
    ),
    "copy": ("token_copied", "header_copied", "curl_copied", "public_key_copied", "key_secret_copied"),
    "program": ("token_given", "token_refused", "program_allowed_once", "scripts_set_by_command"),
    "figures": ("live_paused", "live_back"),
}
_KIND_OF: dict[str, Kind] = {code: kind for kind, codes in _KINDS.items() for code in codes}
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = ("time", "account", "kind", "trouble", "what")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account's activity. `account` is its id and `name` its name now."""

    account: str
    name: str
    line: Line

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return _KIND_OF.get(self.line.notice.code, "other")

    @property
    def trouble(self) -> bool:
        """Whether a failure is behind it."""
        return self.line.notice.cause is not None

    @property
    def sentence(self) -> str:
        """The sentence with what stands beside it, as plain text (S49)."""
        return " ".join(part for part in (plain(self.line.notice.sentence), plain(self.line.about)) if part)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which lines are wanted. "" wants all of them. `text` is looked for in the name and the sentence."""

    account: str = ""
    kind: Kind | Literal[""] = ""
    text: str = ""
    trouble: bool = False

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is wanted. The sentence, which takes longest to make, is looked at last."""
        if self.account not in ("", entry.account) or self.kind not in ("", entry.kind):
            return False
        if self.trouble and not entry.trouble:
            return False
        sought = self.text.casefold().strip()
        return not sought or sought in entry.name.casefold() or sought in entry.sentence.casefold()


def all_entries(accounts: Iterable[Account]) -> list[Entry]:
    """The lines of all accounts, newest first."""
    found = [
        Entry(account.id, account.settings.name, line) for account in accounts for line in account.activity.lines()
    ]
    return sorted(found, key=lambda entry: -entry.line.at)


def as_csv(entries: Iterable[Entry]) -> str:
    """The entries as CSV (RFC 4180), with local times as in RFC 3339.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, because a provider or a program
    chooses some of these words.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for entry in entries:
        cells = (_time(entry.line.at), entry.name, entry.kind, "yes" if entry.trouble else "no", entry.sentence)
        writer.writerow([_cell(each) for each in cells])
    return text.getvalue()


def _cell(text: str) -> str:
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _time(at: float) -> str:
    try:
        return datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")
    except (OverflowError, OSError, ValueError):
        return ""
