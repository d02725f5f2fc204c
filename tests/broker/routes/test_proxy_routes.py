"""The choice of a proxy over the socket."""

import pytest

from tests.broker.conftest import Served

pytestmark = pytest.mark.security("S52")

DIRECT = {"version": 1, "proxy": "none", "connects": "Keyrack connects directly, without a proxy."}


async def test_the_choice_is_shown_and_changed(served: Served) -> None:
    assert (await served.ask("GET", "/v1/proxy")).content == DIRECT
    chosen = await served.ask("PUT", "/v1/proxy", body={"proxy": "proxy.example:3128"})

    assert chosen.content == {
        "version": 1,
        "proxy": "http://proxy.example:3128",
        "connects": "Keyrack connects through the proxy proxy.example:3128.",
    }
    assert (await served.ask("GET", "/v1/proxy")).content == chosen.content
    assert (await served.ask("PUT", "/v1/proxy", body={"proxy": "none"})).content == DIRECT


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"proxy": ""},
        {"proxy": 3128},
        {"proxy": None},
        {"proxy": "socks5://proxy.example:1080"},
        {"proxy": "http://me:invented-secret@proxy.example:3128"},
        {"proxy": "none", "password": "invented-secret"},
    ],
)
async def test_what_cannot_be_chosen_changes_nothing_and_is_not_quoted(body: dict[str, object], served: Served) -> None:
    refused = await served.ask("PUT", "/v1/proxy", body=body)

    assert (refused.status, refused.code) == (400, "usage")
    assert "invented-secret" not in str(refused.content)
    assert (await served.ask("GET", "/v1/proxy")).content == DIRECT
