"""Renewals that a server refuses, puts off or answers oddly, from the wire to the state (reports 9, 10, 13, 32)."""

import gzip
import itertools
import json
from pathlib import Path

import pytest

from keyrack.core.accounts.state import Active, Retrying
from keyrack.core.scheduling.asked_wait import LONGEST_WAIT
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.core.scripted_provider import TOKEN, Scripted, scripted
from tests.recording_server import answer
from tests.sandbox_process import RunningSandbox

NEXT = {**TOKEN, "access_token": "at-next", "refresh_token": "rt-next"}
PACKED = json.dumps(NEXT).encode()


async def due(its: Scripted, *answers: bytes) -> None:
    """Sign in, and let the first renewal have these answers."""
    await its.harness.sign_in(its.account)
    its.says("/token", *answers)
    await its.harness.step(245)


def left(its: Scripted) -> float:
    """Seconds until the next try."""
    state = its.account.state
    assert isinstance(state, Active)
    assert isinstance(state.renewal, Retrying)
    return state.renewal.at - its.harness.rack.clock.elapsed()


@pytest.mark.security("S75")
@pytest.mark.parametrize("code", ["interaction_required", "bad_refresh_token", "INVALID_GRANT", "consent_required"])
async def test_sign_in_again_in_other_words(sandbox: RunningSandbox, tmp_path: Path, code: str) -> None:
    async with scripted(sandbox, tmp_path) as its:
        await due(its, answer({"error": code, "error_description": "Come back"}, 400))
        status = its.harness.status(its.account)
        assert (status.name, status.reason) == ("needs_login", "refresh_rejected")
        assert status.happened == "Scripted no longer accepts this sign-in."
        assert status.detail == f"{code}: Come back (HTTP 400)"
        await its.harness.step(400)
        assert len(its.asked()) == 2


@pytest.mark.security("S75", "S79")
@pytest.mark.parametrize(
    "refusal",
    [
        answer({"error": "invalid_request", "error_description": "Token has been revoked"}, 400),
        answer({"message": "Token has been revoked"}, 401),
        answer({"error": "invalid_client", "error_description": "Token has been revoked"}, 401),
    ],
)
async def test_a_refusal_keeps_the_token_while_it_lives_and_ends_once_it_is_dead(
    sandbox: RunningSandbox, tmp_path: Path, refusal: bytes
) -> None:
    async with scripted(sandbox, tmp_path) as its:
        await due(its, refusal)
        assert its.harness.status(its.account).name == "retrying"
        assert await its.harness.rack.parts.token_source.fresh(its.account, 0.0) == Secret("at-invented")
        pauses = []
        for _ in range(5):
            pauses.append(left(its))
            await its.harness.step(left(its) + 0.5)
        assert all(later > 1.2 * earlier for earlier, later in itertools.pairwise(pauses)), pauses
        while its.harness.status(its.account).name == "retrying":
            assert left(its) <= LONGEST_WAIT
            await its.harness.step(left(its) + 0.5)
        status = its.harness.status(its.account)
        assert (status.name, status.reason) == ("needs_login", "refresh_rejected")
        assert "Token has been revoked" in status.detail
        assert len(its.asked()) < 15
        assert (await its.harness.vault.load(its.account.id)).refresh is not None


async def test_a_refusal_that_is_mended_heals(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with scripted(sandbox, tmp_path) as its:
        await due(its, answer({"error": "invalid_request"}, 400))
        its.says("/token", answer(NEXT))
        await its.harness.step(3)
        assert its.harness.status(its.account).name == "ready"
        its.says("/token", answer({"error": "invalid_request"}, 400))
        await its.harness.step(245)
        assert left(its) < 3, "the pauses begin anew"


async def test_a_server_that_is_away_ends_nothing(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with scripted(sandbox, tmp_path) as its:
        await due(its, answer({"error": "internal_server_error"}, 500))
        for _ in range(10):
            await its.harness.step(3600)
        status = its.harness.status(its.account)
        assert (status.name, status.detail) == ("retrying", "internal_server_error (HTTP 500)")
        its.says("/token", answer(NEXT))
        await its.harness.step(40)
        assert its.harness.status(its.account).name == "ready"


@pytest.mark.security("S79")
async def test_a_day_of_retry_after_is_a_quarter_of_an_hour_and_none_by_hand(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    """Report 32."""
    async with scripted(sandbox, tmp_path) as its:
        await due(its, answer(None, 429, "Retry-After: 86400"))
        assert LONGEST_WAIT - 1 < left(its) <= LONGEST_WAIT
        assert (
            "asked to wait for 24:00:00, and Keyrack asks again every 15 minutes"
            in its.harness.status(its.account).means
        )
        await its.harness.step(800)
        assert len(its.asked()) == 2
        with pytest.raises(Failure, match="slow down"):
            await its.harness.rack.parts.token_source.fresh(its.account)
        its.says("/token", answer(NEXT))
        await its.harness.rack.refresh(its.account)
        assert its.harness.status(its.account).name == "ready"


@pytest.mark.parametrize(
    "renewed",
    [
        answer(NEXT, 200, "Content-Encoding: UTF-8"),
        answer(NEXT, 200, "Content-Encoding: gzip"),
        answer(gzip.compress(PACKED[:9], mtime=0) + gzip.compress(PACKED[9:], mtime=0), 200, "Content-Encoding: gzip"),
        answer({**NEXT, "expires_in": 9223372036854775}),
        answer({**NEXT, "expires_in": 0, "scope": {"odd": 1}, "id_token": 7}),
        answer({**NEXT, "access_token": "at-next" + "x" * 20_000}),
    ],
)  # fmt: skip
async def test_a_new_refresh_token_is_never_lost_to_how_it_was_sent(
    sandbox: RunningSandbox, tmp_path: Path, renewed: bytes
) -> None:
    """Reports 10 and 13: the old one is used up by then."""
    async with scripted(sandbox, tmp_path) as its:
        await due(its, renewed)
        assert its.harness.status(its.account).name == "ready"
        assert (await its.harness.vault.load(its.account.id)).refresh == Secret("rt-next")


async def test_long_tokens_are_kept_over_a_restart(sandbox: RunningSandbox, tmp_path: Path) -> None:
    long = {**TOKEN, "access_token": "eyJ" + "a" * 60_000, "refresh_token": "eyJ" + "b" * 60_000}
    async with scripted(sandbox, tmp_path) as its:
        its.says("/token", answer(long), answer(NEXT))
        await its.harness.sign_in(its.account)
        await its.harness.kill()
        await its.harness.start()
        await its.harness.until(lambda: len(its.asked()) == 2)
        assert f"refresh_token={long['refresh_token']}" in its.asked()[1].body
