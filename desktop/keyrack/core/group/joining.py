"""The side of the host that joins: finds the invitation by its code, asks, and receives the group's key."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from keyrack.core.group.group_entry import address_of, check_group
from keyrack.core.group.group_failures import InvitationFailure
from keyrack.core.group.invitation import (
    SUITE,
    GroupToJoin,
    HandedKey,
    JoinAnswer,
    JoinRequest,
    Offer,
    done_text,
    places,
    purpose_of,
)
from keyrack.core.group.joining_code import JoiningCode
from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seal_failures import SealFailure
from keyrack.core.shared_store.shared_store import Condition, Put, SharedStore, StoredEntry
from keyrack.primitives.secret import Secret

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


class Joining:
    """One try to join. `inviting` is the name of the host that invites, "" before it was asked."""

    def __init__(
        self, store: SharedStore, prefix: str, code: JoiningCode, host: str, cluster: Callable[[], str] = str
    ) -> None:
        self._cluster = cluster
        self._store, self._prefix, self._host = store, prefix, host
        self._seal = Seal([code.key], None)
        self._places = places(prefix, code)
        # It is in memory only, and gone with this try: a code that is found later opens no copy of the answer.
        self._private = X25519PrivateKey.generate()
        self._lease = 0
        self.inviting = ""

    @property
    def cluster(self) -> str:
        """The id of the cluster that answered, "" before that."""
        return self._cluster()

    async def ask(self) -> None:
        """Ask to be let in. Raises InvitationFailure where the code names no invitation, or another host asked."""
        found, revision = await self._read()
        offer = found.get(self._places["offer"])
        if offer is None:
            raise InvitationFailure("share_invitation_none")
        self.inviting = self._opened("offer", offer, Offer).host
        self._lease = offer.lease
        request = JoinRequest(self._host, self._private.public_key().public_bytes_raw())
        sealed = self._seal.close(self._places["request"], revision, msgspec.json.encode(request))
        result = await self._store.commit(
            [
                Condition(self._places["offer"], modified=offer.modified),
                Condition(self._places["request"], created=0),
            ],
            [Put(self._places["request"], sealed, self._lease)],
        )
        if not result.happened:
            raise InvitationFailure("share_invitation_used")

    async def look(self) -> GroupToJoin | None:
        """What the other host has handed over, None while its person has not decided.

        Raises InvitationFailure where it was refused, or its time is over, or the answer is not one.
        """
        found, _ = await self._read()
        answer = found.get(self._places["answer"])
        if answer is None:
            if self._places["offer"] not in found:
                raise InvitationFailure("share_invitation_refused")
            return None
        sealed = self._opened("answer", answer, JoinAnswer).sealed
        try:
            plain = SUITE.decrypt(sealed, self._private, purpose_of(self._places["answer"]))
            handed = msgspec.json.decode(plain, type=HandedKey)
            key = GroupKey(handed.number, Secret(handed.key))
        except (InvalidTag, msgspec.MsgspecError, ValueError):
            raise InvitationFailure("share_invitation_changed") from None
        snapshot = await self._store.read(address_of(self._prefix))
        entry = next((each for each in snapshot.entries if each.key == address_of(self._prefix)), None)
        check_group(self._prefix, entry, Seal([key], None), handed.group_id)
        return GroupToJoin(self._prefix, handed.group_id, key, self._host)

    async def confirm(self, group: GroupToJoin) -> None:
        """Show the other host that the key has arrived and is stored."""
        found, revision = await self._read()
        if self._places["offer"] not in found:
            return
        place = self._places["done"]
        sealed = Seal([group.key], None).close(place, revision, done_text(self._host))
        await self._store.commit([Condition(place, created=0)], [Put(place, sealed, self._lease)])

    async def give_up(self) -> None:
        """End the invitation, as its code was used."""
        if self._lease:
            lease, self._lease = self._lease, 0
            await self._store.revoke(lease)

    async def close(self) -> None:
        """End the connection to the store."""
        await self._store.close()

    async def _read(self) -> tuple[dict[str, StoredEntry], int]:
        snapshot = await self._store.read(self._places["offer"].removesuffix("offer"))
        return {entry.key: entry for entry in snapshot.entries}, snapshot.revision

    def _opened(self, name: str, entry: StoredEntry, kind: type[_Kind]) -> _Kind:
        try:
            opened = self._seal.open(self._places[name], entry.value)
            return msgspec.json.decode(opened.plain, type=kind)
        except (SealFailure, msgspec.MsgspecError):
            raise InvitationFailure("share_invitation_changed") from None
