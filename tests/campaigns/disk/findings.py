"""What the walk over a bad disk came to, as it is passed from the process inside the namespace to the campaign."""

import json
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass
class Findings:
    """How many situations there were, and every promise that was broken in one, in words."""

    situations: int = 0
    sentences_missing: list[str] = field(default_factory=list)
    said_too_much: list[str] = field(default_factory=list)
    files_damaged: list[str] = field(default_factory=list)
    sign_ins_lost: list[str] = field(default_factory=list)
    uncaught: list[str] = field(default_factory=list)
    secrets_in_files: list[str] = field(default_factory=list)
    not_going_on: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> str:
        """As one line."""
        return json.dumps(asdict(self))

    @classmethod
    def decoded(cls, line: str) -> Self:
        """From that line."""
        return cls(**json.loads(line))
