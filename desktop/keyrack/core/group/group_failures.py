"""The failures of a group of hosts. `messages/sharing_messages.py` has their sentences.

GroupFailure
├── SharingFileFailure    `sharing.toml` cannot be read or written
├── InvitationFailure     a host cannot be invited, or cannot join
└── KeyRefused            the group has another key than this host
"""

from keyrack.primitives.failure import Failure


class GroupFailure(Failure):
    """The group cannot do what was asked. Nothing was changed."""


class SharingFileFailure(GroupFailure):
    """`sharing.toml` cannot be read or written. Nothing that it holds is lost."""


class InvitationFailure(GroupFailure):
    """A host cannot be invited, or cannot join. The invitation is ended, or there is none."""


class KeyRefused(GroupFailure):
    """The group has another key than this host, or none that this Keyrack knows."""
