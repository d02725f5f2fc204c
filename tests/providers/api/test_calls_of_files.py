"""What a file can say about calls, over real sockets: accounts, addresses of pages, nested rows, factors, POST."""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import at
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.call_schema import AccountsCall, BalanceCall, IdentityCall, StorageCall
from keyrack.providers.files.load import moved
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.schema import Provider
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import http, provider

D = Decimal
TOKEN = Secret("canary-access/+==")
ACCOUNTS = AccountsCall(path="/accounts", rows="Accounts", id="AccountID", name="Alias")
ROWS = BalanceCall(
    path="/accounts/{account}/balances", shape="array", rows="Balances", asset="c", total="t", in_use="u"
)


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer([])) as made:
        yield made


def described(port: RecordingServer, **changes: Any) -> Provider:
    return msgspec.structs.replace(moved(provider("alpaca"), port.base), **changes)


async def holdings(
    port: RecordingServer, *calls: BalanceCall, accounts: AccountsCall | None = None
) -> tuple[Holding, ...]:
    found = described(port, balances=calls, accounts=accounts)
    async with http() as client:
        read = await ApiClient(client, found, found.regions["global"]).holdings(TOKEN)
    assert not read.left_out
    return read.holdings


def rows(*pairs: tuple[str, str]) -> bytes:
    return answer({"Balances": [{"c": asset, "t": total, "u": "0"} for asset, total in pairs]})


# --- a second call for each account ---------------------------------------------------------------------------------


async def test_each_account_is_asked_for_its_balances(port: RecordingServer) -> None:
    named = {"Accounts": [{"AccountID": "A-1", "Alias": "Cash"}, {"AccountID": 22, "Alias": None}]}
    port.then(answer(named), rows(("USD", "5")), rows(("USD", "7"), ("EUR", "1")))
    found = await holdings(port, ROWS, accounts=ACCOUNTS)
    assert found == (Holding("USD", D(5), D(5), "Cash"), Holding("USD", D(7), D(7)), Holding("EUR", D(1), D(1)))
    assert [seen.target for seen in port.requests] == ["/accounts", "/accounts/A-1/balances", "/accounts/22/balances"]
    assert {seen.headers["authorization"] for seen in port.requests} == {"Bearer canary-access/+=="}


@pytest.mark.security("S38")
@pytest.mark.parametrize(
    ("id", "sent"),
    [
        ("a/b", "a%2Fb"),
        ("../../x", "..%2F..%2Fx"),
        ("@evil.example", "%40evil.example"),
        ("a?b=c&d", "a%3Fb%3Dc%26d"),
        ("6LvV4==", "6LvV4%3D%3D"),
        ("a b#ü%", "a%20b%23%C3%BC%25"),
    ],
)
async def test_an_id_is_one_step_of_the_path_whatever_it_holds(port: RecordingServer, id: str, sent: str) -> None:
    """The host stands in the file alone, and an id leads nowhere else on it."""
    port.then(answer({"Accounts": [{"AccountID": id}]}), rows())
    await holdings(port, ROWS, accounts=ACCOUNTS)
    assert port.last.target == f"/accounts/{sent}/balances"
    assert port.last.headers["host"] == f"127.0.0.1:{port.port}"


@pytest.mark.security("S38")
@pytest.mark.parametrize("id", ["", ".", "..", None, True, ["a", {}], {"x": 1}, "x" * 201, "a\nb"])
async def test_an_id_that_no_path_may_hold_asks_for_nothing(port: RecordingServer, id: Any) -> None:
    port.then(answer({"Accounts": [{"AccountID": id if id != ["a", {}] else [{}]}]}), rows(("USD", "1")))
    with pytest.raises(UnexpectedResponse):
        await holdings(port, ROWS, accounts=ACCOUNTS)
    assert len(port.requests) == 1


@pytest.mark.parametrize("content", [{"Accounts": None}, {"Accounts": []}])
async def test_a_person_without_accounts_holds_nothing(port: RecordingServer, content: Any) -> None:
    port.then(answer(content))
    assert await holdings(port, ROWS, accounts=ACCOUNTS) == ()


