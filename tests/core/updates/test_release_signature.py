"""Signatures in minisign's format: those of the tool itself hold, and none that was touched."""

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from keyrack.core.updates.release_signature import key_of, signed_by
from keyrack.core.updates.update_failures import ListRefused, UpdateFailure
from tests.core.updates.published import Desk

# Made by minisign 0.11 (Debian 12) with an invented key: minisign -S -m v.json -t "an invented list".
KEY = "RWRMSUmcI2JVhTZN9qz/BQLVngMQW8bK/KxSFvCaFvOG6QjSph3ssS4J"
LIST = (
    b'{"keyrack_releases": 1, "number": 1, "made": "2026-09-01T00:00:00Z", "good_until": "2026-12-01T00:00:00Z", '
    b'"page": "https://desk.example/", "releases": []}\n'
)
SIGNATURE = b"""\
untrusted comment: signature from minisign secret key
RURMSUmcI2JVhV10fRhVR1bCss/cxPMDWgecyTXfLi4p19E/yXogCpfmBtqU71bkKtFcjeIaatY8dNYFPWG6xvIqJPQYY5ZJ4Ao=
trusted comment: an invented list
d0ELzJqKDKCAymU5/MIQG62UdI/guUQU0qDskD5V/tqMfqFuj5Sxj5Gos+SaN8QR/goCyGQ2yac/ckC38oLICw==
"""


def refusal(answer: bytes, key: str = KEY) -> str:
    with pytest.raises(ListRefused) as caught:
        signed_by(answer, [key_of(key)])
    return caught.value.code


def test_what_minisign_signed_holds() -> None:
    assert signed_by(LIST + SIGNATURE, [key_of(KEY)]) == (LIST, key_of(KEY))
    assert key_of(KEY).text == KEY


def test_what_keyrack_signs_is_in_the_same_form(desk: Desk) -> None:
    text = desk.publisher.text()
    lines = desk.publisher.sign(text)[len(text) :].split(b"\n")
    assert [len(base64.b64decode(lines[at])) for at in (1, 3)] == [74, 64]
    assert signed_by(desk.publisher.list(), [key_of(KEY), key_of(desk.publisher.public)])[0] == text


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (b'"number": 1', b'"number": 2', "update_signature_wrong"),
        (b"an invented list", b"an invented lost", "update_signature_wrong"),
        (b"RURMSUmcI2JVhV", b"RURMSUmcI2JVhW", "update_signature_wrong"),
        (b"RURMSUmcI2JVhV", b"RURMSUmcI2JWhV", "update_signed_by_other"),
        (b"RURMSUmc", b"RWRMSUmc", "update_unsigned"),
        (b"trusted comment: an", b"comment: an", "update_unsigned"),
        (b"LICw==", b"LICw=", "update_unsigned"),
        (b"d0ELz", b"d0EL", "update_unsigned"),
        (SIGNATURE, b"", "update_unsigned"),
        (LIST, b"", "update_unsigned"),
    ],
)
def test_what_was_touched_is_refused(before: bytes, after: bytes, code: str) -> None:
    whole = LIST + SIGNATURE
    assert before in whole
    assert refusal(whole.replace(before, after, 1) if before != b"trusted comment: an" else _without(whole)) == code


def _without(whole: bytes) -> bytes:
    return whole.replace(b"\ntrusted comment: an", b"\ncomment: an", 1)


def test_a_line_more_and_an_older_kind_are_refused() -> None:
    """minisign's first kind signs the bytes themselves. It is not made any more, and two kinds are one too many."""
    assert refusal(LIST + SIGNATURE + b"more\n") == "update_unsigned"
    assert refusal(LIST + SIGNATURE, base64.b64encode(b"Ed" + b"8" * 40).decode()) == "update_signed_by_other"


@pytest.mark.parametrize("text", ["", "short", KEY[:-4], KEY.replace("RW", "RU", 1), f"{KEY}AAAA", "ключ", "=" * 56])
def test_what_is_no_key_is_told(text: str) -> None:
    with pytest.raises(UpdateFailure) as caught:
        key_of(text)
    assert caught.value.code == "update_key_invalid"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, len(LIST + SIGNATURE)), st.integers(0, 60))
@example(b"\nuntrusted comment: ", 0, 0)
def test_no_bytes_break_it(piece: bytes, at: int, gone: int) -> None:
    """Whatever is put into a signed list, or in its place, is refused and breaks nothing."""
    whole = LIST + SIGNATURE
    for changed in (piece, whole[:at] + piece + whole[at + gone :]):
        try:
            text, _ = signed_by(changed, [key_of(KEY)])
        except ListRefused:
            continue
        assert text == LIST
