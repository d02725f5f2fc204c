"""Short names of assets for a list: no two of them read alike, however long the whole names are."""

from collections.abc import Iterable

from keyrack.primitives.failure import plain

_LONGEST = 24
_LONGEST_WHOLE = 1000
_HEAD, _TAIL = 11, 10


def whole_name(asset: str) -> str:
    """The whole name as plain text (S49)."""
    # Nearly every asset is such a name. Of thousands, none is then looked at letter by letter.
    if asset.isascii() and asset.isalnum() and len(asset) <= _LONGEST_WHOLE:
        return asset
    return plain(asset, _LONGEST_WHOLE)


def short_name(asset: str) -> str:
    """The beginning and the end of a long name, in which contract addresses differ."""
    name = whole_name(asset)
    return name if len(name) <= _LONGEST else f"{name[:_HEAD]}…{name[-_TAIL:]}"


def short_names(assets: Iterable[str]) -> dict[str, str]:
    """A short name for each asset. Where two would read alike, the later ones get a number."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for asset in dict.fromkeys(assets):
        first = name = short_name(asset)
        number = 1
        while name in taken:
            number += 1
            name = f"{first} ({number})"
        taken.add(name)
        found[asset] = name
    return found
