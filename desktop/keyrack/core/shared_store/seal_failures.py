"""The failures of the seal. `messages/sharing_messages.py` has their sentences.

SealFailure
├── ForeignRecord    what stands there was not written by Keyrack
├── NewerRecord      a newer Keyrack wrote it
├── OtherKey         it was sealed with a key that this host does not have
├── ChangedRecord    it was sealed for another address, with another key, or was changed
└── WentBack         it is older than what this host has read there before
"""

from keyrack.primitives.failure import Failure


class SealFailure(Failure):
    """A record of the shared store cannot be opened. It is left as it is."""


class ForeignRecord(SealFailure):
    """What stands there was not written by Keyrack."""

    code = "share_record_foreign"


class NewerRecord(SealFailure):
    """A newer Keyrack wrote the record."""

    code = "share_record_newer"


class OtherKey(SealFailure):
    """The record was sealed with a key that this host does not have: a newer one, or one that was given up."""


class ChangedRecord(SealFailure):
    """The record was sealed for another address, with another key of the same number, or was changed."""

    code = "share_record_changed"


class WentBack(SealFailure):
    """The record is older than one that this host has read at the same address: a backup, or a copy of an old one."""

    code = "share_record_went_back"
