"""An answer that says that a service has ended, told from a proxy's page and from an address that is wrong."""

import pytest

from keyrack.oauth.authorization_server import Dialect, KnownFailure
from keyrack.oauth.endpoints.error_response import refusal
from keyrack.oauth.oauth_errors import ServiceEnded, Transient
from keyrack.primitives.failure import Failure
from tests.recording_server import answer, recording
from tests.tokens import CLIENT, CODE, endpoint_of, rfc_server

GONE = {"message": "Gone"}
ENDED: list[tuple[bool, bytes]] = [
    (True, answer(None, 404)),
    (True, answer(b" \r\n", 404)),
    (True, answer(GONE, 410)),
    (False, answer(GONE, 410)),
    (False, answer("<html>gone", 410)),
    (False, answer(None, 410)),
]
NOT_ENDED: list[tuple[bool, bytes]] = [
    (True, answer("<html>no such page", 404)),
    (True, answer(b"", 404, "Content-Type: text/html")),
    (True, answer(b"", 404, "Via: 1.1 gateway")),
    (True, answer(b"", 404, "Proxy-Status: gateway; error=http_request_error")),
    (True, answer({"error": "invalid_request"}, 404)),
    (True, answer(None, 503)),
    (True, answer(b"")),
    (False, answer(None, 404)),
]


async def failure_of(sent: bytes, *, announced: bool) -> Failure:
    async with recording(sent) as port:
        of = rfc_server(port.base, end_announced=announced, end_advice="Go to the new one.")
        async with endpoint_of(of) as endpoint:
            with pytest.raises(Failure) as caught:
                await endpoint.authorization_code(CLIENT, CODE, None)
    return caught.value


@pytest.mark.parametrize(("announced", "sent"), ENDED, ids=range(len(ENDED)))
async def test_a_service_that_has_ended_says_so(announced: bool, sent: bytes) -> None:
    """WhiteBIT Q17. 410 is never transient, whoever sends it."""
    why = await failure_of(sent, announced=announced)
    assert isinstance(why, ServiceEnded)
    assert why.happened == "Sample has ended this service."
    assert why.todo == "Go to the new one."
    assert why.detail.startswith("HTTP 4")


@pytest.mark.parametrize(("announced", "sent"), NOT_ENDED, ids=range(len(NOT_ENDED)))
async def test_anything_else_does_not(announced: bool, sent: bytes) -> None:
    assert not isinstance(await failure_of(sent, announced=announced), ServiceEnded)


async def test_a_proxys_404_keeps_everything() -> None:
    assert isinstance(await failure_of(answer("<html>", 404), announced=True), Transient)


async def test_a_file_names_the_words_of_an_end() -> None:
    known = KnownFailure(at="error", says="flow_removed", kind="ended", happened="Sample took this away.")
    why = refusal(rfc_server("http://127.0.0.1:1", Dialect(failures=(known,))), 400, {"error": "flow_removed"})
    assert isinstance(why, ServiceEnded)
    assert why.happened == "Sample took this away."
