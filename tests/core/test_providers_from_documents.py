"""The services that are open today, from sign-in to figures and renewal, through the real rack."""

import asyncio
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Active, LoggedOut, Reason, Retrying, Running
from keyrack.core.tokens.refresh_journal import RefreshJournal
from keyrack.core.vault.record import Record
from keyrack.providers.kraken import placed_name
from keyrack.providers.schema import FlowName
from tests.core.harness import SECRET, CoreHarness, Person
from tests.sandbox_people import PEOPLE

Service = tuple[str, FlowName, str]
GEMINI: Service = ("gemini", "authorization_code_pkce", "global")
DERIBIT: Service = ("deribit", "client_credentials", "test")
KRAKEN: Service = ("kraken", "authorization_code_pkce", "global")
UPHOLD: Service = ("uphold", "authorization_code", "global")
ALPACA: Service = ("alpaca", "authorization_code", "paper")
ALL = [GEMINI, DERIBIT, KRAKEN, UPHOLD, ALPACA]
RENEWABLE = [GEMINI, DERIBIT, KRAKEN]
UNTIL_REFUSED = [UPHOLD, ALPACA]
# Where Kraken's suffixes say that an asset lies (Kraken Q20).
PLACES = {"kraken": {"Rewards", "Staked", "Bonded, 28 days", "On hold"}}
FIGURES = {"gemini": "balances", "deribit": "summaries", "kraken": "balances", "uphold": "cards", "alpaca": "account"}
HELD = {
    "gemini": {"BTC", "ETH", "GUSD", "USD"},
    "deribit": {"BTC", "ETH", "USDC"},
    "kraken": {"BTC", "ETH", "USD", "EUR", "DOT"},
    "uphold": {"BTC", "XRP", "USD"},
    "alpaca": {"USD"},
}


def name(service: Service) -> str:
    return service[0]


each = pytest.mark.parametrize("service", ALL, ids=name)
renewable = pytest.mark.parametrize("service", RENEWABLE, ids=name)
until_refused = pytest.mark.parametrize("service", UNTIL_REFUSED, ids=name)


@pytest.fixture
def harness(harness_without_streams: CoreHarness) -> CoreHarness:
    return harness_without_streams


async def signed_in(harness: CoreHarness, service: Service) -> Account:
    account = await harness.add(*service)
    await harness.sign_in(account)
    assert harness.status(account).name == "ready", harness.status(account)
    return account


async def with_figures(harness: CoreHarness, service: Service) -> Account:
    account = await signed_in(harness, service)
    await harness.until(lambda: account.balances is not None)
    return account


def shown(account: Account) -> Balances:
    assert account.balances is not None
    return account.balances


async def ask(harness: CoreHarness, account: Account) -> Balances:
    await harness.rack.parts.poller.update(account)
    return shown(account)


@each
async def test_a_person_signs_in_and_sees_what_the_account_holds(harness: CoreHarness, service: Service) -> None:
    account = await with_figures(harness, service)
    found = shown(account)
    assert found.failure is None
    assert {row.asset for row in found.holdings} == HELD[service[0]]
    assert all(row.total and row.available and row.total >= row.available > 0 for row in found.holdings)
    places = {(row.asset, row.place) for row in found.holdings}
    assert len(found.holdings) == len(places), "one row per asset and wallet"
    assert {place for _, place in places if place} == PLACES.get(service[0], set())


@each
async def test_the_figures_are_the_providers_to_the_last_digit(harness: CoreHarness, service: Service) -> None:
    account = await with_figures(harness, service)
    holder = next(iter(PEOPLE[service[0]].values()))
    digits = {
        placed_name(held.asset) if service is KRAKEN else (held.asset, ""): held.digits
        for held in holder.holdings
        if held.total
    }
    found = {
        (row.asset, row.place): len(format(row.total or 0, "f").partition(".")[2]) for row in shown(account).holdings
    }
    assert found == digits


