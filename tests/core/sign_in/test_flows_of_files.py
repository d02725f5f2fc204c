"""Provider files with settings of their own, through the real rack: a pasted refresh token, flows, ends, addresses."""

from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import parse_qs

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from keyrack.core.failures import CodeRefused, DraftProblem
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import read
from keyrack.providers.schema import FlowName
from tests.core.harness import CoreHarness
from tests.recording_server import RecordingServer, answer, recording

FILE = """\
id = "harbor"
name = "Harbor"
monogram = "Hb"
documentation = "https://docs.harbor.example"
checked = 2026-11-29

[regions.world]
name = "World"
authorization_endpoint = "{base}/authorize"
token_endpoint = "{base}/token"
revocation_endpoint = "{base}/revoke"
api = "{base}"
test = true

[flows.refresh_token]
title = "Refresh token"
credentials_help = "Make a token on the page."
needs_secret = "optional"
revocation = "body"

[flows.client_credentials]
title = "Key"
credentials_help = "Make a key."
renewal = "again"
client_authentication = "body"

[dialect]
# more

[[balances]]
path = "/balances"
shape = "keyed"
total = "t"
in_use = "u"

[identity]
path = "/me"
field = "name"
"""
PAIR = {"access_token": "invented-access", "token_type": "Bearer", "expires_in": 600, "refresh_token": "invented-next"}
PASTED = Secret("invented-pasted")


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer({}, 404)) as made:
        made.by_path = {
            "/token": [answer(PAIR)],
            "/balances": [answer({"USD": {"t": "5", "u": "1"}})],
            "/me": [answer({"name": "kim.arai@example.org"})],
            "/revoke": [answer({})],
        }
        yield made


@pytest.fixture
def harness(harness_without_streams: CoreHarness) -> CoreHarness:
    return harness_without_streams


def use(harness: CoreHarness, port: RecordingServer, more: str = "", region: str = "") -> None:
    """Have the rack know the file, with keys added to its dialect and to its region."""
    text = FILE.replace("{base}", port.base).replace("# more", more.replace("{base}", port.base))
    text = text.replace("test = true\n", f"test = true\n{region.replace('{base}', port.base)}\n")
    harness.replace_provider(read("harbor.toml", text))


async def added(harness: CoreHarness, flow: FlowName = "refresh_token", secret: Secret | None = None) -> Account:
    return await harness.rack.add(Draft("harbor", "world", flow, f"Harbor {flow}", "invented-client", secret))


async def signed_in(harness: CoreHarness, pasted: Secret = PASTED) -> Account:
    account = await added(harness)
    await harness.sign_in(account, pasted)
    assert harness.status(account).name == "ready", harness.status(account)
    return account


def sent(port: RecordingServer, number: int = -1) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(port.asked("/token")[number].body).items()}


# --- a pasted refresh token -------------------------------------------------------------------------------------------


async def test_a_pasted_refresh_token_signs_in(harness: CoreHarness, port: RecordingServer) -> None:
    use(harness, port)
    account = await signed_in(harness, Secret("  invented-pasted\n"))
    assert sent(port) == {
        "client_id": "invented-client",
        "grant_type": "refresh_token",
        "refresh_token": "invented-pasted",
    }
    token = harness.token(account)
    assert token.refresh == Secret("invented-next")
    assert token.renewable
    assert account.settings.identity == "k…i@example.org"
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert sent(port)["refresh_token"] == "invented-next"


async def test_a_server_that_sends_no_other_one_has_the_pasted_one_renewed(
    harness: CoreHarness, port: RecordingServer
) -> None:
    port.by_path["/token"] = [answer({name: value for name, value in PAIR.items() if name != "refresh_token"})]
    use(harness, port, "refresh_lifetime = 6000.0")
    account = await signed_in(harness)
    assert harness.token(account).refresh == PASTED
    left = harness.status(account).sign_in_left
    assert left is not None
    assert 5990 < left <= 6000
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert sent(port)["refresh_token"] == "invented-pasted"


async def test_a_refused_one_keeps_nothing_and_asks_again(harness: CoreHarness, port: RecordingServer) -> None:
    port.by_path["/token"] = [answer({"error": "invalid_grant"}, 400)]
    use(harness, port)
    account = await added(harness)
    await harness.sign_in(account, PASTED)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.NEW
    record = harness.rack.parts.records.cached(account.id)
    assert record is None or record.refresh is None


@pytest.mark.security("S55")
@pytest.mark.parametrize(
    "typed", [None, Secret(""), Secret("  "), Secret("two words"), Secret("ü"), Secret("x" * 8193)]
)
async def test_what_cannot_be_one_is_not_sent(
    harness: CoreHarness, port: RecordingServer, typed: Secret | None
) -> None:
    use(harness, port)
    account = await added(harness)
    await harness.sign_in(account, typed)
    assert isinstance(account.state, LoggedOut)
    assert isinstance(account.state.why, CodeRefused)
    assert port.asked("/token") == []


# --- settings of a flow, and an optional secret -----------------------------------------------------------------------


async def test_one_file_serves_the_token_and_the_key(harness: CoreHarness, port: RecordingServer) -> None:
    use(harness, port)
    by_token, by_key = await signed_in(harness), await added(harness, "client_credentials", Secret("invented-secret"))
    await harness.sign_in(by_key)
    assert sent(port) == {
        "client_id": "invented-client",
        "client_secret": "invented-secret",
        "grant_type": "client_credentials",
    }
    await harness.rack.parts.refresher.renew(by_key, by_hand=True)
    assert sent(port)["grant_type"] == "client_credentials"
    await harness.rack.parts.refresher.renew(by_token, by_hand=True)
    assert sent(port)["grant_type"] == "refresh_token"
    assert await harness.rack.sign_out(by_key) == "", "revocation is a setting of the other flow"
    assert "revoked" in await harness.rack.sign_out(by_token)
    assert len(port.asked("/revoke")) == 2


