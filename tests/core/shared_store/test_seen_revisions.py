"""What a host has read from the shared store is kept, so that a restored backup is told and not used."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.shared_store.newest_revision import KeptRevision
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seal_failures import WentBack
from keyrack.core.shared_store.seen_revisions import SeenRevisions
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

KEY, NEXT = GroupKey(1, Secret("0f" * 32)), GroupKey(2, Secret("1e" * 32))
ADDRESS = "/keyrack/desk/accounts/a1"


@pytest.fixture
def reopened(tmp_path: Path) -> Iterator[Callable[[], SeenRevisions]]:
    """The note of this host, read from its file again with each call."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(closing(SeenRevisions(tmp_path / "shared-desk.seen")))


@pytest.fixture
def seen(reopened: Callable[[], SeenRevisions]) -> SeenRevisions:
    return reopened()


def test_a_record_from_a_backup_is_refused_after_a_restart_too(
    seen: SeenRevisions, reopened: Callable[[], SeenRevisions]
) -> None:
    seal = Seal([KEY], seen)
    old, new = (seal.close(ADDRESS, revision, b"an invented token") for revision in (17, 41))
    assert seal.open(ADDRESS, old).revision == 17
    assert seal.open(ADDRESS, new).revision == 41
    assert seal.open(ADDRESS, new).revision == 41
    with pytest.raises(WentBack) as failed:
        seal.open(ADDRESS, old)
    assert failed.value.params == {"address": ADDRESS, "revision": "17", "seen": "41"}
    # As after a kill: nothing was closed.
    with pytest.raises(WentBack):
        Seal([KEY], reopened()).open(ADDRESS, old)


def test_what_cannot_be_opened_moves_no_mark(seen: SeenRevisions) -> None:
    seal = Seal([KEY], seen)
    good, forged = seal.close(ADDRESS, 5, b"good"), bytearray(seal.close(ADDRESS, 99, b"forged"))
    forged[-1] ^= 1
    with pytest.raises(Failure):
        seal.open(ADDRESS, bytes(forged))
    assert seal.open(ADDRESS, good).plain == b"good"


def test_addresses_do_not_hold_each_other_back(seen: SeenRevisions) -> None:
    seen.check(ADDRESS, 1, 90)
    seen.check(ADDRESS + "b", 1, 3)


def test_the_revision_of_a_store_is_kept_and_begins_anew_with_a_changed_key(
    seen: SeenRevisions, reopened: Callable[[], SeenRevisions]
) -> None:
    seal = Seal([KEY], seen)
    newest = KeptRevision("/keyrack/desk/", seal, seen)
    for revision in (7, 41, 12):
        newest.saw(revision)
    again = KeptRevision("/keyrack/desk/", Seal([KEY], None), reopened())
    assert (newest.revision, again.revision) == (41, 41)
    # A restored backup is taken, but this host does not forget the newer state before the key is changed.
    again.begin_anew()
    again.saw(5)
    assert again.revision == 5
    assert KeptRevision("/keyrack/desk/", Seal([KEY], None), reopened()).revision == 41
    assert KeptRevision("/keyrack/desk/", Seal([KEY, NEXT], None), reopened()).revision == 0


def test_a_changed_key_begins_anew_and_the_old_one_never_returns(seen: SeenRevisions) -> None:
    both = Seal([KEY, NEXT], seen)
    seen.check(ADDRESS, 1, 90)
    both.open(ADDRESS, both.close(ADDRESS, 4, b"sealed again after a backup was restored"))
    with pytest.raises(WentBack):
        both.open(ADDRESS, Seal([KEY], None).close(ADDRESS, 100, b"from a host that was removed"))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.integers(0, 30)), max_size=60))
def test_it_keeps_the_greatest_of_each_address(
    tmp_path_factory: pytest.TempPathFactory, reads: list[tuple[str, int, int]]
) -> None:
    path = tmp_path_factory.mktemp("seen") / "shared.seen"
    greatest: dict[str, tuple[int, int]] = {}
    seen = SeenRevisions(path)
    for count, (address, number, revision) in enumerate(reads):
        if count % 7 == 6:
            seen.close()
            seen = SeenRevisions(path)
        if (number, revision) < greatest.get(address, (0, 0)):
            with pytest.raises(WentBack):
                seen.check(address, number, revision)
        else:
            seen.check(address, number, revision)
            greatest[address] = (number, revision)
    seen.close()


@pytest.mark.security("S66")
def test_the_file_is_private_small_and_holds_no_secret(tmp_path: Path, seen: SeenRevisions) -> None:
    for revision in range(5_000):
        seen.check(ADDRESS, 1, revision)
    seen.close()
    path = tmp_path / "shared-desk.seen"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes().splitlines()) < 1_100


def test_a_line_that_was_being_written_is_left_out(tmp_path: Path, reopened: Callable[[], SeenRevisions]) -> None:
    path = tmp_path / "shared-desk.seen"
    path.write_bytes(b"keyrack seen revisions 1\n1 7 /a\n1 9 /")
    seen = reopened()
    with pytest.raises(WentBack):
        seen.check("/a", 1, 6)
    seen.check("/b", 1, 1)
    seen.close()
    assert path.read_bytes() == b"keyrack seen revisions 1\n1 7 /a\n1 1 /b\n"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@given(st.binary(max_size=200))
def test_a_damaged_file_is_kept_aside_and_its_whole_lines_count(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("seen") / "shared.seen"
    path.write_bytes(b"keyrack seen revisions 1\n1 7 /a\n" + noise.replace(b"/", b"") + b"\nx\n")
    seen = SeenRevisions(path)
    with pytest.raises(WentBack):
        seen.check("/a", 1, 6)
    seen.close()
    assert len(list(path.parent.glob("shared.seen.bad-*"))) == 1


@pytest.mark.security("S68")
def test_a_file_of_a_newer_keyrack_is_left_as_it_is(tmp_path: Path, reopened: Callable[[], SeenRevisions]) -> None:
    path = tmp_path / "shared-desk.seen"
    path.write_bytes(b"keyrack seen revisions 2\nsomething else\n")
    with pytest.raises(Failure) as failed:
        reopened()
    assert failed.value.code == "share_seen_newer"
    assert path.read_bytes() == b"keyrack seen revisions 2\nsomething else\n"


def test_a_file_that_cannot_be_read_stops_the_sharing(tmp_path: Path, reopened: Callable[[], SeenRevisions]) -> None:
    (tmp_path / "shared-desk.seen").mkdir()
    with pytest.raises(Failure) as failed:
        reopened()
    assert failed.value.code == "share_seen_unreadable"
    assert os.strerror(errno.EISDIR) in failed.value.happened


def test_a_full_disk_takes_no_record_away_and_memory_still_counts(
    tmp_path: Path, seen: SeenRevisions, reopened: Callable[[], SeenRevisions]
) -> None:
    (tmp_path / ".shared-desk.seen.new").mkdir()
    seen.check(ADDRESS, 1, 8)
    with pytest.raises(WentBack):
        seen.check(ADDRESS, 1, 7)
    (tmp_path / ".shared-desk.seen.new").rmdir()
    seen.check(ADDRESS, 1, 9)
    with pytest.raises(WentBack):
        reopened().check(ADDRESS, 1, 8)
