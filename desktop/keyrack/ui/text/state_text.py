"""The states of an account in words: one for the sidebar, a headline and a sentence for the pane."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from keyrack.core.accounts.state import Opening, access_of
from keyrack.core.sign_in.unattended import needs_other_credentials
from keyrack.core.status import ASKING, ENDED, YEAR, Status, describe, format_left
from keyrack.language.translation import plural
from keyrack.ui.widgets.controls import Tone
from keyrack.ui.widgets.ring_kind import Kind, kind_for, kind_words, share

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.renewer import Renewer
    from keyrack.primitives.clock import Clock

translate = QCoreApplication.translate
_TONES: dict[Kind, Tone] = {
    "soon": "soon",
    "urgent": "urgent",
    "retrying": "soon",
    "needs": "urgent",
    "waiting": "accent",
    "locked": "off",
}


class AccountView:
    """One account at one moment, as every widget shows it: figures computed once, texts on request.

    `refused` says that other credentials are what mends it. `has_token` is whether there is a token that has not ended.
    """

    def __init__(self, account: "Account", clock: "Clock") -> None:
        state = account.state
        self.wall_at = clock.wall_at
        self.status: Status = describe(account, clock)
        self.name = "opening" if isinstance(state, Opening) else self.status.name
        self.step = self.status.step
        self.fraction = _fraction(self.name, self.status)
        self.has_token = access_of(state) is not None and self.status.left != 0
        self.refused = needs_other_credentials(state)
        self.endless = self.status.left is not None and self.status.left > YEAR

    @property
    def kind(self) -> Kind:
        """How the ring and the mark show it. A sign-in that waits for the person's answer counts as a need."""
        if self.step in ASKING:
            return "needs"
        if self.waits_for_network:
            return "retrying"
        if self.signed_out:
            return "off"
        # Before its renewal a token does not end soon, however little of a long life is left.
        in_time = self.fraction is not None and not self.status.is_key and bool(self.status.renews_in)
        kind = kind_for(self.name, 1.0 if self.endless or in_time else self.fraction)
        return "soon" if kind == "fresh" and self.status.lies_idle else kind

    @property
    def tone(self) -> Tone:
        """The colour of its texts: none while all is well."""
        return _TONES.get(self.kind, "")

    @property
    def needs_person(self) -> bool:
        """Whether nothing continues without the person."""
        return self.status.needs_person

    @property
    def group(self) -> str:
        """The group of the summary that counts it. Each account is in one."""
        if self.needs_person:
            return "needs"
        if self.signed_out:
            return "out"
        if self.waits_for_network:
            return "retrying"
        if self.name == "ready":
            return "ending" if self.kind in ("soon", "urgent") else "fresh"
        return self.name

    @property
    def signed_out(self) -> bool:
        """Whether there is no sign-in by choice. That is no alarm: the account waits."""
        return self.status.signed_out

    @property
    def renewed_elsewhere(self) -> bool:
        """Whether several hosts share it and this one does not renew it."""
        return self.status.shared is not None and not self.status.shared.here

    @property
    def waits_for_network(self) -> bool:
        """Whether a sign-in could not be sent and is tried again by itself."""
        return self.step == "network"

    @property
    def tells_time(self) -> bool:
        """Whether its word is the time left."""
        return self.name in ("ready", "refreshing") and self.status.left is not None

    def word(self) -> str:
        """At most two words for the sidebar."""
        if self.tells_time and self.status.left is not None:
            return _years(self.status.left) if self.endless else format_left(self.status.left)
        if self.name == "retrying" or self.waits_for_network:
            return translate("State", "trying again {time}").format(time=format_left(self.status.retry_in or 0.0))
        if self.step:
            return _step_word(self.step)
        return translate("State", "edit credentials") if self.refused else _word(self.name)

    def headline(self) -> str:
        """Two or three words for the head of a card."""
        if self.step:
            return _step_headline(self.step)
        if self.name == "ready" and self.status.is_key:
            return _key_headline(self.status)
        if self.name == "ready":
            return kind_words(self.kind if self.kind in ("soon", "urgent") else "fresh")
        if self.signed_out:
            return translate("State", "Not signed in")
        if self.status.reason == ENDED:
            return translate("State", "Ended by the provider")
        return _headline(self.name)

    def sentence(self) -> str:
        """What happens next, or what happened and what it means."""
        if self.name == "ready":
            return self._ready_sentence()
        if self.name == "refreshing" and self.status.left == 0:
            return translate("State", "The token has ended. A new one was asked for, or waits for its turn.")
        if self.name == "refreshing":
            return translate("State", "A new token has been asked for. The old one works until it ends.")
        parts = (self.status.happened, self.status.means, self.status.todo)
        text = " ".join(part for part in parts if part)
        kept = translate("State", "Your sign-in is kept.")
        return f"{text} {kept}" if self.name == "retrying" and kept not in text else text

    def time(self) -> str:
        """The exact time for the middle of a ring, "" where the ring's sign shows more."""
        if self.name not in ("ready", "refreshing", "retrying", "unsaved"):
            return ""
        if self.status.left is None and self.name != "ready":
            return ""
        return format_left(self.status.left)

    def _ready_sentence(self) -> str:
        if self.status.is_key:
            return _key_sentence(self.status)
        if self.status.renews_in is not None and self.renewed_elsewhere:
            return follower_sentence(self.status.shared, self.status.renews_in)
        if self.status.renews_in == 0:
            return translate("State", "Renews now.")
        if self.status.renews_in is not None:
            left = format_left(self.status.renews_in)
            return translate("State", "Renews by itself in {time}.").format(time=left)
        if self.endless:
            return translate("State", "Works until you or the provider end it.")
        if self.status.lifetime is None:
            return translate("State", "The provider did not say how long it lives.")
        return translate("State", "It cannot be renewed; sign in again when it ends.")


