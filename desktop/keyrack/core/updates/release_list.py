"""A list of releases: what came out, the SHA-256 of each file, and until when the list is good.

`docs/release-list.md` describes the format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import msgspec

from keyrack.core.updates.release_signature import ReleaseKey, key_of
from keyrack.core.updates.update_failures import ListRefused, UpdateFailure
from keyrack.primitives.failure import plain
from keyrack.primitives.plain_json import parse_json

FORMAT = 1
KEY = "keyrack_releases"
# A list that is good for longer could be kept from the person for longer.
LONGEST = timedelta(days=120)
_DEEPEST = 6
_DAY = r"^\d{4}-\d\d-\d\d\Z"
_NOTE = 300

Version = Annotated[str, msgspec.Meta(pattern=r"^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}\Z")]


class ReleasedFile(msgspec.Struct, frozen=True):
    """One file of a release. `size` is in bytes, and `sha256` in lower-case hexadecimal."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}\Z")]
    size: Annotated[int, msgspec.Meta(ge=0, le=2**40)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Release(msgspec.Struct, frozen=True):
    """One version. `note` says in a sentence what changed, and `security` whether it mends a weakness."""

    version: Version
    date: Annotated[str, msgspec.Meta(pattern=_DAY)]
    files: Annotated[tuple[ReleasedFile, ...], msgspec.Meta(max_length=40)]
    note: Annotated[str, msgspec.Meta(max_length=_NOTE)] = ""
    security: bool = False

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version as numbers, the later one being greater."""
        return numbers_of(self.version)


class _Whole(msgspec.Struct, frozen=True):
    number: Annotated[int, msgspec.Meta(ge=1, le=10**9)]
    made: str
    good_until: str
    page: Annotated[str, msgspec.Meta(max_length=500, pattern=r"^https://[!-~]+\Z")]
    releases: Annotated[tuple[Release, ...], msgspec.Meta(max_length=200)]
    next_key: str = ""


@dataclass(frozen=True, slots=True)
class ReleaseList:
    """A list. `page` is where its files are. `next_key` is who may sign in the place of the present key, or None."""

    number: int
    made: datetime
    good_until: datetime
    page: str
    releases: tuple[Release, ...]
    next_key: ReleaseKey | None = None

    def after(self, version: str) -> tuple[Release, ...]:
        """The releases that are later than a version, the latest first."""
        later = [release for release in self.releases if release.numbers > numbers_of(version)]
        return tuple(sorted(later, key=lambda release: release.numbers, reverse=True))


def numbers_of(version: str) -> tuple[int, ...]:
    """A version such as 0.2.0 as numbers."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def list_of(text: bytes) -> ReleaseList:
    """The list of a text. Raises ListRefused for anything else, and for a newer format."""
    try:
        whole = parse_json(text.decode(), deepest=_DEEPEST)
    except (ValueError, RecursionError):
        raise ListRefused("update_list_unreadable") from None
    if not isinstance(whole, Mapping) or type(whole.get(KEY)) is not int:
        raise ListRefused("update_list_unreadable")
    if whole[KEY] > FORMAT:
        raise ListRefused("update_list_newer")
    try:
        return _made(whole)
    except (msgspec.ValidationError, UpdateFailure, OverflowError, ValueError, TypeError, RecursionError):
        raise ListRefused("update_list_unreadable") from None


def _made(whole: Mapping[str, Any]) -> ReleaseList:
    found = msgspec.convert(whole, _Whole)
    made, good_until = _moment(found.made), _moment(found.good_until)
    if not timedelta() < good_until - made <= LONGEST:
        raise ValueError("a list is good for a while")
    if len({release.version for release in found.releases}) != len(found.releases):
        raise ValueError("a version stands twice")
    for release in found.releases:
        date.fromisoformat(release.date)
    releases = tuple(msgspec.structs.replace(release, note=plain(release.note, _NOTE)) for release in found.releases)
    next_key = key_of(found.next_key) if found.next_key else None
    return ReleaseList(found.number, made, good_until, found.page, releases, next_key)


def _moment(text: str) -> datetime:
    """A moment such as 2026-11-30T05:00:00Z. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
