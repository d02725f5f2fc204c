"""The failures of exports and imports."""

from keyrack.primitives.failure import Failure


class MovingFailure(Failure):
    """An export or an import cannot be done."""


class ExportRefused(MovingFailure):
    """Nothing was exported."""


class ImportRefused(MovingFailure):
    """A file is not taken in, and nothing was changed."""
