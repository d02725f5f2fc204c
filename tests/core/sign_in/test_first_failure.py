"""A first sign-in that failed: it promises nothing, tries nothing again, and keeps the server's words."""

import asyncio
from pathlib import Path

import pytest

from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.primitives.secret import Secret
from tests.core.scripted_provider import TOKEN, Scripted, scripted
from tests.recording_server import Write, answer, pieces
from tests.sandbox_process import RunningSandbox
from tests.until import until

PROMISES = ("is kept", "keeps everything", "tries again", "by itself", "can try again")


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        (answer({"error": "unsupported_grant_type"}, 501), "unsupported_grant_type (HTTP 501)"),
        (answer({"error": "internal_server_error"}, 500), "internal_server_error (HTTP 500)"),
        (answer({"error": "x", "error_description": "Down"}, 503), "x: Down (HTTP 503)"),
        (answer("<html>", 502), "HTTP 502"),
        (answer(None, 429, "Retry-After: 7"), "HTTP 429"),
        (answer({"error": "temporarily_unavailable"}, 400), "temporarily_unavailable (HTTP 400)"),
        (answer("<html>"), "HTML page"),
        (answer("<html>", 403), "HTTP 403"),
        (answer(None, 302, "Location: https://example.org/"), "HTTP 302"),
        (answer({}), "the access token is missing or holds characters that no token may hold"),
        (answer({"error": "unauthorized_client"}, 400), "unauthorized_client (HTTP 400)"),
        (pieces(), "RemoteProtocolError"),
    ],
)
async def test_it_promises_nothing(sandbox: RunningSandbox, tmp_path: Path, sent: bytes | Write, detail: str) -> None:
    async with scripted(sandbox, tmp_path) as its:
        its.says("/token", sent)
        await its.harness.sign_in(its.account)
        state = its.account.state
        assert isinstance(state, LoggedOut)
        assert state.reason is Reason.NEW
        assert state.why is not None
        assert not [promise for promise in PROMISES if promise in state.why.sentences()], state.why.sentences()
        assert state.why.detail == detail
        await its.harness.step(120)
        assert len(its.asked()) == 1


async def test_nothing_reachable_promises_nothing(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with scripted(sandbox, tmp_path) as its:
        its.server.close()
        await its.harness.sign_in(its.account)
        status = its.harness.status(its.account)
        assert status.happened == "127.0.0.1 cannot be reached."
        assert not [promise for promise in PROMISES if promise in f"{status.means} {status.todo}"]


async def test_a_sign_in_that_is_repeated_in_vain_leaves_the_first_one(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with scripted(sandbox, tmp_path) as its:
        await its.harness.sign_in(its.account)
        its.says("/token", answer(None, 503))
        await its.harness.sign_in(its.account)
        assert its.harness.status(its.account).name == "ready"
        its.says("/token", answer({**TOKEN, "access_token": "at-later"}))
        await its.harness.sign_in(its.account)
        token = its.harness.token(its.account).access
        assert token is not None
        assert token.reveal() == "at-later"


@pytest.mark.security("S76")
async def test_a_client_without_secret_is_told_of_its_id_alone(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """RFC 6749 section 2.1."""
    async with scripted(sandbox, tmp_path, secret=False) as its:
        await its.harness.sign_in(its.account, Secret("invented-pasted"))
        its.says("/token", answer({"error": "invalid_client"}, 400))
        await its.harness.step(245)
        status = its.harness.status(its.account)
        assert status.name == "retrying"
        assert status.happened == "Scripted refused the client id."
        assert "secret" not in f"{status.means} {status.todo}"


@pytest.mark.security("S51")
async def test_a_sign_out_that_revoked_the_refresh_token_says_so(sandbox: RunningSandbox, tmp_path: Path) -> None:
    """RFC 7009 section 2.1."""
    async with scripted(sandbox, tmp_path, 'revocation = "body"') as its:
        its.says("/revoke", answer(None), answer({"error": "invalid_request"}, 400))
        await its.harness.sign_in(its.account)
        assert await its.harness.rack.sign_out(its.account) == "The token was revoked at Scripted."


async def unreachable(its: Scripted) -> asyncio.Task[None]:
    """A sign-in of the window, at a provider that cannot be reached, which has come to its first pause."""
    its.server.close()
    signing_in = asyncio.create_task(its.harness.rack.sign_in(its.account, patient=True))
    await until(lambda: its.harness.status(its.account).step == "network")
    return signing_in


async def test_without_a_network_a_sign_in_of_the_window_waits_and_tries_by_itself(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    async with scripted(sandbox, tmp_path) as its:
        signing_in = await unreachable(its)
        first, state = its.harness.status(its.account), its.account.state
        assert (first.name, first.needs_person, first.detail) == ("signing_in", False, "")
        assert first.happened == "127.0.0.1 cannot be reached."
        assert first.means == "Nothing was sent. Keyrack tries again by itself."
        assert first.retry_in is not None
        its.harness.clock.move(first.retry_in)
        await until(lambda: its.harness.status(its.account).step == "network" and its.account.state is not state)
        its.server.listener = await asyncio.start_server(its.server.serve, "127.0.0.1", its.server.port)
        its.harness.clock.move(30)
        await signing_in
        assert its.harness.status(its.account).name == "ready"
        its.server.close()
        lines = [line.notice.sentence for line in its.account.activity.lines()]
        assert lines == ["Signed in.", "Signing in waits for the network: 127.0.0.1 cannot be reached."]
        assert not [line for line in its.account.activity.lines() if line.detail]


async def test_a_refresh_ends_the_pause_and_cancel_ends_the_wait(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with scripted(sandbox, tmp_path) as its:
        signing_in = await unreachable(its)
        state = its.account.state
        await its.harness.rack.refresh(its.account)
        await until(lambda: its.harness.status(its.account).step == "network" and its.account.state is not state)
        its.harness.rack.sign_ins.cancel(its.account)
        await signing_in
        assert its.account.state == LoggedOut(Reason.NEW)
