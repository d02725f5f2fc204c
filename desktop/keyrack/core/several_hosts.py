"""Whether this host belongs to a group that shares accounts. Nothing of it is imported before it does."""

import asyncio
import contextlib
import logging
from functools import partial
from typing import TYPE_CHECKING

from keyrack.core.system.paths import Paths
from keyrack.core.vault.record_store import RecordStore
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.failure import Failure

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.group.entrances import Entrances
    from keyrack.core.group.membership import Membership
    from keyrack.core.sharing.own_parts import OwnParts
    from keyrack.core.sharing.sharing import Sharing

# The file that says so (`group/sharing_file.py`).
FILE = "sharing.toml"
_AGAIN = 5.0
# A renewal that another host has begun is nearly always stored within this time. Whoever waits at a terminal for a
# change of the key waits for it, for a group that was just opened, and for the change, and gives up after 35 s.
_LOOKS, _PAUSE = 40, 0.5
# A group that was just made or joined has its lease after two requests.
_LOOKS_AT_START, _PAUSE_AT_START = 100, 0.1
# Keyrack ends within 5 s, of which its own work may take 3 s (R47). A lease that is not ended here ends by itself.
_CLOSING = 2.0

_log = logging.getLogger(__name__)


class SeveralHosts:
    """The group of this host, made when it is there or asked for.

    `sharing` is what runs now, None where nothing is shared or the group could not be opened. `again` is how long it
    waits before another try, in seconds.
    """

    def __init__(self, records: RecordStore, paths: Paths, proxies: Proxies, again: float = _AGAIN) -> None:
        self.sharing: Sharing | None = None
        self._records = records
        self._paths = paths
        self._proxies = proxies
        self._again = again
        self._parts: OwnParts | None = None
        self._told = ""
        self._membership: Membership | None = None
        self._entrances: Entrances | None = None
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._leaving = False

    @property
    def in_group(self) -> bool:
        """Whether this host belongs to a group, as far as the folder says."""
        path = self._paths.config / FILE
        return path.exists() or path.is_symlink()

    @property
    def membership(self) -> "Membership":
        """The verbs of a group. The first use imports all that belongs to it."""
        if self._membership is None:
            from keyrack.core.group.etcd_connection import connect_to_etcd
            from keyrack.core.group.membership import Membership

            connect = partial(connect_to_etcd, proxies=self._proxies)
            self._membership = Membership(self._records, self._paths.config, self._paths.state, connect)
            self._membership.changed.connect(self._group_changed)
            self._membership.before_leaving = self._leave
            self._membership.before_key_change = self._renew_all_here
        return self._membership

    @property
    def entrances(self) -> "Entrances":
        """What is under way while a host joins, at either end."""
        if self._entrances is None:
            from keyrack.core.group.entrances import Entrances

            self._entrances = Entrances(self.membership)
        return self._entrances

    async def run(self, parts: "OwnParts") -> None:
        """Share the accounts of the group while this host belongs to one, until cancelled."""
        self._parts = parts
        while True:
            self._changed.clear()
            if self.in_group and not self._leaving:
                await self._share_until_changed(parts)
            else:
                await parts.restorer.shared_are_away()
                await self._changed.wait()

    def _group_changed(self) -> None:
        self._leaving = False
        self._changed.set()

    async def _share_until_changed(self, parts: "OwnParts") -> None:
        sharing = self.sharing or await self._opened(parts)
        if sharing is None:
            await parts.restorer.shared_are_away()
            await self._wait()
            return
        self._running = running = asyncio.create_task(sharing.run())
        changed = asyncio.create_task(self._changed.wait())
        try:
            await asyncio.wait({running, changed}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            running.cancel()
            changed.cancel()
            await asyncio.gather(running, changed, return_exceptions=True)
        if not running.cancelled():
            _log.error("sharing broke, and begins again", exc_info=running.exception())
            await self._wait()

    async def _wait(self) -> None:
        """Wait before the next try, or until the group has changed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._again):
                await self._changed.wait()

    async def _opened(self, parts: "OwnParts") -> "Sharing | None":
        from keyrack.core.sharing.sharing import GroupPlace, Sharing

        try:
            group = await self.membership.open()
        except Failure as why:
            if why.code != self._told:
                _log.warning("the group of this host could not be opened: %s", why.in_english())
            self._told = why.code
            return None
        self._told = ""
        if self._leaving:
            return None
        settings = group.settings
        place = GroupPlace(group.store, group.seal, group.prefix, settings.group_id, settings.host_id, settings.host)
        self.sharing = Sharing(parts, place)
        self.sharing.connect()
        return self.sharing

    async def _renew_all_here(self) -> None:
        """Become the host that renews everything, so that no other is in the middle of a renewal.

        A host that does not let go in time, such as one that was stolen, is passed over. Raises Failure where the
        store does not answer.
        """
        from keyrack.core.sharing.sharing_failures import NotTheRenewer, SharedOutrun

        sharing = await self._when_ready()
        if sharing is None:
            return
        for _ in range(_LOOKS):
            elsewhere = sharing.renewed_elsewhere()
            if not elsewhere:
                return
            for account in elsewhere:
                with contextlib.suppress(NotTheRenewer, SharedOutrun):
                    await sharing.take(account)
            await asyncio.sleep(_PAUSE)
        _log.warning("the key of the group is changed while another host has not ended its renewal")

    async def take(self, account: "Account") -> None:
        """Have this host renew a shared account from now on. Raises Failure."""
        await (await self._ready()).take(account)

    async def share(self, account: "Account") -> None:
        """Share an account with the group. Raises Failure, and then it is this host's own as before."""
        await (await self._ready()).share(account)

    async def unshare(self, account: "Account") -> None:
        """Make an account this host's own. It leaves all others. Raises Failure, and then it is shared as before."""
        await (await self._ready()).unshare(account)

    async def _ready(self) -> "Sharing":
        """What shares the accounts, once it has read the group and has its lease. Raises what keeps it from that."""
        if not self.in_group:
            await self.membership.check()
        sharing = await self._when_ready()
        if sharing is not None:
            return sharing
        await self.membership.check()
        from keyrack.core.sharing.sharing_failures import CannotShare

        raise (self.sharing.lease.trouble if self.sharing is not None else None) or CannotShare("shared_nothing")

    async def _when_ready(self) -> "Sharing | None":
        for _ in range(_LOOKS_AT_START):
            if self.sharing is not None and self.sharing.read.is_set() and self.sharing.lease.current is not None:
                return self.sharing
            await asyncio.sleep(_PAUSE_AT_START)
        return None

    async def _leave(self, keep: bool) -> None:
        """End what is shared. The accounts that stay in the group go from here once nothing brings them back.

        Those of a group that cannot be opened cannot be kept: the others could not be told, and go on with the same
        refresh tokens.
        """
        if self._parts is None:
            return
        if keep and self.sharing is not None:
            for account in _shared(self._parts):
                await self.sharing.unshare(account)
        elif keep and _shared(self._parts):
            from keyrack.core.sharing.sharing_failures import CannotShare

            raise CannotShare("share_keep_needs_store")
        self._leaving = True
        if self._entrances is not None:
            with contextlib.suppress(Failure):
                await self._entrances.close()
        sharing, self.sharing = self.sharing, None
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        if sharing is not None:
            await sharing.close()
            sharing.disconnect()
        for account in _shared(self._parts):
            async with self._parts.refresher.paused(account, grace=1.0):
                self._parts.account_store.remove(account)
                await self._parts.records.delete(account.id)

    async def close(self) -> None:
        """End the lease, so that another host goes on at once, and the connection, whatever the store does."""
        async with contextlib.AsyncExitStack() as stack:
            if self._membership is not None:
                stack.push_async_callback(self._membership.close)
            ends = [part.close() for part in (self._entrances, self.sharing) if part is not None]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSING):
                    await asyncio.gather(*ends, return_exceptions=True)


def _shared(parts: "OwnParts") -> "list[Account]":
    return [account for account in parts.accounts.kept.values() if account.settings.group]
