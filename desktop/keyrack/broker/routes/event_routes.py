"""The stream of changes: every account as it stands, then each account again whenever it changes."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.broker.routes.status_body import account_answer
from keyrack.core.rack import Rack

_Told = dict[str, tuple[str, object, object]]


async def events(call: Call) -> Answer:
    """Begin the stream."""
    return changes(call.rack)


async def changes(rack: Rack) -> AsyncGenerator[Mapping[str, object], None]:
    """One object per account, then one per change, of an account, of their number and of the lock.

    Holds nothing but what was told last: whoever reads slowly is told the newest state and not each between.
    """
    woken = asyncio.Event()
    stops = [rack.accounts.touched.connect(woken.set), rack.lock.changed.connect(woken.set)]
    told: _Told = {}
    locked = _lock(rack)
    try:
        while True:
            woken.clear()
            for change in _accounts(rack, told):
                yield change
            if locked != _lock(rack):
                locked = _lock(rack)
                yield {"version": VERSION, "event": "lock", "locked": locked[0], "locked_by_hand": locked[1]}
            await woken.wait()
    finally:
        for stop in stops:
            stop()


def _accounts(rack: Rack, told: _Told) -> Iterator[Mapping[str, object]]:
    """What is new since `told`, which is brought up to date; while one is told another may change."""
    for account in rack.accounts:
        _, state, settings = told.get(account.id, ("", None, None))
        if state is not account.state or settings is not account.settings:
            told[account.id] = (account.settings.name, account.state, account.settings)
            yield {"version": VERSION, "event": "account", **account_answer(account, rack.clock)}
    there = {account.id for account in rack.accounts}
    for id in [id for id in told if id not in there]:
        name, _, _ = told.pop(id)
        yield {"version": VERSION, "event": "removed", "name": name}


def _lock(rack: Rack) -> tuple[bool, bool]:
    return rack.lock.locked, rack.lock.by_hand


ROUTES = (Route("GET", "/v1/events", events, while_locked=True),)