@renewable
async def test_a_token_is_renewed_and_the_old_refresh_token_is_not_used_again(
    harness: CoreHarness, service: Service
) -> None:
    account = await signed_in(harness, service)
    old = harness.token(account)
    for _ in range(2):
        await harness.rack.parts.refresher.renew(account, by_hand=True)
    new = harness.token(account)
    assert harness.status(account).name == "ready"
    assert new.access != old.access
    assert new.refresh not in (None, old.refresh)
    key = f"{account.settings.client_id}/{next(iter(PEOPLE[service[0]]))}"
    assert harness.sandbox.renewals()[key] == 2
    grants = [row["grant"] for row in harness.asked(account, "token")]
    assert grants[1:] == ["refresh_token", "refresh_token"]


@renewable
async def test_after_a_restart_it_is_renewed_from_the_vault(harness: CoreHarness, service: Service) -> None:
    account = await signed_in(harness, service)
    rack = await harness.kill()
    await harness.start()
    again = next(found for found in rack.accounts if found.id == account.id)
    await harness.until(lambda: harness.status(again).name == "ready" and harness.token(again).access is not None)
    await harness.until(lambda: again.balances is not None)
    assert shown(again).failure is None


@renewable
@pytest.mark.parametrize(
    "fault", ["html:502", "status:503", "body:{}", "body:[]", 'body:{"odd":NaN}', "reset", "retry:1"]
)
async def test_no_answer_but_a_refusal_ends_a_sign_in(harness: CoreHarness, service: Service, fault: str) -> None:
    """C2.1, C2.2, C2.12: everything else is tried again, and heals."""
    account = await signed_in(harness, service)
    old = harness.token(account)
    harness.sandbox.fault(service[0], "token", fault)
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    state = account.state
    assert isinstance(state, Active)
    assert isinstance(state.renewal, Retrying)
    assert state.credential == old
    harness.sandbox.clear_faults()
    await harness.step(40)
    await harness.until(lambda: harness.status(account).name == "ready")


@pytest.mark.parametrize("fault", ["lost", "malformed", "truncated"])
async def test_an_answer_of_deribit_that_was_lost_costs_nothing(harness: CoreHarness, fault: str) -> None:
    """Whether its refresh token survives that is not documented: the key makes another."""
    account = await signed_in(harness, DERIBIT)
    harness.sandbox.fault("deribit", "token", fault, times=1)
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    await harness.step(40)
    await harness.until(lambda: harness.status(account).name == "ready")
    assert harness.asked(account, "token")[-1]["grant"] == "client_credentials"


@pytest.mark.parametrize("service", [GEMINI, KRAKEN], ids=name)
async def test_a_refused_refresh_token_needs_its_person(harness: CoreHarness, service: Service) -> None:
    account = await signed_in(harness, service)
    harness.sandbox.fault(service[0], "token", "refused")
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.REFRESH_REJECTED


async def test_a_refused_key_of_deribit_needs_its_person(harness: CoreHarness) -> None:
    account = await signed_in(harness, DERIBIT)
    harness.sandbox.fault("deribit", "token", "refused")
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.REFRESH_REJECTED


@each
@pytest.mark.parametrize("fault", ["html:502", "status:403", "status:429", "malformed", "body:7", "reset", "big"])
async def test_a_strange_answer_costs_neither_figures_nor_sign_in(
    harness: CoreHarness, service: Service, fault: str
) -> None:
    """C2.1, C2.2, C2.16, C2.18 at the balance call."""
    account = await with_figures(harness, service)
    old = shown(account)
    harness.sandbox.fault(service[0], FIGURES[service[0]], fault)
    now = await ask(harness, account)
    assert now.holdings == old.holdings
    assert isinstance(account.state, Active)
    assert now.failure is not None
    assert now.failure.happened


