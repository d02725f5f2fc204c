"""The side of the host that has the key: an invitation in the store, one host that asks, and a person who lets it in.

Everything stands on one lease of ten minutes below `joining/`, in the order offer, request, answer, done. The first
three are sealed with the key of the code, so each shows that the other side has the code. The answer is sealed once
more to a key that the asking host has made for it (HPKE, RFC 9180): a code that is found later opens no old copy of the
store. The last is sealed with the group's key, which shows that it arrived. One host may ask, and one request that the
code does not open ends the invitation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from keyrack.core.group.group_failures import InvitationFailure
from keyrack.core.group.joining_code import JoiningCode, new_code
from keyrack.core.group.sharing_file import HostName
from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seal_failures import SealFailure
from keyrack.core.shared_store.shared_store import Condition, Put, SharedStore, StoredEntry

SECONDS = 600
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
PUBLIC_BYTES = 32

Step = Literal["waiting", "asked", "approved", "joined", "ended"]


class Offer(msgspec.Struct, frozen=True):
    """Who invites."""

    host: HostName


class JoinRequest(msgspec.Struct, frozen=True):
    """Who asks, and the public key that the answer is for."""

    host: HostName
    public: Annotated[bytes, msgspec.Meta(min_length=1)]


class JoinAnswer(msgspec.Struct, frozen=True):
    """The group's key, sealed to that public key."""

    sealed: bytes


class HandedKey(msgspec.Struct, frozen=True):
    """What is in the answer."""

    group_id: str
    number: int
    key: str

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


def places(prefix: str, code: JoiningCode) -> Mapping[str, str]:
    """Where each entry of an invitation stands."""
    return {name: f"{prefix}joining/{code.place}/{name}" for name in ("offer", "request", "answer", "done")}


def purpose_of(answer: str) -> bytes:
    """What an answer is sealed for, so that it opens at its own place alone."""
    return b"keyrack share: the group's key, at " + answer.encode()


def done_text(host: str) -> bytes:
    """What a host that has joined writes, sealed with the group's key."""
    return b"joined: " + host.encode()


@dataclass(frozen=True, slots=True)
class GroupToJoin:
    """What an invitation hands over, and who invites."""

    prefix: str
    group_id: str
    key: GroupKey
    host: str


class Invitation:
    """One invitation. `step` says how far it has come, `guest` is the name of the host that asked, "" before."""

    def __init__(self, store: SharedStore, group: GroupToJoin) -> None:
        self._store, self._group = store, group
        self.code = new_code()
        self._seal = Seal([self.code.key], None)
        self._places = places(group.prefix, self.code)
        self._request: tuple[StoredEntry, JoinRequest] | None = None
        self._lease = 0
        self.step: Step = "waiting"

    @property
    def guest(self) -> str:
        """The name of the host that asked, "" before."""
        return self._request[1].host if self._request is not None else ""

    async def open(self) -> None:
        """Put the offer into the store."""
        revision = (await self._store.read(self._places["offer"])).revision
        self._lease = await self._store.grant(SECONDS)
        sealed = self._closed("offer", revision, Offer(self._group.host))
        await self._store.commit(
            [Condition(self._places["offer"], created=0)], [Put(self._places["offer"], sealed, self._lease)]
        )

    async def look(self) -> Step:
        """Read the store once. Raises InvitationFailure where a request was not made with the code."""
        if self.step in ("joined", "ended"):
            return self.step
        snapshot = await self._store.read(self._places["offer"].removesuffix("offer"))
        found = {entry.key: entry for entry in snapshot.entries}
        if self.step == "approved":
            await self._look_for_end(found)
        elif self._places["offer"] not in found:
            self.step = "ended"
        elif self.step == "waiting" and self._places["request"] in found:
            await self._take(found[self._places["request"]])
        return self.step

    async def approve(self) -> None:
        """Hand the key to the host that asked. Raises InvitationFailure where nobody asks any more."""
        if self.step != "asked" or self._request is None:
            raise InvitationFailure("share_invitation_over")
        entry, request = self._request
        handed = HandedKey(self._group.group_id, self._group.key.number, self._group.key.secret.reveal())
        public = X25519PublicKey.from_public_bytes(request.public)
        sealed = SUITE.encrypt(msgspec.json.encode(handed), public, purpose_of(self._places["answer"]))
        result = await self._store.commit(
            [
                Condition(self._places["request"], modified=entry.modified),
                Condition(self._places["answer"], created=0),
            ],
            [Put(self._places["answer"], self._closed("answer", entry.modified, JoinAnswer(sealed)), self._lease)],
        )
        if not result.happened:
            await self.end()
            raise InvitationFailure("share_invitation_over")
        self.step = "approved"

    async def end(self) -> None:
        """End it, whatever has become of it."""
        if self.step not in ("joined", "ended"):
            self.step = "ended"
        if self._lease:
            lease, self._lease = self._lease, 0
            await self._store.revoke(lease)

    async def close(self) -> None:
        """End it, and the connection to the store."""
        try:
            await self.end()
        finally:
            await self._store.close()

    async def _take(self, entry: StoredEntry) -> None:
        try:
            opened = self._seal.open(self._places["request"], entry.value)
            request = msgspec.json.decode(opened.plain, type=JoinRequest)
            X25519PublicKey.from_public_bytes(request.public)
        except (SealFailure, msgspec.MsgspecError, ValueError):
            await self.end()
            raise InvitationFailure("share_invitation_tried") from None
        self._request, self.step = (entry, request), "asked"

    async def _look_for_end(self, found: Mapping[str, StoredEntry]) -> None:
        done = found.get(self._places["done"])
        if done is not None:
            try:
                text = Seal([self._group.key], None).open(self._places["done"], done.value).plain
            except SealFailure:
                text = b""
            if text != done_text(self.guest):
                await self.end()
                raise InvitationFailure("share_invitation_tried")
            self.step = "joined"
            await self.end()
        elif self._places["offer"] not in found:
            self.step = "ended"

    def _closed(self, name: str, revision: int, content: msgspec.Struct) -> bytes:
        return self._seal.close(self._places[name], revision, msgspec.json.encode(content))
