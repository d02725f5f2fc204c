"""The pasted address passes exactly the checks of the listener."""

import pytest

from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import AccessDenied, WrongAddressPasted, WrongIssuer
from tests.oauth.listener_harness import CODE, ListenerHarness, open_door
from tests.raw_http import is_open

pytestmark = pytest.mark.security("S26")


def _address(door: ListenerHarness, query: str) -> str:
    filled = query.replace("STATE", door.state).replace("CODE", CODE)
    return f"{door.waiting.redirect.origin}{door.path}?{filled}"


async def test_the_whole_address_completes_the_sign_in_and_closes_the_port(door: ListenerHarness) -> None:
    door.waiting.paste(f"  {_address(door, 'code=CODE&state=STATE')}\n")

    assert (await door.waiting.code()).reveal() == CODE
    await door.waiting.close()
    assert not await is_open(door.port)


@pytest.mark.security("S9", "S13", "S18")
@pytest.mark.parametrize(
    "query",
    [
        "code=CODE",
        "code=CODE&state=wrong",
        "code=CODE&code=x&state=STATE",
        "code=CODE&state=STATE&state=STATE",
        "code=CODE&error=x&state=STATE",
        "code=&state=STATE",
        "state=STATE",
        "code=CODE&state=STATE#x",
        "",
    ],
)
async def test_a_wrong_query_is_refused_and_the_sign_in_goes_on(query: str, door: ListenerHarness) -> None:
    await _refused(door, _address(door, query))


@pytest.mark.security("S8", "S13")
@pytest.mark.parametrize(
    "before",
    [
        "http://127.0.0.1:PORT/cb/other",
        "http://127.0.0.1:PORT/cb/alpha/",
        "http://127.0.0.1:PORT//cb/alpha",
        "http://127.0.0.1:1/cb/alpha",
        "http://localhost:PORT/cb/alpha",
        "https://127.0.0.1:PORT/cb/alpha",
        "http://me@127.0.0.1:PORT/cb/alpha",
        "http://127.0.0.1:PORT/cb/al\npha",
        "127.0.0.1:PORT/cb/alpha",
        "",
    ],
)
async def test_a_wrong_place_is_refused_and_the_sign_in_goes_on(before: str, door: ListenerHarness) -> None:
    await _refused(door, f"{before.replace('PORT', str(door.port))}?code={CODE}&state={door.state}")


async def _refused(door: ListenerHarness, text: str) -> None:
    with pytest.raises(WrongAddressPasted) as caught:
        door.waiting.paste(text)
    told = caught.value.sentences() + repr(caught.value)
    assert CODE not in told
    assert door.state not in told
    await door.still_waits()


@pytest.mark.parametrize("text", ["", "hello", "x" * 100_000, "http://[", "?", "\0"])
async def test_nonsense_is_refused(text: str, door: ListenerHarness) -> None:
    with pytest.raises(WrongAddressPasted):
        door.waiting.paste(text)


@pytest.mark.security("S10")
async def test_a_pasted_refusal_ends_the_sign_in(door: ListenerHarness) -> None:
    door.waiting.paste(_address(door, "error=access_denied&state=STATE"))

    with pytest.raises(AccessDenied):
        await door.waiting.code()


@pytest.mark.security("S32")
async def test_a_pasted_answer_of_another_issuer_ends_the_sign_in(door: ListenerHarness) -> None:
    door.waiting.paste(_address(door, "code=CODE&state=STATE&iss=https%3A%2F%2Fevil.example"))

    with pytest.raises(WrongIssuer):
        await door.waiting.code()


@pytest.mark.security("S12")
async def test_a_second_paste_changes_nothing(door: ListenerHarness) -> None:
    door.waiting.paste(_address(door, "code=CODE&state=STATE"))
    door.waiting.paste(_address(door, "code=second&state=STATE"))

    assert (await door.waiting.code()).reveal() == CODE


@pytest.mark.security("S33")
async def test_without_state_echo_the_address_needs_none(redirects: Redirects) -> None:
    door = await open_door(redirects, "/cb/bitport", state_echo=False)
    told: list[int] = []
    door.waiting.refused.connect(lambda: told.append(1))

    door.waiting.paste(_address(door, "error=access_denied"))
    assert told == [1]
    with pytest.raises(WrongAddressPasted):
        door.waiting.paste(_address(door, "code=CODE&state=another"))
    door.waiting.paste(f"http://127.0.0.1:{door.port}/cb/bitport/?code={CODE}")
    assert (await door.waiting.code()).reveal() == CODE
