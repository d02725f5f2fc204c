"""The seal: what opens a record of the shared store, and the failure for everything that does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.shared_store.group_key import GREATEST_NUMBER, GroupKey, new_group_key
from keyrack.core.shared_store.seal import GREATEST_REVISION, LARGEST, OVERHEAD, Seal
from keyrack.core.shared_store.seal_failures import (
    ChangedRecord,
    ForeignRecord,
    NewerRecord,
    OtherKey,
    SealFailure,
)
from keyrack.primitives.secret import Secret

KEY, OTHER = GroupKey(1, Secret("0f" * 32)), GroupKey(1, Secret("1e" * 32))
SEAL = Seal([KEY], None)
ADDRESS = "/keyrack/desk/accounts/a1"
TEXT = b"an invented refresh token"
SEALED = SEAL.close(ADDRESS, 17, TEXT)
ADDRESSES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=80)
REVISIONS = st.integers(0, GREATEST_REVISION)


@given(ADDRESSES, REVISIONS, st.binary(max_size=2_000), st.integers(1, GREATEST_NUMBER))
def test_what_was_sealed_opens_at_its_own_address(address: str, revision: int, text: bytes, number: int) -> None:
    seal = Seal([GroupKey(number, KEY.secret)], None)
    sealed = seal.close(address, revision, text)
    found = seal.open(address, sealed)
    assert (found.plain, found.revision, found.key_number) == (text, revision, number)
    assert len(sealed) == len(text) + OVERHEAD


@given(ADDRESSES, ADDRESSES)
def test_a_record_that_was_moved_does_not_open(address: str, other: str) -> None:
    sealed = SEAL.close(address, 3, TEXT)
    if other != address:
        with pytest.raises(ChangedRecord):
            SEAL.open(other, sealed)


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_no_bit_can_be_changed(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealFailure):
        SEAL.open(ADDRESS, bytes(changed))


@given(st.binary(max_size=300), st.integers(0, len(SEALED)))
def test_whatever_stands_there_is_refused_with_a_sentence(noise: bytes, kept: int) -> None:
    for data in (noise, SEALED[:kept] + noise, SEALED[:5] + noise):
        if data != SEALED:
            with pytest.raises(SealFailure) as failed:
                SEAL.open(ADDRESS, data)
            assert failed.value.happened
            assert TEXT.decode() not in failed.value.sentences()


def test_two_seals_of_one_text_differ() -> None:
    assert SEAL.close(ADDRESS, 17, TEXT) != SEALED
    assert TEXT not in SEALED


def test_another_key_of_the_same_number_is_told() -> None:
    with pytest.raises(ChangedRecord):
        Seal([OTHER], None).open(ADDRESS, SEALED)


def test_a_newer_version_and_a_foreign_record_are_told_apart() -> None:
    with pytest.raises(NewerRecord):
        SEAL.open(ADDRESS, SEALED[:4] + b"\x02" + b"in a form that comes later")
    for foreign in (b"", b"KRSH", b"{}", SEALED[:4] + b"\x00" + SEALED[5:], SEALED[:20], b"KRSH\x01" + bytes(LARGEST)):
        with pytest.raises(ForeignRecord):
            SEAL.open(ADDRESS, foreign)


def test_a_revision_beyond_those_of_the_store_is_foreign() -> None:
    with pytest.raises(ForeignRecord):
        SEAL.open(ADDRESS, SEALED[:9] + b"\xff" * 8 + SEALED[17:])


def test_a_changed_key_opens_old_and_new_and_seals_new() -> None:
    both = Seal([KEY, GroupKey(2, OTHER.secret)], None)
    assert both.open(ADDRESS, SEALED).key_number == 1
    fresh = both.close(ADDRESS, 18, TEXT)
    assert both.open(ADDRESS, fresh).key_number == 2
    with pytest.raises(OtherKey) as newer:
        SEAL.open(ADDRESS, fresh)
    with pytest.raises(OtherKey) as given_up:
        Seal([GroupKey(2, OTHER.secret)], None).open(ADDRESS, SEALED)
    assert (newer.value.code, given_up.value.code) == ("share_key_newer", "share_key_given_up")


def test_an_address_is_shown_without_what_could_deceive() -> None:
    with pytest.raises(ForeignRecord) as failed:
        SEAL.open("/keyrack/\x1b[31m\u202e", b"")
    assert "\x1b" not in failed.value.happened
    assert "\u202e" not in failed.value.happened


@pytest.mark.security("S104")
def test_a_key_shows_itself_nowhere() -> None:
    key = new_group_key()
    assert key.secret.reveal() not in f"{key!r} {key} {[key]}"
    assert new_group_key().secret != key.secret


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0f" * 32),
        (GREATEST_NUMBER + 1, "0f" * 32),
        (True, "0f" * 32),
        (1, "0f" * 31),
        (1, "0F" * 32),
        (1, "0g" * 32),
    ],
)
def test_what_is_no_key_is_refused(number: int, text: str) -> None:
    with pytest.raises(ValueError, match="group's key"):
        GroupKey(number, Secret(text))
