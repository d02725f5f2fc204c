"""What is wrong with one key of a provider file."""

from collections.abc import Sequence


class Mistake(Exception):
    """What is wrong with the key at `steps`."""

    def __init__(self, steps: Sequence[str], what: str) -> None:
        super().__init__(what)
        self.steps = steps
        self.what = what
