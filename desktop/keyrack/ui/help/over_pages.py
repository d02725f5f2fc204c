"""Makes the page of a name."""

from typing import TYPE_CHECKING

from keyrack.ui.help.activity_page import ActivityPage
from keyrack.ui.help.diagnostics_page import DiagnosticsPage
from keyrack.ui.help.help_page import HelpPage
from keyrack.ui.help.log_page import LogPage
from keyrack.ui.keyboard.keys_page import KeysPage
from keyrack.ui.parts.over_page import Over, OverPage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


def over_page(which: Over, actions: "Actions", account: "Account | None") -> OverPage:
    """A new page. `account` is the one whose pane lies below it."""
    match which:
        case "help":
            return HelpPage(actions, account)
        case "activity":
            return ActivityPage(actions, account)
        case "log":
            return LogPage(actions)
        case "diagnostics":
            return DiagnosticsPage(actions)
        case "keys":
            return KeysPage()
