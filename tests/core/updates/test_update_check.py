"""A look for updates over real TLS: what is found, what is refused, and that nobody is identified."""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta

import msgspec
import pytest

from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES, UPDATES_KEY
from keyrack.core.system.private_file import left_over
from keyrack.core.updates.seen_lists import NAME, SeenList, SeenLists
from keyrack.core.updates.update_check import AGAIN_AFTER_FAILURE, DAY, LIMITS, SPREAD, UpdateCheck
from keyrack.core.updates.update_failures import ListRefused, UpdateFailure
from keyrack.net.network_errors import NetworkFailure
from keyrack.net.proxy.proxies import SYSTEM, Proxies
from keyrack.primitives.failure import Failure
from tests.connect_proxy import proxying
from tests.core.updates.published import HOST, PATH, RELEASE, Desk, Publisher
from tests.net.tls_server import Provider, answer, serving
from tests.until import until


async def refusal(check: UpdateCheck, of: type[Failure] = ListRefused) -> Failure:
    with pytest.raises(of) as caught:
        await check.look()
    return caught.value


async def seen(desk: Desk, reply: bytes) -> None:
    """A home that believed this list."""
    async with desk.publishing(reply):
        await desk.check().look()


async def test_a_newer_version_is_found_and_remembered(desk: Desk) -> None:
    check = desk.check()
    assert (await check.last()).list is None
    async with desk.publishing(desk.publisher.list()):
        found = await desk.check().look()
    assert [each.version for each in found.newer] == ["0.2.0"]
    assert not found.mends_security
    again = await desk.check().last()
    assert (again.newer, again.looked, again.failed) == (found.newer, desk.clock.wall, None)
    assert (await desk.check(running="0.2.0").last()).newer == ()


async def test_what_mends_a_weakness_is_told_also_when_it_is_not_the_latest(desk: Desk) -> None:
    releases = [{**RELEASE, "version": "0.3.0"}, {**RELEASE, "security": True}]
    async with desk.publishing(desk.publisher.list(releases=releases)):
        assert (await desk.check().look()).mends_security
        assert not (await desk.check(running="0.2.0").look()).mends_security


async def test_a_request_identifies_nobody(desk: Desk) -> None:
    """Two homes with different versions and pasts send the same bytes, and no more than these."""
    async with desk.publishing(desk.publisher.list(releases=[RELEASE])) as server:
        desk.choose(server.url(PATH, HOST), home="other")
        await desk.check().look()
        await desk.check().look()
        await desk.check(home="other", running="7.0.0").look()
        first, again, other = server.heads
    assert first == again == other
    assert first.encode() * 3 == server.received
    names = {line.partition(":")[0].lower() for line in first.split("\r\n")[1:] if line}
    assert names == {"host", "connection", "user-agent", "accept-encoding", "accept"}
    assert first.startswith(f"GET {PATH} HTTP/1.1\r\n")
    assert "user-agent: keyrack\r\n" in first.lower()


async def test_nothing_is_asked_without_a_list_or_its_key(desk: Desk) -> None:
    assert (await refusal(desk.check(), UpdateFailure)).code == "update_no_list"
    async with serving(answer(body=desk.publisher.list()), desk.authority.server(HOST)) as server:
        desk.choose(server.url(PATH, HOST), "no key")
        assert (await refusal(desk.check(), UpdateFailure)).code == "update_key_invalid"
        desk.choose(server.url(PATH, HOST), " ")
        assert (await refusal(desk.check(), UpdateFailure)).code == "update_key_invalid"
        assert server.connections == 0


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (answer(body=b"{}"), "update_unsigned"),
        (answer("404 Not Found"), "update_not_served"),
        (answer("500 Oh"), "update_not_served"),
        (answer("304 Not Modified"), "update_moved"),
        (answer("302 Found", "Location: https://localhost/elsewhere"), "update_moved"),
        (answer("301 Moved", "Location: https://other.example/list"), "update_moved"),
    ],
)
async def test_an_answer_that_is_no_list_is_refused(reply: bytes, code: str, desk: Desk) -> None:
    async with desk.publishing(reply) as server:
        assert (await refusal(desk.check())).code == code
        assert server.connections == 1
    last = await desk.check().last()
    assert last.list is None
    assert last.failed is not None
    assert last.failed.code == code


