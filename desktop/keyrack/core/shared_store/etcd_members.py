"""Asks the members of an etcd in turn, and takes no answer from a member of another cluster."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from keyrack.core.shared_store.etcd_answer import EtcdError, EtcdTrouble, error_of, parsed
from keyrack.core.shared_store.etcd_settings import EtcdSettings, checked
from keyrack.core.shared_store.etcd_wire import Json, NotEtcd, mapping, whole
from keyrack.core.shared_store.store_failures import (
    AnswerLost,
    OtherStore,
    SharedStoreFailure,
    StoreAway,
    StoreRefused,
    StoreUnreadable,
)
from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.client.line_stream import LineStream
from keyrack.net.network_errors import NetworkFailure, NoResponse, TlsRefused, TooLarge, Unreachable
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.secret import Secret

_Answer = TypeVar("_Answer")
_log = logging.getLogger(__name__)

# Two members may be away or frozen, and a lease of ten seconds is still renewed in time. Etcd itself keeps an idle
# connection open.
LIMITS = ClientLimits(connect=1.5, total=2.5, body=24 * 1024 * 1024, kept=30.0)

_REFUSALS = 4
KEEP_ALIVE = "/v3/lease/keepalive"  # the one answer that etcd streams, and so wraps
_STATUS = "/v3/maintenance/status"
_AUTHENTICATE = "/v3/auth/authenticate"


class _NotThis(Exception):
    """This member did not answer, or cannot now. `sent` says whether the request may have been done."""

    def __init__(self, why: Exception, *, sent: bool) -> None:
        super().__init__()
        self.why = why
        self.sent = sent


class EtcdMembers:
    """The members of one etcd. `cluster` is the id of their cluster, "" before the first answer. `named` names all.

    A member is asked who it is before anything else is sent to it, so that no other cluster gets a write. The one that
    answered last is asked first.
    """

    def __init__(
        self, settings: EtcdSettings, *, proxies: Proxies | None = None, limits: ClientLimits | None = None
    ) -> None:
        self.cluster = settings.cluster
        self.version = ""
        self._addresses = list(checked(settings.addresses))
        self.named = ", ".join(self._addresses)
        self._settings = settings
        self._http = HttpClient(files=settings.files, proxies=proxies, limits=limits or LIMITS)
        self._known: set[str] = set()
        self._login: Secret | None = None
        self._logging_in = asyncio.Lock()

    async def close(self) -> None:
        """End every connection."""
        await self._http.close()

    async def ask(self, path: str, question: Mapping[str, Any], *, repeatable: bool = True) -> Json:
        """The answer of the first member that gives one. Raises a SharedStoreFailure or a NetworkFailure.

        Unless it is `repeatable`, it is not sent again once it may have been done: AnswerLost.
        """

        async def one(address: str) -> Json:
            return await self._ask(address, path, question)

        return await self._in_turn(one, repeatable=repeatable)

    async def ask_member(self, address: str, path: str, question: Mapping[str, Any]) -> Json:
        """The answer of this member alone. Raises StoreAway where it gives none."""
        try:
            return await self._ask(address, path, question)
        except _NotThis as error:
            why = error.why
        raise StoreAway(addresses=address, detail=type(why).__name__)

    async def stream(self, path: str, question: Mapping[str, Any]) -> tuple[str, LineStream]:
        """The address of a member, and the stream of lines by which it answers."""

        async def one(address: str) -> tuple[str, LineStream]:
            return address, await self._open(address, path, question)

        return await self._in_turn(one, repeatable=True)

    def leave(self, address: str) -> None:
        """Ask this member last from now on, because it fell silent."""
        self._known.discard(address)
        self._addresses.remove(address)
        self._addresses.append(address)

    def forget_login(self) -> None:
        """Log in again before the next request, because a member no longer knows the login."""
        self._login = None

    async def _in_turn(self, ask: Callable[[str], Awaitable[_Answer]], *, repeatable: bool) -> _Answer:
        last: Exception | None = None
        for address in tuple(self._addresses):
            try:
                answer = await ask(address)
            except _NotThis as error:
                self._known.discard(address)
                last = _more_telling(last, error.why)
                if error.sent and not repeatable:
                    raise AnswerLost(detail=type(error.why).__name__) from None
                continue
            self._prefer(address)
            return answer
        if isinstance(last, TlsRefused | OtherStore | StoreUnreadable):
            raise last
        raise StoreAway(addresses=self.named, detail=type(last).__name__)

    def _prefer(self, address: str) -> None:
        if self._addresses[0] != address:
            self._addresses.remove(address)
            self._addresses.insert(0, address)

    async def _ask(self, address: str, path: str, question: Mapping[str, Any]) -> Json:
        """Raises _NotThis where another member may be asked, else the failure."""
        ended: Secret | None = None
        for again in (False, True):
            try:
                await self._know(address)
                token = await self._token(address, ended)
                return await self._sent(address, path, question, token)
            except EtcdError as error:
                if error.trouble is not EtcdTrouble.LOGIN or not self._settings.user or again:
                    raise _for_caller(error) from None
                ended = self._login
        raise AssertionError("the second try ends it")

    async def _open(self, address: str, path: str, question: Mapping[str, Any]) -> LineStream:
        try:
            await self._know(address)
            request = _request(address, path, question, await self._token(address))
            return await self._http.stream(request)
        except EtcdError as error:
            raise _for_caller(error) from None
        except NetworkFailure as failure:
            raise _NotThis(failure, sent=False) from None

    async def _know(self, address: str) -> None:
        """Ask a member who it is, once until it fails. It needs no login."""
        if address in self._known:
            return
        status = await self._status(address)
        version = status.get("version")
        try:
            led = whole(status.get("leader")) > 0
        except NotEtcd:
            raise _NotThis(StoreUnreadable("shared_store_unreadable", address=address), sent=False) from None
        if not isinstance(version, str) or not led:
            raise _NotThis(StoreAway(addresses=address), sent=False)
        self.version = version
        self._known.add(address)

    async def _status(self, address: str) -> Json:
        """A member that refuses this host's certificate ends the connection while the request is still being sent.

        Whether its reason is read before that is a race, so it is asked again (RFC 8446 section 4.4.2.4).
        """
        for _ in range(_REFUSALS):
            try:
                return await self._sent(address, _STATUS, {}, None)
            except _NotThis as error:
                why = error.why
                if not isinstance(why, NoResponse) or why.code == "no_response_in_time":
                    raise
        raise _NotThis(why, sent=False)

    async def _token(self, address: str, ended: Secret | None = None) -> Secret | None:
        """The login of this host, another one than that which has `ended`. Many requests wait for the same."""
        if not self._settings.user or self._settings.password is None:
            return None
        async with self._logging_in:
            if self._login is None or self._login is ended:
                self._login = await self._logged_in(address, self._settings.user, self._settings.password)
            return self._login

    async def _logged_in(self, address: str, user: str, password: Secret) -> Secret | None:
        try:
            answer = await self._sent(address, _AUTHENTICATE, {"name": user, "password": password.reveal()}, None)
        except EtcdError as error:
            if "authentication is not enabled" not in error.words:
                raise
            _log.warning("the etcd of the shared store asks nobody for a password")
            return None
        token = answer.get("token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise StoreRefused("shared_password_wrong")
        return Secret(token)

    async def _sent(self, address: str, path: str, question: Mapping[str, Any], token: Secret | None) -> Json:
        """Raises EtcdError for etcd's own error, and _NotThis or a failure for everything else."""
        try:
            response = await self._http.send(_request(address, path, question, token))
        except TooLarge:
            raise StoreUnreadable("shared_store_too_large") from None
        except (Unreachable, TlsRefused) as failure:
            raise _NotThis(failure, sent=False) from None
        except NoResponse as failure:
            raise _NotThis(failure, sent=True) from None
        try:
            answer = parsed(response.body, address)
            error = error_of(answer, response.status)
            if error is None:
                self.check(address, mapping(answer.get("result")) if path == KEEP_ALIVE else answer)
        except (StoreUnreadable, NotEtcd):
            raise _NotThis(StoreUnreadable("shared_store_unreadable", address=address), sent=True) from None
        if error is not None:
            raise error
        return answer

    def check(self, address: str, answer: Mapping[str, Any]) -> int:
        """The revision in the header of an answer. Raises _NotThis for one of another cluster, and NotEtcd."""
        header = mapping(answer.get("header"))
        cluster = str(whole(header.get("cluster_id")))
        if cluster == "0":
            raise NotEtcd
        if not self.cluster:
            self.cluster = cluster
        if cluster != self.cluster:
            other = OtherStore("shared_store_other", address=address, cluster=cluster, expected=self.cluster)
            _log.warning("%s", other.in_english())
            raise _NotThis(other, sent=False)
        return whole(header.get("revision"))


def _request(address: str, path: str, question: Mapping[str, Any], token: Secret | None) -> Request:
    headers: dict[str, str | Secret] = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if token is not None:
        headers["Authorization"] = token
    return Request("POST", address + path, headers, json.dumps(question).encode(), plain_http_allowed=True)


def _for_caller(error: EtcdError) -> Exception:
    refusal = error.refusal()
    if refusal is not None:
        return refusal
    return _NotThis(error, sent=error.trouble is EtcdTrouble.UNKNOWN)


def _more_telling(last: Exception | None, new: Exception) -> Exception:
    """A refused certificate, or another cluster, says more than a member that is away."""
    return last if isinstance(last, SharedStoreFailure | TlsRefused) else new
