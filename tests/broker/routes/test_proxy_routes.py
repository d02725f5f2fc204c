"""The choice of a proxy over the socket."""

import pytest

from tests.broker.conftest import Served

pytestmark = pytest.mark.security("S52")

DIRECT = {
    "version": 1,
    "proxy": "none",
    "connects": "Keyrack connects directly, without a proxy.",
    "with_password": False,
}


def without_kept(content: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in content.items() if name != "kept"}


async def test_the_choice_is_shown_and_changed(served: Served) -> None:
    assert (await served.ask("GET", "/v1/proxy")).content == DIRECT
    chosen = await served.ask("PUT", "/v1/proxy", body={"proxy": "proxy.example:3128"})

    assert chosen.content == {
        "version": 1,
        "proxy": "http://proxy.example:3128",
        "connects": "Keyrack connects through the proxy proxy.example:3128.",
        "with_password": False,
        "kept": "",
    }
    assert (await served.ask("GET", "/v1/proxy")).content == without_kept(chosen.content)
    assert without_kept((await served.ask("PUT", "/v1/proxy", body={"proxy": "none"})).content) == DIRECT


@pytest.mark.parametrize(
    "body",
    [
        {"proxy": "proxy.example:3128", "user": "me", "password": "invented-secret"},
        {"proxy": "http://me:invented-secret@proxy.example:3128"},
    ],
)
async def test_a_password_is_taken_and_never_given_back(body: dict[str, object], served: Served) -> None:
    chosen = await served.ask("PUT", "/v1/proxy", body=body)

    assert chosen.content["proxy"] == "http://proxy.example:3128"
    assert chosen.content["with_password"] is True
    assert "kept in memory until Keyrack ends" in str(chosen.content["kept"])
    shown = await served.ask("GET", "/v1/proxy")
    assert "invented-secret" not in str(chosen.content) + str(shown.content)


async def test_a_choice_is_tried_without_being_made(served: Served) -> None:
    tried = await served.ask("POST", "/v1/proxy/try", body={"proxy": "proxy.example:3128"})

    assert tried.content["tried"].startswith("There is nothing to try.")
    assert (await served.ask("GET", "/v1/proxy")).content == DIRECT


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"proxy": ""},
        {"proxy": 3128},
        {"proxy": None},
        {"proxy": "socks5://proxy.example:1080"},
        {"proxy": "socks5://me:invented-secret@proxy.example:1080"},
        {"proxy": "proxy.example:3128", "user": "me"},
        {"proxy": "proxy.example:3128", "user": "m:e", "password": "invented-secret"},
        {"proxy": "proxy.example:3128", "token": "invented-secret"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/proxy"), ("POST", "/v1/proxy/try")])
async def test_what_cannot_be_chosen_changes_nothing_and_is_not_quoted(
    method: str, path: str, body: dict[str, object], served: Served
) -> None:
    refused = await served.ask(method, path, body=body)

    assert (refused.status, refused.code) == (400, "usage")
    assert "invented-secret" not in str(refused.content)
    assert (await served.ask("GET", "/v1/proxy")).content == DIRECT
