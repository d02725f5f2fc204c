"""The pasted address passes exactly the checks of the listener."""

import pytest

from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import AccessDenied, WrongAddressPasted, WrongIssuer
from tests.oauth.listener_harness import CODE, ListenerHarness, open_listener
from tests.raw_http import is_open

pytestmark = pytest.mark.security("S26")


def _address(listener: ListenerHarness, query: str) -> str:
    filled = query.replace("STATE", listener.state).replace("CODE", CODE)
    return f"{listener.pending.redirect.origin}{listener.path}?{filled}"


async def test_the_whole_address_completes_the_sign_in_and_closes_the_port(listener: ListenerHarness) -> None:
    listener.pending.paste(f"  {_address(listener, 'code=CODE&state=STATE')}\n")

    assert (await listener.pending.code()).reveal() == CODE
    await listener.pending.close()
    assert not await is_open(listener.port)


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
async def test_a_wrong_query_is_refused_and_the_sign_in_goes_on(query: str, listener: ListenerHarness) -> None:
    await _refused(listener, _address(listener, query))


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
async def test_a_wrong_place_is_refused_and_the_sign_in_goes_on(before: str, listener: ListenerHarness) -> None:
    await _refused(listener, f"{before.replace('PORT', str(listener.port))}?code={CODE}&state={listener.state}")


async def _refused(listener: ListenerHarness, text: str) -> None:
    with pytest.raises(WrongAddressPasted) as caught:
        listener.pending.paste(text)
    shown = caught.value.sentences() + repr(caught.value)
    assert CODE not in shown
    assert listener.state not in shown
    await listener.still_waits()


@pytest.mark.parametrize("text", ["", "hello", "x" * 100_000, "http://[", "?", "\0"])
async def test_nonsense_is_refused(text: str, listener: ListenerHarness) -> None:
    with pytest.raises(WrongAddressPasted):
        listener.pending.paste(text)


@pytest.mark.security("S10")
async def test_a_pasted_refusal_ends_the_sign_in(listener: ListenerHarness) -> None:
    listener.pending.paste(_address(listener, "error=access_denied&state=STATE"))

    with pytest.raises(AccessDenied):
        await listener.pending.code()


@pytest.mark.security("S32")
async def test_a_pasted_answer_of_another_issuer_ends_the_sign_in(listener: ListenerHarness) -> None:
    listener.pending.paste(_address(listener, "code=CODE&state=STATE&iss=https%3A%2F%2Fevil.example"))

    with pytest.raises(WrongIssuer):
        await listener.pending.code()


@pytest.mark.security("S12")
async def test_a_second_paste_changes_nothing(listener: ListenerHarness) -> None:
    listener.pending.paste(_address(listener, "code=CODE&state=STATE"))
    listener.pending.paste(_address(listener, "code=second&state=STATE"))

    assert (await listener.pending.code()).reveal() == CODE


@pytest.mark.security("S33")
async def test_without_state_echo_the_address_needs_none(redirects: Redirects) -> None:
    listener = await open_listener(redirects, "/cb/bitport", state_echo=False)
    reports: list[int] = []
    listener.pending.refused.connect(lambda: reports.append(1))

    listener.pending.paste(_address(listener, "error=access_denied"))
    assert reports == [1]
    with pytest.raises(WrongAddressPasted):
        listener.pending.paste(_address(listener, "code=CODE&state=another"))
    listener.pending.paste(f"http://127.0.0.1:{listener.port}/cb/bitport/?code={CODE}")
    assert (await listener.pending.code()).reveal() == CODE