@pytest.mark.security("S47")
@until_refused
async def test_without_a_lifetime_a_sign_in_lasts_until_it_is_refused_q9_q10(
    harness: CoreHarness, service: Service
) -> None:
    """Alpaca Q9 and Uphold Q10: no end is shown or assumed. After minutes of refusals the person is asked."""
    account = await with_figures(harness, service)
    status = harness.status(account)
    assert (status.left, status.lifetime, status.renews_in, status.sign_in_left) == (None, None, None, None)
    harness.clock.move(400 * 86_400)  # ours alone: the stand-in is shared with tests that look at its clock
    assert harness.status(account).name == "ready"
    harness.sandbox.fault(service[0], FIGURES[service[0]], "withdrawn", times=1)
    await harness.rack.parts.poller.update(account)
    assert harness.status(account).name == "ready", "one refusal may be a mistake"
    harness.sandbox.fault(service[0], FIGURES[service[0]], "withdrawn")
    for seconds in (0, 150, 151):
        harness.clock.move(seconds)
        await harness.rack.parts.poller.update(account)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.REFRESH_REJECTED
    assert harness.status(account).todo


@pytest.mark.security("S65")
@until_refused
async def test_a_token_that_nothing_renews_is_kept_over_a_restart(harness: CoreHarness, service: Service) -> None:
    account = await with_figures(harness, service)
    token = harness.token(account).access
    rack = await harness.kill()
    await harness.start()
    again = next(found for found in rack.accounts if found.id == account.id)
    assert harness.token(again).access == token
    assert len(harness.asked(account, "token")) == 1


async def test_every_page_of_cards_counts_q10(harness: CoreHarness) -> None:
    harness.sandbox.fault("uphold", "cards", "pages:2")
    account = await with_figures(harness, UPHOLD)
    assert {row.asset for row in shown(account).holdings} == HELD["uphold"]
    assert len(harness.asked(account, "cards")) == 3


@pytest.mark.security("S70")
async def test_no_token_is_given_while_a_renewal_ends_it_q6(harness: CoreHarness) -> None:
    """Kraken Q6: who asks during a renewal waits and gets the new one, since the old one is dead already."""
    account = await signed_in(harness, KRAKEN)
    old = harness.token(account).access
    harness.sandbox.fault("kraken", "token", "hold:0.3")
    renewal = asyncio.create_task(harness.rack.parts.refresher.renew(account, by_hand=True))
    await harness.until(lambda: isinstance(account.state, Active) and isinstance(account.state.renewal, Running))
    given = await harness.rack.parts.token_source.fresh(account, 0.0)
    await renewal
    assert given == harness.token(account).access != old


async def test_other_services_give_the_running_token_meanwhile(harness: CoreHarness) -> None:
    account = await signed_in(harness, GEMINI)
    old = harness.token(account).access
    harness.sandbox.fault("gemini", "token", "hold:0.3")
    renewal = asyncio.create_task(harness.rack.parts.refresher.renew(account, by_hand=True))
    await harness.until(lambda: isinstance(account.state, Active) and isinstance(account.state.renewal, Running))
    assert await harness.rack.parts.token_source.fresh(account, 0.0) == old
    await renewal


def record(harness: CoreHarness, account: Account) -> Record:
    found = harness.rack.parts.records.cached(account.id)
    assert found is not None
    return found


def keys_made(harness: CoreHarness) -> list[dict[str, Any]]:
    return harness.sandbox.log("kraken", "key")


@pytest.mark.security("S54", "S66")
async def test_krakens_key_is_made_once_and_kept_in_the_vault_alone_q13(harness: CoreHarness) -> None:
    before = len(keys_made(harness))
    account = await with_figures(harness, KRAKEN)
    await harness.rack.parts.poller.update(account)
    kept = record(harness, account)
    assert kept.api_secret is not None
    assert kept.api_key is not None
    stored = await harness.vault.load(account.id)
    assert (stored.api_secret, stored.api_key) == (kept.api_secret, kept.api_key)
    for file in (path for folder in (harness.paths.config, harness.paths.state) for path in folder.rglob("*")):
        if file.is_file():
            text = file.read_text("utf-8")
            assert kept.api_secret.reveal() not in text
            assert kept.api_key.reveal() not in text
    rack = await harness.kill()
    await harness.start()
    again = next(found for found in rack.accounts if found.id == account.id)
    await harness.until(lambda: again.balances is not None)
    assert shown(again).failure is None
    assert len(keys_made(harness)) == before + 1


