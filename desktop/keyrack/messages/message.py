"""One entry of the catalogue."""

from typing import NamedTuple


class Message(NamedTuple):
    """What happened, what it means and what to do, each a whole sentence or "".

    `{name}` stands for a parameter. Parameters are plain text and hold no secret.
    """

    happened: str
    means: str = ""
    todo: str = ""