async def test_both_flows_share_one_site(harness: CoreHarness, port: RecordingServer) -> None:
    use(harness, port)
    first, second = await added(harness), await added(harness, "client_credentials", Secret("invented-secret"))
    sites = [harness.rack.parts.sites.of(account) for account in (first, second)]
    assert sites[0].api is sites[1].api
    assert sites[0].figures_at_once is sites[1].figures_at_once
    assert sites[0].server.dialect.renewal != sites[1].server.dialect.renewal
    assert harness.rack.parts.sites.of(first) is sites[0]


async def test_a_secret_may_be_optional_and_must_be_there_where_it_is_not(
    harness: CoreHarness, port: RecordingServer
) -> None:
    use(harness, port)
    account = await added(harness, secret=Secret("invented-secret"))
    await harness.sign_in(account, PASTED)
    assert port.asked("/token")[-1].headers["authorization"].startswith("Basic ")
    with pytest.raises(DraftProblem):
        await added(harness, "client_credentials")


# --- an end that no renewal moves -------------------------------------------------------------------------------------


async def test_a_sign_in_ends_after_its_days_however_often_it_was_renewed(
    harness: CoreHarness, port: RecordingServer
) -> None:
    use(harness, port, "sign_in_lifetime = 3600.0")
    account = await signed_in(harness)
    ends = harness.status(account).sign_in_ends
    await harness.step(1000)
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    status = harness.status(account)
    assert status.sign_in_ends == pytest.approx(ends, abs=1)
    assert status.sign_in_lifetime == 3600
    assert status.sign_in_left is not None
    assert status.sign_in_left <= 2600
    await harness.step(2590)
    assert harness.status(account).sign_in_at_risk
    await harness.step(700)
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.REFRESH_EXPIRED


async def test_a_restart_keeps_its_end_its_verifier_and_its_address(
    harness: CoreHarness, port: RecordingServer
) -> None:
    port.by_path["/token"] = [answer({**PAIR, "api_server": port.base})]
    use(harness, port, 'sign_in_lifetime = 3600.0\napi_field = "api_server"', 'apis = ["{base}"]')
    account = await signed_in(harness)
    before = harness.token(account)
    assert before.api == port.base
    await harness.kill()
    use(harness, port, 'sign_in_lifetime = 3600.0\napi_field = "api_server"', 'apis = ["{base}"]')
    harness.leap(100)
    rack = await harness.start()
    again = next(found for found in rack.accounts if found.id == account.id)
    await harness.until(lambda: harness.status(again).name == "ready")
    token = harness.token(again)
    assert token.api == port.base
    assert token.signed_in == pytest.approx(before.signed_in, abs=1)
    assert token.sign_in_lifetime == 3600


# --- the address of the API -------------------------------------------------------------------------------------------


@pytest.mark.security("S38", "S43")
@pytest.mark.parametrize("listed", [True, False])
async def test_figures_are_asked_for_at_the_address_that_came_with_the_token_if_it_is_listed(
    harness: CoreHarness, port: RecordingServer, listed: bool
) -> None:
    async with recording(answer({"EUR": {"t": "7", "u": "0"}, "name": "kim.arai@example.org"})) as other:
        told: Any = other.base if listed else f"http://127.0.0.1:{port.port}/elsewhere"
        port.by_path["/token"] = [answer({**PAIR, "api_server": told + "/"})]
        use(harness, port, 'api_field = "api_server"', f'apis = ["{{base}}", "{other.base}"]')
        account = await signed_in(harness)
        await harness.rack.parts.poller.update(account)
        assert isinstance(account.state, Active)
        assert account.balances is not None
        if listed:
            assert [row.asset for row in account.balances.holdings] == ["EUR"]
            assert {seen.target for seen in other.requests} == {"/me", "/balances"}
        else:
            assert account.balances.failure is not None
            assert "no address of its API that its file lists" in account.balances.failure.happened
            assert other.requests == []
        assert port.asked("/balances") == port.asked("/me") == []


# --- prices that need a token -----------------------------------------------------------------------------------------

PRICES = """[prices]
quote = "EUR"
path = "/ticker"
needs_token = true
base_name = "of"
quote_name = "in"
pairs = ["{base}-{quote}"]
fields = ["rate"]

[identity]"""


async def test_prices_are_asked_for_with_a_token_of_the_site(harness: CoreHarness, port: RecordingServer) -> None:
    port.by_path["/ticker"] = [answer([{"of": "USD", "in": "EUR", "rate": "0.5"}])]
    text = FILE.replace("{base}", port.base).replace("[identity]", PRICES)
    harness.replace_provider(read("harbor.toml", text))
    account = await signed_in(harness)
    await harness.rack.parts.poller.update(account)
    harness.rack.totals.choose("EUR")
    harness.rack.set_visible(visible=True)
    await harness.until(lambda: port.asked("/ticker"))
    await harness.until(lambda: harness.rack.totals.total_of(account) is not None)
    assert port.asked("/ticker")[0].headers["authorization"] == "Bearer invented-access"
    total = harness.rack.totals.total_of(account)
    assert total is not None
    assert (str(total.amount), total.unit) == ("2.5", "EUR")
