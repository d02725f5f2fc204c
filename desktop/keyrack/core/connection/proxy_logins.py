"""The user name and password for a proxy, in the keyring and never with the preferences (S52)."""

import contextlib
import logging
from dataclasses import replace

from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Missing, NoService, VaultFailure
from keyrack.messages.catalogue import message
from keyrack.net.proxy.proxy_address import Proxy, ProxyLogin

ITEM = "proxy"

_log = logging.getLogger(__name__)


class ProxyLogins:
    """One login at most. It belongs to one proxy and is given to no other, whatever the settings name."""

    def __init__(self, records: RecordStore) -> None:
        self._records = records
        self._session: tuple[str, ProxyLogin] | None = None
        self._none_stored = False

    async def of(self, proxy: Proxy) -> ProxyLogin | None:
        """The login for a proxy. None where there is none, and where the keyring does not give it now."""
        if self._session is not None:
            address, login = self._session
            return login if address == proxy.address else None
        record = await self._stored()
        if record is None or record.proxy != proxy.address or record.proxy_password is None:
            return None
        return ProxyLogin(record.proxy_user, record.proxy_password)

    async def keep(self, proxy: Proxy, login: ProxyLogin) -> str:
        """Store a login for a proxy in the place of any other. Returns a sentence on where it is.

        Where the keyring refuses, or there is none, it stays in memory until Keyrack ends.
        """

        def changed(old: Record) -> Record:
            return replace(old, proxy=proxy.address, proxy_user=login.user, proxy_password=login.password)

        try:
            # The keyring may have to be unlocked first.
            with contextlib.suppress(Missing, Corrupt):
                await self._records.load(ITEM, prompt=True)
            await self._records.update(ITEM, changed, prompt=True)
        except VaultFailure as why:
            self._session = proxy.address, login
            if isinstance(why, NoService):
                return message("proxy_password_in_memory", {}).happened
            return message("proxy_password_for_session", {"why": why.happened}).happened
        self._session, self._none_stored = None, False
        if self._records.vault.name == MemoryVault.name:
            return message("proxy_password_in_memory", {}).happened
        return message("proxy_password_kept", {"vault": self._records.vault.name, "proxy": proxy.name}).happened

    async def forget(self, *, unless: Proxy | None = None) -> None:
        """Delete the login, except that of the proxy `unless`."""
        if self._session is not None and (unless is None or self._session[0] != unless.address):
            self._session = None
        record = await self._stored()
        if record is None or (unless is not None and record.proxy == unless.address):
            return
        try:
            await self._records.delete(ITEM)
        except VaultFailure as why:
            # It belongs to its own proxy, so that what stays is given to nobody.
            _log.warning("The password of a proxy stays in the keyring: %s", type(why).__name__)
        else:
            self._none_stored = True

    async def _stored(self) -> Record | None:
        if self._none_stored:
            return None
        try:
            return await self._records.load(ITEM)
        except Missing:
            self._none_stored = True
        except VaultFailure as why:
            _log.info("The password of a proxy cannot be read now: %s", type(why).__name__)
        return None