async def test_a_renewal_keeps_krakens_key(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    key = record(harness, account).api_secret
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert record(harness, account).api_secret == key
    assert (await ask(harness, account)).holdings


async def test_a_deleted_key_is_replaced_once(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    before, key = len(keys_made(harness)), record(harness, account).api_secret
    harness.sandbox.fault("kraken", "balances", "keys:gone", times=1)
    await harness.rack.parts.poller.update(account)
    assert shown(account).failure is None
    assert record(harness, account).api_secret != key
    assert len(keys_made(harness)) == before + 1


async def test_keys_are_not_made_over_and_over(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    before, old = len(keys_made(harness)), shown(account).holdings
    harness.sandbox.fault("kraken", "balances", "keys:gone")
    for _ in range(3):
        await harness.rack.parts.poller.update(account)
    assert len(keys_made(harness)) == before + 1
    assert shown(account).holdings == old
    assert shown(account).failure is not None
    assert isinstance(account.state, Active), "the sign-in itself is good"
    harness.sandbox.clear_faults()
    await harness.rack.sign_out(account)
    assert record(harness, account).api_secret is None
    await harness.sign_in(account)
    await harness.until(lambda: account.balances is not None)
    assert shown(account).failure is None


async def test_a_token_that_may_not_make_a_key_is_renewed_once(harness: CoreHarness) -> None:
    """S81 for the exchange of a token for a key."""
    account = await signed_in(harness, KRAKEN)
    await harness.until(lambda: account.balances is not None)
    await harness.rack.sign_out(account)
    harness.sandbox.fault("kraken", "key", "withdrawn", times=1)
    await harness.sign_in(account)
    await harness.until(lambda: account.balances is not None)
    assert shown(account).failure is None
    assert [row["grant"] for row in harness.asked(account, "token")][-1] == "refresh_token"


async def test_two_accounts_of_one_client_do_not_end_each_others_tokens(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    draft = harness.draft("kraken", account.settings.client_id, account.settings.redirect_uri, name="Second")
    other = await harness.rack.add(replace(draft, flow="authorization_code_pkce"))
    harness.person.account = "club"
    await harness.sign_in(other)
    await harness.until(lambda: other.balances is not None)
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert {row.asset for row in (await ask(harness, other)).holdings} == {"BTC"}
    assert harness.status(other).name == "ready"


async def test_one_refresh_token_for_two_accounts_is_told_to_both(harness: CoreHarness) -> None:
    """C2.26."""
    same = '{"access_token":"a%s","refresh_token":"one-for-both","token_type":"bearer","expires_in":900}'
    harness.sandbox.fault("gemini", "balances", "status:503")
    accounts = []
    for number in range(2):
        account = await harness.add(*GEMINI)
        harness.sandbox.fault("gemini", "token", "body:" + same % number, times=1)
        await harness.sign_in(account)
        accounts.append(account)
    for account, other in (accounts, reversed(accounts)):
        lines = [
            line.notice.sentence for line in account.activity.lines() if "same refresh token" in line.notice.sentence
        ]
        assert len(lines) == 1
        assert other.settings.name in lines[0]
        assert "one-for-both" not in lines[0]


async def test_renewed_apart_two_accounts_are_left_alone(harness: CoreHarness) -> None:
    for account in [await signed_in(harness, GEMINI), await signed_in(harness, GEMINI)]:
        await harness.rack.parts.refresher.renew(account, by_hand=True)
        assert not [line for line in account.activity.lines() if "same refresh token" in line.notice.sentence]


def with_choices(harness: CoreHarness, id: str, **choices: Any) -> None:
    """The provider with other choices in its file, from the next account on."""
    found = next(known for known in harness.providers if known.id == id)
    other = msgspec.structs.replace(found, **choices)
    harness.replace_provider(other)


async def test_a_provider_may_want_fewer_questions(harness: CoreHarness) -> None:
    with_choices(harness, "alpaca", poll_interval=900.0)
    harness.rack.set_visible(visible=True)
    account = await with_figures(harness, ALPACA)
    count = len(harness.asked(account, "account"))
    await harness.step(880)
    assert len(harness.asked(account, "account")) == count
    await harness.step(30)
    assert len(harness.asked(account, "account")) == count + 1


@pytest.mark.security("S4")
async def test_where_any_port_will_do_each_sign_in_has_its_own(harness: CoreHarness) -> None:
    """RFC 8252 §7.3."""
    found = next(known for known in harness.providers if known.id == "alpaca")
    with_choices(harness, "alpaca", dialect=msgspec.structs.replace(found.dialect, redirect_port="any"))
    harness.person.answer = "nothing"
    account = await harness.add(*ALPACA)
    client = account.settings.client_id
    before, seen = urlsplit(account.settings.redirect_uri), set()
    for _ in range(2):
        running = asyncio.create_task(harness.rack.sign_in(account, None))
        await harness.until(
            lambda: (begun := harness.rack.sign_ins.of(account)) is not None and begun.pending is not None
        )
        begun = harness.rack.sign_ins.of(account)
        assert begun is not None
        assert begun.pending is not None
        there = urlsplit(begun.pending.request.redirect_uri)
        assert (there.hostname, there.path) == (before.hostname, before.path)
        assert there.port != before.port
        assert f"127.0.0.1%3A{there.port}" in begun.pending.request.url.reveal()
        seen.add(there.port)
        # The service admits any port. The stand-in needs the port that was taken to be registered.
        harness.sandbox.register_client("alpaca", client, SECRET, begun.pending.request.redirect_uri)
        await harness.visit(begun.pending.start_address(), Person())
        await running
        assert harness.status(account).name == "ready"
    assert len(seen) == 2


@pytest.mark.security("S73")
@pytest.mark.parametrize(("rotation", "noted"), [("always", True), ("unknown", True), ("never", False)])
async def test_only_a_refresh_token_that_is_used_up_needs_a_note(
    harness: CoreHarness, rotation: str, noted: bool
) -> None:
    """What a lost answer does not cost must not look like an interrupted renewal after a crash."""
    found = next(known for known in harness.providers if known.id == "gemini")
    with_choices(harness, "gemini", dialect=msgspec.structs.replace(found.dialect, rotation=rotation))
    account = await signed_in(harness, GEMINI)
    harness.sandbox.fault("gemini", "token", "hold:0.3")
    renewal = asyncio.create_task(harness.rack.parts.refresher.renew(account, by_hand=True))
    await harness.until(lambda: len(harness.asked(account, "token")) == 2)
    assert (RefreshJournal(harness.paths.state).read(account.id) is not None) == noted
    await renewal
    stored = harness.rack.parts.records.generation(account.id)
    assert RefreshJournal(harness.paths.state).read(account.id) == (stored if noted else None)


@pytest.mark.security("S34")
async def signed_in_again(harness: CoreHarness) -> Account:
    """An account of Kraken whose sign-in ended and was made anew, by the person of `harness.person`."""
    account = await with_figures(harness, KRAKEN)
    harness.sandbox.fault("kraken", "token", "refused", times=1)
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert harness.status(account).name == "needs_login"
    return account


async def test_a_new_sign_in_uses_its_key_again_once_kraken_has_listed_it_q23(harness: CoreHarness) -> None:
    account = await signed_in_again(harness)
    before, key = len(keys_made(harness)), record(harness, account).api_secret
    listed = len(harness.sandbox.log("kraken", "key list"))
    await harness.sign_in(account)
    assert (await ask(harness, account)).holdings
    await ask(harness, account)
    assert len(keys_made(harness)) == before
    assert record(harness, account).api_secret == key
    assert len(harness.sandbox.log("kraken", "key list")) == listed + 1


async def test_a_key_that_kraken_does_not_list_is_made_anew(harness: CoreHarness) -> None:
    """It was deleted there, or belongs to another account of the same person."""
    account = await signed_in_again(harness)
    key = record(harness, account).api_secret
    harness.sandbox.fault("kraken", "key list", 'body:{"result":[]}', times=1)
    await harness.sign_in(account)
    assert (await ask(harness, account)).holdings
    assert record(harness, account).api_secret not in (None, key)


@pytest.mark.security("S34")
async def test_another_persons_sign_in_at_kraken_is_refused(harness: CoreHarness) -> None:
    account = await signed_in_again(harness)
    harness.person.account = "club"
    await harness.sign_in(account)
    assert harness.status(account).reason == "wrong_account"


async def test_signing_out_deletes_krakens_key(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    name = record(harness, account).api_key_id
    assert name.startswith("Keyrack ")
    said = await harness.rack.sign_out(account)
    assert said == f"The key “{name}” was deleted at Kraken."
    assert [row["status"] for row in harness.sandbox.log("kraken", "key deletion")][-1] == 200


async def test_a_key_that_cannot_be_deleted_is_told(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    harness.sandbox.fault("kraken", "key deletion", "withdrawn", times=1)
    assert "may still be at Kraken" in await harness.rack.sign_out(account)


async def test_the_same_sign_in_keeps_its_key_over_many_questions(harness: CoreHarness) -> None:
    account = await with_figures(harness, KRAKEN)
    before = len(keys_made(harness))
    for _ in range(5):
        await ask(harness, account)
    assert len(keys_made(harness)) == before


@pytest.mark.parametrize("service", [GEMINI, UPHOLD], ids=["gemini", "uphold"])
async def test_signing_out_revokes_the_token(harness: CoreHarness, service: Service) -> None:
    """Gemini Q3, Uphold Q24."""
    account = await signed_in(harness, service)
    before = len(harness.sandbox.log(service[0], "revocation"))
    assert "was revoked at" in await harness.rack.sign_out(account)
    rows = harness.sandbox.log(service[0], "revocation")[before:]
    assert {row["status"] for row in rows} <= {200, 204}
    assert len(rows) == (2 if service is GEMINI else 1)


@pytest.mark.parametrize(
    ("fault", "words", "wait"),
    [
        ("error:EGeneral:Temporary lockout", "quarter of an hour", 900),
        ("error:EAPI:Rate limit exceeded", "", 0),
        ("error:EGeneral:Permission denied", "may not read", 0),
    ],
)
async def test_krakens_refusals_cost_no_sign_in_and_are_waited_for_q21(
    harness: CoreHarness, fault: str, words: str, wait: int
) -> None:
    account = await with_figures(harness, KRAKEN)
    harness.sandbox.fault("kraken", "balances", fault, times=1)
    await harness.rack.parts.poller.update(account)
    why = shown(account).failure
    assert why is not None
    assert words in why.sentences()
    assert (why.retry_after or 0) == wait
    assert (harness.status(account).name, bool(shown(account).holdings)) == ("ready", True)


async def test_a_dead_token_of_alpaca_ends_the_sign_in_with_its_own_words_q21(harness: CoreHarness) -> None:
    account = await with_figures(harness, ALPACA)
    """It is kept for minutes first, as each token that nothing renews."""
    harness.sandbox.fault("alpaca", "account", "dead")
    await harness.rack.parts.poller.update(account)
    assert harness.status(account).happened == "Alpaca refuses this token for the moment."
    for _ in range(3):
        await harness.step(301)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.REFRESH_REJECTED
    now = harness.status(account)
    assert now.happened == "Alpaca no longer accepts this sign-in."
    assert "live or paper" in now.means


async def test_an_account_of_the_first_version_signs_in_by_pkce_from_now_on_q22(harness: CoreHarness) -> None:
    """0.1.0 stored Kraken's accounts with the flow that has none."""
    account = await signed_in(harness, KRAKEN)
    await harness.kill()
    file = harness.paths.config / "accounts.json"
    file.write_text(file.read_text("utf-8").replace("authorization_code_pkce", "authorization_code"), "utf-8")
    await harness.start()
    again = next(found for found in harness.rack.accounts if found.id == account.id)
    assert again.settings.flow == "authorization_code_pkce"
