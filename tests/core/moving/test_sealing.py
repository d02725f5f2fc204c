"""A sealed export: what opens it, and the sentence for everything that does not."""

import base64
import json

import pytest

from keyrack.core.moving.content import Content, decode
from keyrack.core.moving.moving_failures import ImportRefused
from keyrack.core.moving.sealing import LARGEST, seal, unseal
from keyrack.primitives.secret import Secret

PASSPHRASE = Secret("seven invented words for a test")
TEXT = b"what nobody may read " * 20
SEALED = seal(TEXT, PASSPHRASE)


def failure_of(data: bytes, passphrase: Secret = PASSPHRASE) -> str:
    with pytest.raises(ImportRefused) as failed:
        unseal(data, passphrase)
    return failed.value.code


def with_header(**changed: object) -> bytes:
    lines = SEALED.split(b"\n")
    header = {**json.loads(lines[1]), **changed}
    return b"\n".join([lines[0], json.dumps(header).encode(), *lines[2:]])


@pytest.mark.security("S69")
def test_the_passphrase_opens_it_and_another_one_does_not() -> None:
    assert unseal(SEALED, PASSPHRASE) == TEXT
    assert b"nobody" not in SEALED
    assert failure_of(SEALED, Secret("seven invented words for a tesT")) == "import_passphrase_wrong"


def test_no_two_are_alike() -> None:
    assert seal(TEXT, PASSPHRASE).split(b"\n")[1:] != SEALED.split(b"\n")[1:]


@pytest.mark.parametrize(
    "way",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\n\n  " + text.replace(b"\n", b"\n  "),
        lambda text: text + b"\n\n",
    ],
    ids=["windows", "indented", "lines after it"],
)
def test_a_text_that_was_pasted_opens(way: object) -> None:
    assert callable(way)
    assert unseal(way(SEALED), PASSPHRASE) == TEXT


@pytest.mark.parametrize("share", [0.05, 0.4, 0.5, 0.9, 0.99])
def test_a_text_that_was_cut_is_told_apart(share: float) -> None:
    assert failure_of(SEALED[: int(len(SEALED) * share)]) in ("import_cut", "import_changed")
    assert failure_of(b"\n".join(SEALED.split(b"\n")[:-2])) == "import_cut"


@pytest.mark.security("S69")
def test_every_byte_counts() -> None:
    lines = SEALED.split(b"\n")
    for at in range(2, len(lines) - 1):
        changed = list(lines)
        changed[at] = changed[at].swapcase()
        assert failure_of(b"\n".join(changed)) in ("import_changed", "import_cut"), lines[at]


@pytest.mark.security("S69")
def test_a_changed_text_with_a_right_digest_is_refused() -> None:
    """Whoever changes it can make the digest anew. The tag of AES-GCM is what tells."""
    sealed = base64.b64decode(b"".join(SEALED.split(b"\n")[2:-2]))
    other = seal(TEXT, Secret("another passphrase of somebody"))
    lines, theirs = SEALED.split(b"\n"), other.split(b"\n")
    assert len(sealed) == len(TEXT) + 16
    assert failure_of(b"\n".join([*lines[:2], *theirs[2:]])) == "import_changed"


@pytest.mark.security("S69")
@pytest.mark.parametrize(
    "changed",
    [
        {"memory_kib": 4 * 1024 * 1024},
        {"memory_kib": -1},
        {"memory_kib": True},
        {"iterations": 1_000_000},
        {"iterations": 0},
        {"lanes": 4096},
        {"kdf": "none"},
        {"cipher": "none"},
        {"salt": ""},
        {"salt": base64.b64encode(bytes(10_000)).decode()},
        {"nonce": "AAAA"},
        {"check": ""},
        {"more": 1},
    ],
    ids=str,
)
def test_a_hostile_header_is_refused_before_anything_is_made_of_it(changed: dict[str, object]) -> None:
    assert failure_of(with_header(**changed)) in ("import_header", "import_changed")


@pytest.mark.security("S69")
def test_parameters_cannot_be_changed_unseen() -> None:
    nonce = base64.b64encode(bytes(12)).decode()
    assert failure_of(with_header(nonce=nonce)) == "import_changed"
    assert failure_of(with_header(iterations=2)) == "import_passphrase_wrong"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (b"KEYRACK EXPORT 2", "import_newer"),
        (b"KEYRACK EXPORT 0", "import_unknown"),
        (b"KEYRACK EXPORT x", "import_unknown"),
        (b"KEYRACK EXPORT 99999999999999999999", "import_unknown"),
        (b"-----BEGIN PRIVATE KEY-----", "import_unknown"),
        (b"", "import_unknown"),
    ],
)
def test_another_version_is_told_apart(first: bytes, code: str) -> None:
    assert failure_of(b"\n".join([first, *SEALED.split(b"\n")[1:]])) == code


def test_what_is_too_large_is_not_looked_at() -> None:
    assert failure_of(SEALED + b"\n" * LARGEST) == "import_too_large"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "import_unreadable"),
        (b"\xff\xfe", "import_unreadable"),
        (b"[]", "import_unknown"),
        (b"{}", "import_unknown"),
        (b'{"keyrack_export": true}', "import_unknown"),
        (b'{"keyrack_export": 2}', "import_newer"),
        (b'{"keyrack_export": 1}', "import_unreadable"),
        (b'{"keyrack_export": 1, "accounts": [{}]}', "import_unreadable"),
        (b'{"keyrack_export": 1, "accounts": [null]}', "import_unreadable"),
        (b'{"keyrack_export": 1, "accounts": [], "choices": {"a": 1}}', "import_unreadable"),
        (b'{"keyrack_export": 1, "accounts": [], "keyrack_export": 1}', "import_unreadable"),
        (b"[" * 100_000, "import_unreadable"),
    ],
    ids=str,
)
def test_a_plain_text_that_is_no_export_is_a_sentence(text: bytes, code: str) -> None:
    with pytest.raises(ImportRefused) as failed:
        decode(text)
    assert failed.value.code == code


def test_an_export_without_accounts_is_one() -> None:
    assert decode(Content(()).encode()) == Content(())
