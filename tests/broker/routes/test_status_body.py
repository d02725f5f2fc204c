"""`/v1/status` says the same of an account as the account's own route, at every moment and after every change."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from keyrack.broker.routes.status_body import account_answer, accounts_json
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active, Authorizing, LoggedOut, Opening, Reason, Retrying, State, Unreadable
from keyrack.core.rack import Rack
from keyrack.core.vault.vault_errors import Locked
from keyrack.oauth.oauth_errors import Unavailable
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret
from keyrack.providers.holding import LeftOut
from keyrack.providers.registry import built_in
from tests.clock import FakeClock

NOW = 1_000.0
TOKEN = Token(Secret("at-invented"), NOW, 300.0, Secret("rt-invented"), 600.0, NOW, renewable=True)
GRANT = Token(Secret("gt-invented"), NOW, 90.0)
BUSY = Unavailable("server_unavailable", server="100 % Exchange", detail="HTTP 503")
STATES: tuple[State, ...] = (
    Opening(),
    Active(TOKEN),
    Active(TOKEN, Retrying(NOW + 40.5, BUSY)),
    Active(Token(Secret("at-invented"), NOW, None)),
    Active(Key(Secret("pk-invented"), NOW, NOW, 400.0, grant=GRANT)),
    Authorizing(NOW, NOW + 120.25, "browser"),
    LoggedOut(Reason.NEW),
    LoggedOut(Reason.REFRESH_REJECTED, BUSY),
    Unreadable(Locked()),
)


def listed(*states: State) -> Accounts:
    """One account for each state."""
    accounts = Accounts()
    for number, state in enumerate(states):
        name = f"100 % “{number}” %d"
        settings = Settings(f"a{number}", name, "p", "r", "client_credentials", "c", programs=("50%",))
        account = Account(settings, Activity([], lambda: 0.0))
        account.become(state, expected=account.state)
        accounts.add(account)
    return accounts


def rack_of(accounts: Accounts, clock: FakeClock) -> Rack:
    """As much of a rack as the routes need for this."""
    provider = built_in()[0]
    return cast("Rack", SimpleNamespace(accounts=accounts, clock=clock.clock, provider_of=lambda _: provider))


def listed_json(accounts: Accounts, clock: FakeClock) -> bytes:
    """The list of the accounts."""
    return accounts_json(rack_of(accounts, clock))


def both(accounts: Accounts, clock: FakeClock) -> tuple[object, object]:
    """What the list says and what the account's own route says."""
    rack = rack_of(accounts, clock)
    return json.loads(accounts_json(rack)), [account_answer(each, rack) for each in accounts]


@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_the_list_counts_down_as_the_account_does(state: State) -> None:
    accounts, clock = listed(state), FakeClock(NOW)
    for _ in range(1400):
        one, other = both(accounts, clock)
        assert one == other, clock.elapsed
        clock.move(0.5)


def test_the_warning_of_a_sign_in_that_ends_comes_into_the_list_in_time() -> None:
    accounts, clock = listed(Active(TOKEN, Retrying(NOW, BUSY))), FakeClock(NOW)
    clock.move(479.5)
    assert "sign-in itself ends" not in json.loads(listed_json(accounts, clock))[0]["problem"]["means"]
    clock.move(1.0)
    assert "sign-in itself ends" in json.loads(listed_json(accounts, clock))[0]["problem"]["means"]


def test_figures_of_the_same_tenth_of_a_second_are_not_computed_again() -> None:
    accounts, clock = listed(Active(TOKEN)), FakeClock(NOW)
    first = listed_json(accounts, clock)
    clock.move(0.05)
    assert listed_json(accounts, clock) is first
    clock.move(0.06)
    (found,) = json.loads(listed_json(accounts, clock))
    assert found["expires_in"] == 299


def test_every_change_is_in_the_next_list() -> None:
    accounts, clock = listed(*STATES), FakeClock(NOW)
    assert both(accounts, clock)[0] == both(accounts, clock)[1]
    changed, removed, *_ = accounts
    changed.configure(replace(changed.settings, name="Renamed"))
    changed.become(LoggedOut(Reason.SIGNED_OUT), expected=changed.state)
    accounts.remove(removed)
    one, other = both(accounts, clock)
    assert one == other
    assert len(json.loads(listed_json(accounts, clock))) == len(STATES) - 1


def test_what_the_figures_lack_is_in_the_next_list() -> None:
    accounts, clock = listed(Active(TOKEN)), FakeClock(NOW)
    (account,) = accounts
    lacks = (LeftOut(unread=2), LeftOut(unread=1, beyond=3), LeftOut())
    for left_out in lacks:
        account.show_balances(Balances((), NOW, "poll", left_out=left_out))
        one, other = both(accounts, clock)
        assert one == other
        (found,) = json.loads(listed_json(accounts, clock))
        told = {"unread": left_out.unread, "beyond": left_out.beyond}
        if left_out:
            assert found["left_out"].pop("happened")
        assert found["left_out"] == (told if left_out else None)
    account.show_balances(None)
    assert both(accounts, clock)[0] == both(accounts, clock)[1]


def test_no_account_is_an_empty_list() -> None:
    assert listed_json(Accounts(), FakeClock(NOW)) == b"[]"