@pytest.mark.parametrize("content", [{"Accounts": "A-1"}, [], 7, {"Accounts": ["A-1"]}])
async def test_another_shape_of_accounts_is_not_taken_for_none(port: RecordingServer, content: Any) -> None:
    port.then(answer(content))
    with pytest.raises(UnexpectedResponse):
        await holdings(port, ROWS, accounts=ACCOUNTS)


async def test_too_many_accounts_are_said_and_not_cut(port: RecordingServer) -> None:
    port.then(answer({"Accounts": [{"AccountID": str(number)} for number in range(51)]}))
    with pytest.raises(Failure, match="more than 50 accounts"):
        await holdings(port, ROWS, accounts=ACCOUNTS)


async def test_the_pages_of_the_accounts_are_read_too(port: RecordingServer) -> None:
    call = AccountsCall(path="/a", rows="d", id="i", next_page='"@odata.nextLink"', paging="next_address")
    port.then(
        answer({"d": [{"i": "1"}], "@odata.nextLink": f"{port.base}/a?$skip=1"}),
        answer({"d": [{"i": "2"}]}),
        rows(("USD", "1")),
        rows(("USD", "2")),
    )
    found = await holdings(port, msgspec.structs.replace(ROWS, sum_same=True), accounts=call)
    assert found == (Holding("USD", D(3), D(3)),), "rows of all accounts are added up"
    assert port.requests[1].target == "/a?$skip=1"


async def test_a_failure_at_one_account_shows_no_part_of_the_whole(port: RecordingServer) -> None:
    port.then(answer({"Accounts": [{"AccountID": "1"}, {"AccountID": "2"}]}), rows(("USD", "1")), answer({}, 503))
    with pytest.raises(Failure):
        await holdings(port, ROWS, accounts=ACCOUNTS)


# --- pages ------------------------------------------------------------------------------------------------------------

ODATA = BalanceCall(path="/b", shape="array", rows="v", asset="c", total="t", next_page="__next", paging="next_address")


async def test_a_next_page_may_be_a_whole_address_of_the_same_host(port: RecordingServer) -> None:
    port.then(
        answer({"v": [{"c": "USD", "t": "1"}], "__next": f"{port.base}/b?$skip=1&x=%20"}),
        answer({"v": [{"c": "EUR", "t": "2"}], "__next": None}),
    )
    assert [row.asset for row in await holdings(port, ODATA)] == ["USD", "EUR"]
    assert port.last.target == "/b?$skip=1&x=%20"


@pytest.mark.security("S38")
@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/b",
        "https://127.0.0.1:{port}/b",
        "http://127.0.0.1:1/b",
        "http://127.0.0.1/b",
        "http://a@127.0.0.1:{port}/b",
        "http://127.0.0.1:{port}@evil.example/b",
        "//127.0.0.1:{port}/b",
        "/b?page=2",
        "http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}/b#x",
        "http://127.0.0.1:{port}//evil.example/b",
        "http://[::1/b",
        7,
        ["x"],
    ],
)
async def test_no_other_scheme_host_or_port_is_followed(port: RecordingServer, address: Any) -> None:
    named = address.replace("{port}", str(port.port)) if isinstance(address, str) else address
    port.then(answer({"v": [{"c": "USD", "t": "1"}], "__next": named}))
    with pytest.raises(UnexpectedResponse):
        await holdings(port, ODATA)
    assert len(port.requests) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ('"@odata.nextLink"', 1),
        ('a."x.y"', 2),
        ('a.b."$ref"', 3),
        ('"a"."b".c', 4),
        ("list.c", 5),
        ('allocation.".tag"', 6),
        ("a.missing", None),
    ],
)
def test_keys_with_dots_stand_in_quotation_marks(path: str, value: Any) -> None:
    content = {
        "@odata.nextLink": 1,
        "a": {"x.y": 2, "b": {"$ref": 3, "c": 4}},
        "list": [{"c": 5}, {"c": 50}],
        "allocation": {".tag": 6},
    }
    assert at(content, path) == value


# --- rows and figures -------------------------------------------------------------------------------------------------