@pytest.mark.security("S41")
async def test_a_hint_to_another_host_is_not_followed(desk: Desk) -> None:
    async with serving(answer(body=desk.publisher.list()), desk.authority.server(HOST)) as other:
        moved = answer("302 Found", f"Location: {other.url(PATH, HOST)}")
        async with desk.publishing(moved):
            assert (await refusal(desk.check())).code == "update_moved"
        assert other.connections == 0


async def test_too_much_is_not_read(desk: Desk) -> None:
    async with desk.publishing(desk.publisher.list(padding="x" * LIMITS.body)):
        assert (await refusal(desk.check(), NetworkFailure)).code == "response_too_large"


async def test_http_without_encryption_is_not_asked(desk: Desk) -> None:
    async with serving(answer(body=desk.publisher.list()), None) as server:
        desk.choose(server.url(PATH, "127.0.0.1", "http"))
        assert (await refusal(desk.check(), NetworkFailure)).code == "address_not_https"
        assert server.connections == 0


async def test_another_key_is_refused(desk: Desk) -> None:
    stranger = Publisher(desk.publisher.now)
    async with desk.publishing(stranger.list()):
        assert (await refusal(desk.check())).code == "update_signed_by_other"


async def test_an_older_list_is_refused_also_after_a_restart(desk: Desk) -> None:
    await seen(desk, desk.publisher.list(5))
    async with desk.publishing(desk.publisher.list(4)):
        failed = await refusal(desk.check())
    assert failed.code == "update_older"
    earlier = desk.publisher.list(6, at=desk.publisher.now - timedelta(days=3))
    async with desk.publishing(earlier):
        assert (await refusal(desk.check())).code == "update_older"
    last = await desk.check().last()
    assert last.list is not None
    assert last.list.number == 5
    assert last.failed is not None


async def test_a_slow_answer_does_not_take_back_what_another_process_saw_meanwhile(desk: Desk) -> None:
    at = desk.publisher.now
    five, six, seven = (desk.publisher.list(number, at=at + timedelta(hours=number)) for number in (5, 6, 7))
    await seen(desk, five)

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with serving(answer(body=seven), desk.authority.server(HOST)) as other:
            desk.choose(other.url(PATH, HOST))
            await desk.check().look()
        writer.write(answer(body=six))
        await writer.drain()

    async with desk.publishing(slow):
        assert (await refusal(desk.check())).code == "update_older"
    last = await desk.check().last()
    assert last.list is not None
    assert last.list.number == 7


async def test_two_processes_that_note_something_at_once_keep_both(desk: Desk) -> None:
    """The second one reads what the first has written."""
    await seen(desk, desk.publisher.list())
    lists, begun, go_on = SeenLists(desk.folder / "home/state"), threading.Event(), threading.Event()

    def slow(seen: SeenList) -> SeenList:
        begun.set()
        assert go_on.wait(10)
        return msgspec.structs.replace(seen, refused="update_unsigned")

    first = asyncio.create_task(asyncio.to_thread(lists.change, slow))
    await asyncio.to_thread(begun.wait, 10)
    second = asyncio.create_task(desk.check().told("0.2.0"))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(second), 0.2)
    go_on.set()
    await asyncio.gather(first, second)
    assert (lists.read().refused, lists.read().told) == ("update_unsigned", "0.2.0")


async def test_a_second_list_of_one_number_is_refused(desk: Desk) -> None:
    await seen(desk, desk.publisher.list(5))
    async with desk.publishing(desk.publisher.list(5, releases=[])):
        assert (await refusal(desk.check())).code == "update_two_lists"
    await seen(desk, desk.publisher.list(5))


async def test_a_list_that_was_held_back_is_told(desk: Desk) -> None:
    """The same answer as ever, which was right once."""
    await seen(desk, desk.publisher.list(5, days=30))
    desk.clock.move(30 * DAY)
    async with desk.publishing(desk.publisher.list(5, days=30)):
        failed = await refusal(desk.check())
    assert failed.code == "update_over"
    assert "2026-12-31" in failed.sentences()


@pytest.mark.security("R31")
@pytest.mark.parametrize(
    ("moved", "code"), [(-3 * DAY, "update_clock_behind"), (-60 * 365 * DAY, "update_clock_wrong"), (-0.5 * DAY, "")]
)
async def test_a_clock_that_cannot_be_right_is_told(moved: float, code: str, desk: Desk) -> None:
    """A clock that is some hours off is believed: a list may just have been made."""
    desk.clock.wall_offset = moved - DAY
    async with desk.publishing(desk.publisher.list()):
        if code:
            assert (await refusal(desk.check())).code == code
        else:
            await desk.check().look()


