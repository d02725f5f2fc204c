"""What one place of the system says about a proxy."""

from dataclasses import dataclass

from keyrack.messages.catalogue import phrases


@dataclass(frozen=True, slots=True, repr=False)
class NamedProxy:
    """One place's setting. `address` is "" for a direct connection, and may hold a login, so that no repr shows it.

    `place` names the place in words. `excepted` lists hosts that go directly. With `only_excepted` they alone go
    through the proxy. `automatic` says that a script decides for each host. `overruled` is a sentence on a setting of
    the same place that contradicts, or "".
    """

    place: str
    address: str = ""
    excepted: tuple[str, ...] = ()
    only_excepted: bool = False
    automatic: bool = False
    overruled: str = ""

    def __repr__(self) -> str:
        return f"<NamedProxy {self.place}>"


def does_not_count(loser: str, winner: str) -> str:
    """The sentence on a setting that names something else and does not count."""
    return phrases("proxy_setting_overruled", {"loser": loser, "winner": winner}).happened
