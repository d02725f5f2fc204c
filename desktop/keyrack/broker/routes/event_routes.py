"""The stream of changes: each account as it is, then each account again whenever it changes."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from operator import is_

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.broker.routes.status_body import account_answer
from keyrack.core.rack import Rack

# Of each account its name, and what the answer was made of.
_Sent = dict[str, tuple[str, tuple[object, ...]]]


async def events(call: Call) -> Answer:
    """Start the stream."""
    return changes(call.rack)


async def changes(rack: Rack) -> AsyncGenerator[Mapping[str, object], None]:
    """Yields one object per account, then one per change of an account, of the list of accounts and of the lock.

    Only what was sent last is kept, so a slow client gets the newest state and not each state in between.
    """
    changed = asyncio.Event()
    stops = [rack.accounts.touched.connect(lambda _: changed.set()), rack.lock.changed.connect(changed.set)]
    sent: _Sent = {}
    locked = _lock(rack)
    try:
        while True:
            changed.clear()
            for change in _accounts(rack, sent):
                yield change
            if locked != _lock(rack):
                locked = _lock(rack)
                yield {"version": VERSION, "event": "lock", "locked": locked[0], "locked_by_hand": locked[1]}
            await changed.wait()
    finally:
        for stop in stops:
            stop()


def _accounts(rack: Rack, sent: _Sent) -> Iterator[Mapping[str, object]]:
    """The changes since `sent`, which is brought up to date. An account may change while another one is yielded."""
    for account in rack.accounts:
        parts = (account.state, account.settings, account.renewer)
        _, before = sent.get(account.id, ("", ()))
        if len(before) != len(parts) or not all(map(is_, before, parts)):
            sent[account.id] = (account.settings.name, parts)
            yield {"version": VERSION, "event": "account", **account_answer(account, rack)}
    there = {account.id for account in rack.accounts}
    for id in [id for id in sent if id not in there]:
        name, _ = sent.pop(id)
        yield {"version": VERSION, "event": "removed", "name": name}


def _lock(rack: Rack) -> tuple[bool, bool]:
    return rack.lock.locked, rack.lock.by_hand


ROUTES = (Route("GET", "/v1/events", events, while_locked=True),)