def follower_sentence(renewer: "Renewer | None", renews_in: float) -> str:
    """What another host does with an account in so many seconds, or what keeps this one from learning of it."""
    if renewer is not None and renewer.away is not None:
        return translate("State", "The next token comes once this host can read the shared store again.")
    if renewer is None or not renewer.host:
        return translate("State", "No host renews it now.")
    if renews_in == 0:
        return translate("State", "Renews now.")
    left = format_left(renews_in)
    return translate("State", "“{host}” renews it in {time}.").format(host=renewer.host, time=left)


def _fraction(name: str, status: Status) -> float | None:
    if name == "retrying" and status.left is None:
        return None
    return share(status.left, status.lifetime)


def _word(name: str) -> str:
    return {
        "opening": translate("State", "opening"),
        "ready": translate("State", "Unknown"),
        "refreshing": translate("State", "renewing"),
        "unsaved": translate("State", "not saved"),
        "needs_login": translate("State", "sign in"),
        "keyring_unavailable": translate("State", "no keyring"),
        "closed": translate("State", "closed"),
    }.get(name, name)


def _headline(name: str) -> str:
    return {
        "opening": translate("State", "Opening"),
        "refreshing": kind_words("renewing"),
        "retrying": kind_words("retrying"),
        "unsaved": translate("State", "Not saved yet: do not quit"),
        "needs_login": translate("State", "Sign in needed"),
        "keyring_unavailable": translate("State", "No keyring"),
        "closed": translate("State", "This exchange has closed"),
    }.get(name, name)


def _key_headline(status: Status) -> str:
    return translate("State", "The key lies idle") if status.lies_idle else translate("State", "The key works")


def _key_sentence(status: Status) -> str:
    idle = format_left(status.lifetime)
    if status.left == 0:
        text = translate("State", "It was not used for {idle}, so the exchange may have disabled it.")
        return text.format(idle=idle)
    if status.lies_idle:
        text = translate(
            "State", "The exchange disables it in {time} unless it is used. Keyrack tries again and again."
        )
        return text.format(time=format_left(status.left))
    text = translate("State", "It ends after {idle} without use. Keyrack uses it by itself while it runs.")
    return text.format(idle=idle)


def _years(seconds: float) -> str:
    years = int(seconds // YEAR)
    return plural("1 year", "{n} years", years)


def _step_word(step: str) -> str:
    return {
        "browser": translate("State", "in browser"),
        "exchanging": translate("State", "signing in"),
        "confirming": translate("State", "confirm"),
        "refusal": translate("State", "refused?"),
        "device": translate("State", "enter code"),
        "key": translate("State", "create key"),
        "key_secret": translate("State", "making key"),
        "public_key": translate("State", "paste key"),
    }[step]


def _step_headline(step: str) -> str:
    return {
        "browser": kind_words("waiting"),
        "exchanging": translate("State", "Signing in"),
        "confirming": translate("State", "Is this the right account?"),
        "refusal": translate("State", "A refusal was reported"),
        "device": translate("State", "Approve on any device"),
        "key": translate("State", "Waiting for the key"),
        "key_secret": translate("State", "Fetching the key's secret"),
        "public_key": translate("State", "Paste the public key"),
        "network": translate("State", "Waiting for the network"),
    }[step]


def token_words(view: AccountView) -> tuple[str, str]:
    """Headline and sentence of the token itself. A problem around it is shown by the problem card."""
    if view.name == "retrying" and view.has_token:
        return translate("State", "The token still works"), translate("State", "The next one is being asked for again.")
    if view.name == "retrying":
        return translate("State", "No token now"), translate("State", "It ended before a new one came.")
    if view.name == "unsaved" and view.status.is_key:
        return translate("State", "The key works"), translate("State", "It is in memory only.")
    if view.name == "unsaved":
        return translate("State", "The token works"), translate("State", "It is in memory only.")
    return view.headline(), view.sentence()
