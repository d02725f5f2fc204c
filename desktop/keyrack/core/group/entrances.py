"""What is under way at both ends while a host joins: one invitation and one try at most, looked at once a second."""

import asyncio
from dataclasses import dataclass

from keyrack.core.group.group_failures import InvitationFailure
from keyrack.core.group.invitation import Invitation
from keyrack.core.group.joining import Joining
from keyrack.core.group.joining_code import JoiningCode
from keyrack.core.group.membership import Door, Membership

PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class _Try:
    joining: Joining
    door: Door | None


class Entrances:
    """The invitation that this host has given, and the one that it answers. Every method raises what they raise.

    `pause` is how long it waits between two looks at the store, in seconds.
    """

    def __init__(self, membership: Membership, pause: float = PAUSE) -> None:
        self._membership, self._pause = membership, pause
        self._invitation: Invitation | None = None
        self._try: _Try | None = None
        self._looking = asyncio.Lock()

    async def invite(self) -> Invitation:
        """Give an invitation. One that was given before ends."""
        await self.withdraw()
        self._invitation = await self._membership.invite()
        return self._invitation

    async def look(self, known: str, seconds: float) -> Invitation:
        """The invitation, once its step is another than `known` or the time is over."""
        invitation = self._given()
        while await invitation.look() == known and seconds > 0:
            await asyncio.sleep(self._pause)
            seconds -= self._pause
        return invitation

    async def decide(self, *, let_in: bool) -> Invitation:
        """Let the host in that asks, or end the invitation."""
        invitation = self._given()
        await (invitation.approve() if let_in else invitation.end())
        return invitation

    async def withdraw(self) -> None:
        """End the invitation, if there is one."""
        given, self._invitation = self._invitation, None
        if given is not None:
            await given.end()

    async def join(self, door: Door | None, code: JoiningCode) -> Joining:
        """Ask to be let in, or without a door for the new key of this host's group. A try that was under way ends."""
        await self.give_up()
        self._try = _Try(await self._membership.begin_to_join(door, code), door)
        return self._try.joining

    async def wait_for_answer(self, seconds: float) -> bool:
        """Whether this host has joined, looked at for so long. A second caller waits for the first."""
        async with self._looking:
            return await self._answer(seconds)

    async def _answer(self, seconds: float) -> bool:
        if self._try is None:
            raise InvitationFailure("share_not_joining")
        current = self._try
        try:
            while (handed := await current.joining.look()) is None and seconds > 0:
                await asyncio.sleep(self._pause)
                seconds -= self._pause
            if handed is None:
                return False
            await self._membership.finish_joining(current.door, current.joining, handed)
        except InvitationFailure:
            await self.give_up()
            raise
        self._try = None
        await current.joining.close()
        return True

    async def give_up(self) -> None:
        """End the try, and with it the invitation."""
        current, self._try = self._try, None
        if current is not None:
            try:
                await current.joining.give_up()
            finally:
                await current.joining.close()

    async def close(self) -> None:
        """End both."""
        try:
            await self.withdraw()
        finally:
            await self.give_up()

    def _given(self) -> Invitation:
        if self._invitation is None:
            raise InvitationFailure("share_no_invitation")
        return self._invitation