async def test_a_key_that_was_named_comes_after_the_old_one(desk: Desk) -> None:
    after, stranger = Publisher(desk.publisher.now), Publisher(desk.publisher.now)
    await seen(desk, desk.publisher.list(1, next_key=after.public))
    async with desk.publishing(stranger.list(2)):
        assert (await refusal(desk.check())).code == "update_signed_by_other"
    await seen(desk, desk.publisher.list(2, next_key=after.public))  # the old one still signs
    await seen(desk, after.list(3))
    async with desk.publishing(desk.publisher.list(4)):
        assert (await refusal(desk.check())).code == "update_signed_by_other"
    async with desk.publishing(after.list(2)):
        assert (await refusal(desk.check())).code == "update_older"


async def test_a_key_that_was_not_named_again_does_not_come(desk: Desk) -> None:
    after = Publisher(desk.publisher.now)
    await seen(desk, desk.publisher.list(1, next_key=after.public))
    await seen(desk, desk.publisher.list(2))
    async with desk.publishing(after.list(3)):
        assert (await refusal(desk.check())).code == "update_signed_by_other"


async def test_a_newer_keyrack_that_has_the_next_key_goes_on_from_the_lists_before(desk: Desk) -> None:
    """And a key that nobody named begins anew, because a person has entered it."""
    after, other = Publisher(desk.publisher.now), Publisher(desk.publisher.now)
    await seen(desk, desk.publisher.list(5, next_key=after.public))
    for publisher, code in ((after, "update_older"), (other, "")):
        async with serving(answer(body=publisher.list(2)), desk.authority.server(HOST)) as server:
            desk.choose(server.url(PATH, HOST), publisher.public)
            if code:
                assert (await refusal(desk.check())).code == code
            else:
                await desk.check().look()


async def test_a_retired_key_of_the_row_brings_back_no_older_list(desk: Desk) -> None:
    """A Keyrack that was made while the second of three keys was the newest is installed after the third has signed."""
    at = desk.publisher.now
    first, second, third = desk.publisher, Publisher(at), Publisher(at)
    replayed = second.list(2, at=at + timedelta(hours=2), next_key=third.public)
    last = third.list(3, at=at + timedelta(hours=3))
    await seen(desk, first.list(1, next_key=second.public))
    await seen(desk, replayed)
    await seen(desk, last)
    for publisher in (second, first, third):
        desk.publisher = publisher  # which the settings name
        async with desk.publishing(replayed):
            assert (await refusal(desk.check())).code == "update_signed_by_other"
        await seen(desk, last)


async def test_a_stale_list_of_another_key_costs_nothing_that_was_remembered(desk: Desk) -> None:
    other = Publisher(desk.publisher.now)
    await seen(desk, desk.publisher.list(5))
    async with serving(answer(body=other.list(1, days=1)), desk.authority.server(HOST)) as server:
        desk.choose(server.url(PATH, HOST), other.public)
        desk.clock.move(2 * DAY)
        assert (await refusal(desk.check())).code == "update_over"
    async with desk.publishing(desk.publisher.list(4)):
        assert (await refusal(desk.check())).code == "update_older"


@pytest.mark.security("S67")
async def test_a_damaged_note_is_put_aside_and_a_newer_one_left_alone(desk: Desk) -> None:
    await seen(desk, desk.publisher.list(5))
    (note,) = (desk.folder / "home/state").iterdir()
    whole = json.loads(note.read_text())
    note.write_text(json.dumps({**whole, "schema": 2}))
    assert (await refusal(desk.check(), UpdateFailure)).code == "update_note_newer"
    assert json.loads(note.read_text())["schema"] == 2
    for damaged in ("", "{", json.dumps({**whole, "row": ["no key"]}), json.dumps({**whole, "text": "no list"})):
        note.write_text(damaged)
        assert (await desk.check().last()).list is None
        assert not note.exists()
    assert len(list(note.parent.iterdir())) == 4


async def test_a_list_that_cannot_be_remembered_is_not_told(desk: Desk) -> None:
    state = desk.folder / "home/state"
    state.parent.mkdir()
    state.write_text("no folder")
    async with desk.publishing(desk.publisher.list()):
        assert (await refusal(desk.check(), UpdateFailure)).code in ("update_note_unread", "update_not_noted")


