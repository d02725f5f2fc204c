"""The failures of the store that several hosts share.

SharedStoreFailure
├── StoreAway       no member answered, or they have no majority: nothing was done
├── AnswerLost      a transaction was sent and its answer did not come, so that it may have happened
├── ChangesGone     the changes since a revision are no longer kept: read everything again
├── StoreRefused    the store does not let this host in, or not to these keys
├── OtherStore      the answer comes from another cluster, or from an older state of this one
├── StoreFull       the store takes no writes until it has room
├── LeaseGone       the lease of a write has ended
└── StoreUnreadable      the answer is not one of etcd, or the request is larger than etcd takes
"""

from keyrack.primitives.failure import Failure


class SharedStoreFailure(Failure):
    """The shared store did not do what was asked."""

    technical = True


class StoreAway(SharedStoreFailure):
    """No member answered, or those that did have no majority. Nothing was changed."""

    code = "shared_store_away"


class AnswerLost(SharedStoreFailure):
    """A transaction was sent, and nothing says whether it happened. Whoever sent it reads before anything else."""

    code = "shared_store_answer_lost"


class ChangesGone(SharedStoreFailure):
    """The changes since a revision were compacted. Whoever watches reads everything again."""

    code = "shared_store_compacted"


class StoreRefused(SharedStoreFailure):
    """The store does not let this host in, or not to these keys."""


class OtherStore(SharedStoreFailure):
    """The answer comes from another cluster than before, or from an older state of the same one."""


class StoreFull(SharedStoreFailure):
    """The store has reached its quota and takes no writes."""

    code = "shared_store_full"


class LeaseGone(SharedStoreFailure):
    """The lease that a write should hang on has ended. Nothing was written."""

    code = "shared_lease_gone"


class StoreUnreadable(SharedStoreFailure):
    """The answer is not one that etcd gives, or the request is larger than etcd takes."""
