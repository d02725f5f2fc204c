"""What can be done with an account from outside its pane: copying, and the one step that it waits for."""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from keyrack.core.sign_in.unattended import needs_nobody

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.text.state_text import AccountView

translate = QCoreApplication.translate
# "sign_in" and "edit" go on in the account's pane where they need its person.
Step = Literal["", "sign_in", "edit", "retry_save", "refresh"]


def can_copy(account: "Account", view: "AccountView") -> bool:
    """Whether a token can be had now, if need be by a renewal or by a sign-in that needs nobody."""
    return view.has_token or view.name in ("ready", "refreshing") or needs_nobody(account)


def is_keyed(account: "Account", rack: "Rack") -> bool:
    """Whether the account holds an API key, which is deleted at its provider and not signed out."""
    return rack.provider_of(account.settings).flows[account.settings.flow].credential == "key"


def next_step(view: "AccountView") -> Step:
    """What the person does to have the account go on, "" where nothing is to be done outside the pane."""
    if view.status.left_alone:
        return ""
    if view.refused:
        return "edit"
    if view.waits_for_network or (view.name == "retrying" and not view.has_token):
        return "refresh"
    return _STEPS.get(view.name, "")


def step_words(step: Step) -> str:
    """The step in one or two words, for a button."""
    return {
        "": "",
        "sign_in": translate("Steps", "Sign in"),
        "edit": translate("Steps", "Edit"),
        "retry_save": translate("Steps", "Save again"),
        "refresh": translate("Steps", "Try now"),
    }[step]


def take_step(step: Step, account: "Account", actions: "Actions") -> bool:
    """Begin a step that needs no pane. Returns False for one that goes on in the account's pane."""
    if step == "sign_in" and needs_nobody(account):
        actions.sign_in(account)
    elif step == "retry_save":
        actions.retry_save(account)
    elif step == "refresh":
        actions.refresh(account)
    else:
        return False
    return True


_STEPS: dict[str, Step] = {"needs_login": "sign_in", "unsaved": "retry_save", "keyring_unavailable": "refresh"}
