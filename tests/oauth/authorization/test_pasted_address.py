"""The pasted address comes in many forms, and passes exactly the checks of the listener."""

import pytest

from keyrack.oauth.loopback.redirects import Redirects
from keyrack.oauth.oauth_errors import AccessDenied, WrongAddressPasted, WrongIssuer
from tests.oauth.listener_harness import CODE, ListenerHarness, open_listener, request_for
from tests.raw_http import is_open

pytestmark = pytest.mark.security("S26")


def _address(listener: ListenerHarness, query: str) -> str:
    return _filled(listener, f"{listener.pending.redirect.origin}{listener.path}?{query}")


def _filled(listener: ListenerHarness, text: str) -> str:
    return text.replace("STATE", listener.state).replace("CODE", CODE).replace("PORT", str(listener.port))


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
        "",
        "#code=CODE&state=STATE",
        "code=CODE&state=wrong&amp;state=STATE",
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
        "http://127.0.0.1/cb/alpha",
        "http://127.0.0.2:PORT/cb/alpha",
        "http://127.0.0.1.evil.example:PORT/cb/alpha",
        "http://localhost.evil.example:PORT/cb/alpha",
        "ftp://127.0.0.1:PORT/cb/alpha",
        "evil.example/http://127.0.0.1:PORT/cb/alpha",
        "http://127.0.0.1:PORT//cb/alpha",
        "http://127.0.0.1:1/cb/alpha",
        "http://me@127.0.0.1:PORT/cb/alpha",
        "me@127.0.0.1:PORT/cb/alpha",
        "",
    ],
)
async def test_a_wrong_place_is_refused_and_the_sign_in_goes_on(before: str, listener: ListenerHarness) -> None:
    await _refused(listener, f"{before.replace('PORT', str(listener.port))}?code={CODE}&state={listener.state}")


FORMS = {
    "https, where a browser knows nothing else": "https://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE",
    "the other name of this computer": "http://localhost:PORT/cb/alpha?code=CODE&state=STATE",
    "the other loopback address": "http://[::1]:PORT/cb/alpha?code=CODE&state=STATE",
    "without a scheme, as browsers show it": "127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE",
    "another name without a scheme": "localhost:PORT/cb/alpha?code=CODE&state=STATE",
    "in capitals": "HTTP://LOCALHOST:PORT/cb/alpha?code=CODE&state=STATE",
    "in angle brackets": "<http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE>",
    "in quotes": '"http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE"',
    "in a word processor's quotes": " “http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE” ",
    "broken inside of the code": "http://127.0.0.1:PORT/cb/alpha?code=canary-code-of-\n  the-provider&state=STATE",
    "broken inside of the path": "http://127.0.0.1:PORT/cb/al\r\npha?code=CODE&state=STATE",
    "a zero-width space behind it": "http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE\u200b",
    "a byte order mark before it": "\ufeffhttp://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE",
    "a direction mark and a soft hyphen": "http://127.0.0.1:PORT/cb/al\u00adpha?code=CODE&state=STATE\u200e",
    "out of the source of a page": "http://127.0.0.1:PORT/cb/alpha?code=CODE&amp;state=STATE",
    "an empty fragment": "http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE#",
    "the fragment of Facebook's answers": "http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE#_=_",
    "the fragment of the page before": "http://127.0.0.1:PORT/cb/alpha?code=CODE&state=STATE#/login?next=x",
    "all at once": "<https://localhost:PORT/cb/alpha?code=CODE&amp;\nstate=STATE#_=_>\u200b\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_the_address_is_taken_in_every_form_in_which_people_have_it(form: str, listener: ListenerHarness) -> None:
    listener.pending.paste(_filled(listener, form))

    assert (await listener.pending.code()).reveal() == CODE


@pytest.mark.security("S9")
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_no_form_gets_past_the_check_of_the_state(form: str, listener: ListenerHarness) -> None:
    await _refused(listener, _filled(listener, form.replace("state=STATE", "state=another")))


async def test_an_address_on_the_usual_port_needs_no_port(redirects: Redirects) -> None:
    request = request_for("https://keyrack.example/cb/alpha")
    pending = await redirects.begin(request)

    pending.paste(f"http://keyrack.example/cb/alpha?code={CODE}&state={request.state.reveal()}")

    assert (await pending.code()).reveal() == CODE
    await pending.close()


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
