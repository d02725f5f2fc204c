"""The failures of a look for updates."""

from keyrack.primitives.failure import Failure


class UpdateFailure(Failure):
    """Nothing can be said about a newer version."""


class ListRefused(UpdateFailure):
    """An answer came, and it is not believed."""
