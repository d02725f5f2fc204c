"""One account: its settings, its sign-in state and its balances."""

from dataclasses import dataclass
from typing import Literal

from keyrack.core.accounts.activity import Activity, Line, Notice
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.accounts.renewer import Renewer
from keyrack.core.accounts.state import Active, Opening, State
from keyrack.primitives.failure import Failure
from keyrack.primitives.signal import Signal
from keyrack.providers.schema import FlowName

ScriptPolicy = Literal["off", "ask", "allow"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an account that the accounts file keeps. Nothing in them is secret.

    `id` is random and names the keyring item (S64). `redirect_uri` is "" for flows without one.
    `test` marks an account of the sandbox. `hosts` are the addresses that the person entered, where a site takes them.
    `scripts` is the permission of the person's own programs. `programs` holds the keys of the programs that are
    always allowed (S92). `group` is the id of the hosts that share it, "" for an own account.
    """

    id: str
    name: str
    provider: str
    region: str
    flow: FlowName
    client_id: str
    redirect_uri: str = ""
    identity: str = ""
    test: bool = False
    hosts: Hosts | None = None
    scripts: ScriptPolicy = "ask"
    programs: tuple[str, ...] = ()
    group: str = ""


class Account:
    """The settings, state, balances and activity of one account.

    `changed` announces each change of them but one: newer figures of a stream that already sent some, which may come
    four times a second for every account. `pushed` announces those. What shows figures looks at them once a second.
    `renewed_sooner` is for how many seconds the renewal comes before its usual moment, because of others of its client.
    """

    def __init__(self, settings: Settings, activity: Activity) -> None:
        self.settings = settings
        self.activity = activity
        self.changed: Signal[[]] = Signal()
        self.pushed: Signal[[]] = Signal()
        self._state: State = Opening()
        self._balances: Balances | None = None
        self.renewer: Renewer | None = None
        self.renewed_sooner = 0.0

    @property
    def id(self) -> str:
        """The random id that names the keyring item."""
        return self.settings.id

    @property
    def state(self) -> State:
        """The sign-in state. It changes only through `become`."""
        return self._state

    @property
    def balances(self) -> Balances | None:
        """The newest snapshot of balances, None before the first."""
        return self._balances

    @property
    def figures_old(self) -> bool:
        """Whether the balances are not of now: a later request failed, or nobody is signed in to ask for newer ones."""
        held = self._balances
        return held is not None and (held.failure is not None or not isinstance(self._state, Active))

    @property
    def renewed_elsewhere(self) -> bool:
        """Whether the account is shared and another host renews it and asks for its figures."""
        return bool(self.settings.group) and (self.renewer is None or not self.renewer.here)

    @property
    def status_parts(self) -> tuple[State, Settings, Failure | None, Renewer | None]:
        """What the account's status is made of besides the time. New figures alone change none of it."""
        failure = self._balances.failure if self._balances is not None else None
        return self._state, self.settings, failure, self.renewer

    def become(self, new: State, *, expected: State) -> bool:
        """Set the state to `new` and notify the listeners, if the state is still `expected` (the same object).

        Returns whether the state changed. An attempt that returns late finds another state and is dropped.
        """
        if self._state is not expected:
            return False
        self._state = new
        self.changed.emit()
        return True

    def become_silently(self, new: State, code: str, *, expected: State) -> bool:
        """As `become`, with a line of the activity, but the listeners are not notified: the caller does that later."""
        if self._state is not expected:
            return False
        self._state = new
        self.activity.add(Notice(code))
        return True

    def show_balances(self, balances: Balances | None) -> None:
        """Replace the snapshot of balances."""
        old, self._balances = self._balances, balances
        (self.pushed if _differ_in_figures_alone(old, balances) else self.changed).emit()

    def show_renewer(self, renewer: Renewer | None) -> None:
        """Show another host as the one that renews the account."""
        if renewer != self.renewer:
            self.renewer = renewer
            self.changed.emit()

    def configure(self, settings: Settings) -> None:
        """Replace the settings."""
        self.settings = settings
        self.changed.emit()

    def note(
        self, code: str, detail: str = "", *, why: Failure | None = None, instead: Line | None = None, **params: str
    ) -> Line:
        """Add a line to the account's activity, or replace the line `instead`. Returns the new line.

        `code` and `params` name its sentence in the catalogue. `why` is the failure behind the line. The provider's
        words in it are used where no detail is given.
        """
        cause = Notice.from_failure(why) if why is not None else None
        return self.add(Notice(code, params, cause), detail or (why.said if why is not None else ""), instead=instead)

    def add(self, notice: Notice, detail: str = "", *, instead: Line | None = None) -> Line:
        """Add a notice to the account's activity, or replace the line `instead`. Returns the new line."""
        line = self.activity.add(notice, detail, instead=instead)
        self.changed.emit()
        return line


def _differ_in_figures_alone(old: Balances | None, new: Balances | None) -> bool:
    """Whether a stream goes on, so that nobody has to be waked and no state looks different."""
    if old is None or new is None:
        return False
    return (
        old.source == new.source == "push"
        and old.failure is new.failure
        and bool(old.holdings) == bool(new.holdings)  # an account that holds something needs prices
    )
