"""The table of what can be done with all selected accounts. The bar and the menu are made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from keyrack.core.accounts.state import Active
from keyrack.core.sign_in.unattended import needs_nobody
from keyrack.language.translation import plural
from keyrack.ui.actions.account_steps import is_keyed

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Verb:
    """What can be done with some of the selected accounts. `words` count them, `icon` is a file in resources/icons."""

    name: str
    icon: str
    words: str
    accounts: "tuple[Account, ...]"
    do: Callable[[], object]


def verbs(actions: "Actions") -> list[Verb]:
    """What is possible now. A verb that fits no selected account is left out."""
    selection, pinned = actions.selection, actions.rack.arrangement.is_pinned
    chosen = selection.accounts()
    signing = () if actions.sign_in_round.running else tuple(each for each in chosen if needs_nobody(each))
    active = tuple(each for each in chosen if isinstance(each.state, Active))
    ending = signed_in(chosen, actions.rack)
    loose, fast = tuple(each for each in chosen if not pinned(each)), tuple(each for each in chosen if pinned(each))
    table = (
        Verb("sign_in", "sign-in", translate("Verbs", "Sign in ({n})"), signing,
             lambda: actions.sign_in_round.start(signing)),
        Verb("refresh", "refresh", translate("Verbs", "Refresh ({n})"), active,
             partial(_each, actions.refresh, active)),
        Verb("pin", "pin", translate("Verbs", "Pin ({n})"), loose,
             lambda: actions.arranging.pin(*loose, pinned=True)),
        Verb("unpin", "pin", translate("Verbs", "Unpin ({n})"), fast,
             lambda: actions.arranging.pin(*fast, pinned=False)),
        Verb("export", "external", translate("Verbs", "Export ({n})…"), chosen,
             lambda: selection.ask("export")),
        Verb("sign_out", "sign-out", translate("Verbs", "Sign out ({n})…"), ending,
             lambda: selection.ask("sign_out")),
        Verb("remove", "trash", translate("Verbs", "Remove ({n})…"), chosen,
             lambda: selection.ask("remove")),
    )  # fmt: skip
    return [_counted(verb) for verb in table if verb.accounts]


def _each(do: "Callable[[Account], object]", accounts: "Sequence[Account]") -> None:
    for account in accounts:
        do(account)


def _counted(verb: Verb) -> Verb:
    return Verb(verb.name, verb.icon, verb.words.format(n=len(verb.accounts)), verb.accounts, verb.do)


def signed_in(accounts: "Sequence[Account]", rack: "Rack") -> "tuple[Account, ...]":
    """Those that can be signed out."""
    return tuple(each for each in accounts if isinstance(each.state, Active) and not is_keyed(each, rack))


def selected_words(count: int) -> str:
    """How many accounts are selected."""
    return plural("1 account selected", "{n} accounts selected", count)
