"""A sign-in without a network: it waits and sends again by itself, because nothing was sent."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing, State
from keyrack.core.tokens.renewal_rule import backoff
from keyrack.net.network_errors import ProxyRefused, Unreachable
from keyrack.primitives.clock import Clock
from keyrack.primitives.sleep import happens_before

# A proxy that is away is a missing network as well. What it refuses is for the person to mend.
_PROXY_AWAY = ("proxy_unreachable", "proxy_name_unknown")
Answer = TypeVar("Answer")


class NetworkWait:
    """Repeats a request that could not be sent, with growing pauses (S79), until it is sent.

    `show` is called with each state on the way. Unless `patient`, nothing is repeated: a program that asked for the
    sign-in wants to know.
    """

    def __init__(self, clock: Clock, account: Account, show: Callable[[State], object], *, patient: bool) -> None:
        self._clock = clock
        self._show = show
        self._account = account
        self._patient = patient
        self._now = asyncio.Event()
        self._random = random.SystemRandom()

    def try_now(self) -> None:
        """End the pause."""
        self._now.set()

    async def until_sent(self, request: Callable[[], Awaitable[Answer]]) -> Answer:
        """What `request` returns. Raises what it raises, except an Unreachable that may pass."""
        failures = 0
        while True:
            try:
                return await request()
            except Unreachable as why:
                if not self._patient or (isinstance(why, ProxyRefused) and why.code not in _PROXY_AWAY):
                    raise
                failures += 1
                await self._pause(failures, why)

    async def _pause(self, failures: int, why: Unreachable) -> None:
        if failures == 1:
            self._account.note("sign_in_waits", why=why)
        began = self._clock.elapsed()
        waiting = Authorizing(began, began + backoff(failures, None, self._random), "network", why=why)
        self._show(waiting)
        self._now.clear()
        await happens_before(waiting.ends or began, self._clock.elapsed, self._now.wait)
        self._show(replace(waiting, ends=None, step="exchanging", why=None))
