"""Waits for the key that the person makes on the provider's page, after the token is there already."""

import asyncio
from collections.abc import Callable

from keyrack.core.api_keys.grant_in_use import GrantInUse
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import Transient
from keyrack.primitives.clock import Clock
from keyrack.primitives.sleep import happens_before
from keyrack.providers.api.key_provider import KeyInfo, KeyProvider

# A person needs minutes to tick rights and to find the second factor (WhiteBIT Fast API key Q19).
WAIT_TOTAL = 600.0
SHORT_WAIT, SHORT_TOTAL = 2.0, 30.0
LONG_WAIT = 5.0


class KeyWait:
    """Asks for the key's state every 2 s for 30 s, then every 5 s, for ten minutes at most."""

    def __init__(self, clock: Clock, grant: GrantInUse, keys: KeyProvider) -> None:
        self._clock = clock
        self._grant = grant
        self._keys = keys
        self._wanted = asyncio.Event()

    def look_again(self) -> None:
        """Ask at once, because the person says that the key is made."""
        self._wanted.set()

    async def run(self, waiting: Callable[[], None]) -> KeyInfo:
        """The key, or what is known of it when the time is over. `waiting` is called when it is not there at once.

        A network that is away costs nothing but time. Raises Failure, the last question's too.
        """
        began = self._clock.elapsed()
        info = await self._look()
        if not _is_there(info):
            waiting()
        while not _is_there(info) and (passed := self._clock.elapsed() - began) < WAIT_TOTAL:
            if info is not None and info.exists and passed >= SHORT_TOTAL:
                return info  # one that is disabled stands in the way, and waiting does not help
            await self._pause(SHORT_WAIT if passed < SHORT_TOTAL else LONG_WAIT)
            info = await self._look()
        return info if info is not None and _is_there(info) else await self._grant.ask(self._keys.info)

    async def _look(self) -> KeyInfo | None:
        try:
            return await self._grant.ask(self._keys.info)
        except (Transient, NetworkFailure):
            return None  # nothing is lost yet, so the next question follows

    async def _pause(self, seconds: float) -> None:
        elapsed = self._clock.elapsed
        await happens_before(elapsed() + seconds, elapsed, self._wanted.wait)
        self._wanted.clear()


def _is_there(info: KeyInfo | None) -> bool:
    return info is not None and info.exists and info.enabled