@pytest.mark.security("S52")
async def test_it_goes_through_the_persons_proxy(desk: Desk) -> None:
    async with serving(answer(body=desk.publisher.list()), desk.authority.server("desk.example")) as server:
        desk.choose(server.url(PATH, "desk.example"))
        async with proxying() as proxy:
            proxies = Proxies(lambda: proxy.address)
            assert (await desk.check(proxies=proxies).look()).newer
            assert proxy.asked == [f"desk.example:{server.port}"]
            assert b"Keyrack" not in proxy.heads[0]


async def test_a_look_that_fails_for_a_part_of_a_sentence_is_noted_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "foo://bar:x")
    desk.choose("https://desk.example/list.txt")
    failed = await refusal(desk.check(proxies=Proxies(lambda: SYSTEM)), NetworkFailure)
    assert failed.code == "system_proxy_unusable"
    last = await desk.check().last()
    assert last.failed is not None
    assert last.failed.sentences() == failed.sentences()


Running = Callable[[UpdateCheck], Awaitable[None]]


@pytest.fixture
async def running() -> AsyncGenerator[Running]:
    """Runs a check by itself, until the test ends."""
    tasks: list[asyncio.Task[None]] = []

    async def start(check: UpdateCheck) -> None:
        tasks.append(asyncio.create_task(check.run()))

    yield start
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_it_looks_once_a_day_where_it_is_wanted(desk: Desk, running: Running) -> None:
    async with desk.publishing(desk.publisher.list()) as server:
        desk.choose(server.url(PATH, HOST), by_itself=True)
        check = desk.check()
        await running(check)
        await until(lambda: server.connections == 1)
        await looked_about(desk, server, 1)
        desk.clock.move(DAY - 60)
        await looked_about(desk, server, 1)
        desk.clock.move(SPREAD + 60)
        await until(lambda: server.connections == 2)


async def looked_about(desk: Desk, server: Provider, times: int) -> None:
    """Wait until it has asked itself several times whether a look is due."""
    asked = desk.clock.asked
    await until(lambda: desk.clock.asked > asked + 8)
    assert server.connections == times


@pytest.mark.parametrize("key", ["", "key"])
async def test_it_asks_no_oftener_where_nothing_can_be_noted(
    key: str, desk: Desk, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A disk that is full cannot hold when it was, and neither is a list without its key noted."""
    caplog.set_level(logging.INFO)
    async with desk.publishing(desk.publisher.list()) as server:
        desk.choose(server.url(PATH, HOST), by_itself=True)
        if not key:
            desk.preferences().choose(UPDATES_KEY, "")
        left_over(desk.folder / "home/state" / NAME).mkdir(parents=True)
        await running(desk.check())
        for times in (1, 2):
            await tried(caplog, times)
            await looked_about(desk, server, times if key else 0)
            desk.clock.move(AGAIN_AFTER_FAILURE - 60)
            await looked_about(desk, server, times if key else 0)
            await tried(caplog, times)
            desk.clock.move(SPREAD + 60)


async def tried(caplog: pytest.LogCaptureFixture, times: int) -> None:
    """Wait until the log tells of so many looks in vain, and of no more."""
    await until(lambda: sum(said.startswith("no release list:") for said in caplog.messages) == times)


async def test_it_does_not_look_when_off_and_never_without_a_network(desk: Desk, running: Running) -> None:
    async with desk.publishing(desk.publisher.list()) as server:
        await running(desk.check())
        await looked_about(desk, server, 0)
        desk.choose(server.url(PATH, HOST), by_itself=True)
        desk.has_route = False
        await running(desk.check())
        await until(lambda: desk.asked_for_route > 2)
        assert server.connections == 0
        desk.has_route = True
        await until(lambda: server.connections == 1)


async def test_a_version_is_told_once(desk: Desk) -> None:
    await seen(desk, desk.publisher.list())
    assert not desk.preferences().value(LOOK_FOR_UPDATES)
    assert await desk.check().untold() is None
    desk.choose("https://desk.example/list", by_itself=True)
    found = await desk.check().untold()
    assert found is not None
    await desk.check().told(found.newer[0].version)
    assert await desk.check().untold() is None
    assert (await desk.check().last()).newer


async def test_the_sandbox_looks_for_none(desk: Desk) -> None:
    async with desk.publishing(desk.publisher.list()) as server:
        check = UpdateCheck(
            desk.preferences(), Proxies(), desk.folder, desk.clock.clock, sandbox=True, ca_file=desk.authority.file
        )
        assert (await refusal(check, UpdateFailure)).code == "update_of_sandbox"
        await check.run()
        assert server.connections == 0
