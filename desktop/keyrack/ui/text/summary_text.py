"""How many accounts are in which state: the overview's line, and the tray's tooltip."""

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from keyrack.language.translation import plural
from keyrack.ui.text.state_text import AccountView

translate = QCoreApplication.translate
# The groups of the summary, those in trouble first.
_GROUPS = ("needs", "signing_in", "retrying", "refreshing", "ending", "opening", "out", "closed", "fresh")


def summary(views: Sequence[AccountView]) -> str:
    """The line above the overview's cards: how many accounts are in which state, those in trouble first."""
    total, counts = len(views), Counter(view.group for view in views)
    if counts["out"] == total:
        return translate("State", "Nobody is signed in. Open an account and press Sign in.")
    if counts["fresh"] == total:
        return translate("State", "All fresh.")
    shown = [group for group in _GROUPS if counts[group]]
    of_all = translate("State", "{n} of {total}").format(n=counts[shown[0]], total=total)
    parts = [_counted(group, counts[group], str(counts[group]) if at else of_all) for at, group in enumerate(shown)]
    return f"{', '.join(parts)}."


def counted(groups: Iterable[str]) -> str:
    """The same in short, as a tooltip has room for: "1 needs you, 5 fresh". "" without accounts."""
    counts = Counter(groups)
    return ", ".join(_counted(group, counts[group], str(counts[group])) for group in _GROUPS if counts[group])


def words_of_groups() -> dict[str, str]:
    """The words of each group in the summary, as it stands beside one, a few and many."""
    return {group: " ".join(_counted(group, count, "") for count in (1, 2, 5)) for group in _GROUPS}


def _counted(group: str, count: int, number: str) -> str:
    """How many are in a group. `number` is the count as it is written."""
    return {
        "needs": plural("{n} needs you", "{n} need you", count, n=number),
        "signing_in": plural("{n} signing in", "{n} signing in", count, n=number),
        "retrying": plural("{n} trying again", "{n} trying again", count, n=number),
        "refreshing": plural("{n} renewing", "{n} renewing", count, n=number),
        "ending": plural("{n} ending soon", "{n} ending soon", count, n=number),
        "opening": plural("{n} opening", "{n} opening", count, n=number),
        "out": plural("{n} not signed in", "{n} not signed in", count, n=number),
        "closed": plural("{n} closed", "{n} closed", count, n=number),
        "fresh": plural("{n} fresh", "{n} fresh", count, n=number),
    }[group]