async def test_rows_inside_rows_are_all_read(port: RecordingServer) -> None:
    call = BalanceCall(path="/b", shape="array", rows="wallets", rows_inside="money.rows", asset="c", total="t")
    wallets = [{"money": {"rows": [{"c": "BTC", "t": "1"}, {"c": "ETH", "t": "2"}]}}, {"money": {"rows": []}}]
    port.then(answer({"wallets": [*wallets, {"money": {"rows": [{"c": "BTC", "t": "3"}]}}]}))
    found = await holdings(port, msgspec.structs.replace(call, sum_same=True))
    assert [(row.asset, row.total) for row in found] == [("BTC", D(4)), ("ETH", D(2))]


async def test_keyed_rows_inside_rows_are_all_read(port: RecordingServer) -> None:
    call = BalanceCall(path="/b", shape="keyed", rows_inside="held", total="t")
    port.then(answer([{"held": {"BTC": {"t": "1"}}}, {"held": {"ETH": {"t": "2"}}}]))
    assert [row.asset for row in await holdings(port, call)] == ["BTC", "ETH"]


@pytest.mark.parametrize("content", [[{"held": "x"}], [{}], [7], {"held": []}, "x"])
async def test_an_item_without_its_rows_is_no_empty_one(port: RecordingServer, content: Any) -> None:
    port.then(answer(content))
    with pytest.raises(UnexpectedResponse):
        await holdings(port, BalanceCall(path="/b", shape="array", rows_inside="held", asset="c", total="t"))


async def test_the_asset_of_a_file_names_what_an_answer_does_not(port: RecordingServer) -> None:
    port.then(answer([{"cash": 12.5}, {"cash": 7}]))
    found = await holdings(port, BalanceCall(path="/b", shape="array", asset_is="USD", total="cash", sum_same=True))
    assert [(row.asset, row.total) for row in found] == [("USD", D("19.5"))]


@pytest.mark.parametrize(
    ("factor", "sent", "total"),
    [
        ("0.01", "123456789012345678", "1234567890123456.78"),
        ("0.00000001", 1, "0.00000001"),
        ("0.000000000000000001", "1", "1E-18"),
        ("1000", 1.5, "1500.0"),
    ],
)
async def test_a_factor_is_exact(port: RecordingServer, factor: str, sent: Any, total: str) -> None:
    port.then(answer([{"c": "X", "available": sent, "u": 0}]))
    call = BalanceCall(path="/b", shape="array", asset="c", available="available", in_use="u", factor=factor)
    (row,) = await holdings(port, call)
    assert row.total == row.available == D(total)
    assert format(row.total, "f") == format(D(total), "f")


# --- storage and identity ---------------------------------------------------------------------------------------------


async def test_storage_and_identity_may_be_asked_for_by_post(port: RecordingServer) -> None:
    port.then(
        answer({"used": 1500, "allocation": {".tag": "individual", "allocated": 2000}}),
        answer({"email": "kim.arai@example.org"}),
    )
    found = described(
        port,
        storage=(
            StorageCall(
                path="/space", method="POST", used="used", size="allocation.allocated", plan='allocation.".tag"'
            ),
        ),
        identity=IdentityCall(path="/me", method="POST", body="null", field="email"),
    )
    async with http() as client:
        api = ApiClient(client, found, found.regions["global"])
        assert await api.storage(TOKEN) == Storage(1500, None, 2000, "individual")
        assert await api.identity(TOKEN) == "kim.arai@example.org"
    first, second = port.requests
    assert (first.method, first.body, "content-type" in first.headers) == ("POST", "", False)
    assert first.headers["content-length"] == "0"
    assert (second.method, second.body, second.headers["content-type"]) == ("POST", "null", "application/json")


async def test_storage_in_other_units_has_a_factor(port: RecordingServer) -> None:
    port.then(answer({"used": "2", "size": 0.5, "free": "x"}))
    found = described(
        port, storage=(StorageCall(path="/s", used="used", size="size", available="free", factor="1024"),)
    )
    async with http() as client:
        assert await ApiClient(client, found, found.regions["global"]).storage(TOKEN) == Storage(2048, None, 512)
