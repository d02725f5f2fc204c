"""The one-time code by which a host joins: 140 random bits, as six groups of five letters and digits.

It holds more than anybody can try, so that whoever reads the store and all its backups learns nothing by guessing. The
letters are those of Crockford's Base32, and the last two tell a slip from a wrong code. Two values are derived from it
(RFC 5869): the place of the invitation in the store, and the key of what stands there.
"""

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keyrack.core.group.group_failures import InvitationFailure
from keyrack.core.shared_store.group_key import KEY_BYTES, GroupKey
from keyrack.primitives.secret import Secret

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LETTERS, CHECK_LETTERS = 28, 2
_BITS, _GROUP = 5, 5
_READ_AS = str.maketrans("OIL", "011", " -–—\t\r\n\u200b")
_PLACE_BYTES = 16


@dataclass(frozen=True, slots=True)
class JoiningCode:
    """A code. `text` is what a person types or pastes."""

    text: Secret

    @property
    def place(self) -> str:
        """The name of the invitation in the store, which tells nothing about the code."""
        return self._derived(b"keyrack share: place of the invitation", _PLACE_BYTES).hex()

    @property
    def key(self) -> GroupKey:
        """The key that seals what the two hosts write there."""
        return GroupKey(1, Secret(self._derived(b"keyrack share: key of the invitation", KEY_BYTES).hex()))

    def _derived(self, purpose: bytes, length: int) -> bytes:
        letters = _letters(self.text.reveal())[:RANDOM_LETTERS]
        number = 0
        for letter in letters:
            number = number << _BITS | LETTERS.index(letter)
        material = number.to_bytes((RANDOM_LETTERS * _BITS + 7) // 8, "big")
        return HKDF(SHA256(), length, salt=None, info=purpose).derive(material)


def new_code() -> JoiningCode:
    """A code from the system's random source."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(RANDOM_LETTERS))
    whole = letters + _check(letters)
    return JoiningCode(Secret("-".join(whole[at : at + _GROUP] for at in range(0, len(whole), _GROUP))))


def read_code(entered: Secret) -> JoiningCode:
    """The code that a person entered. Raises InvitationFailure for what cannot be one, such as after a slip."""
    letters = _letters(entered.reveal())
    if len(letters) != RANDOM_LETTERS + CHECK_LETTERS or not set(LETTERS).issuperset(letters):
        raise InvitationFailure("share_code_not_one")
    if _check(letters[:RANDOM_LETTERS]) != letters[RANDOM_LETTERS:]:
        raise InvitationFailure("share_code_slip")
    return JoiningCode(entered)


def _letters(text: str) -> str:
    return text.upper().translate(_READ_AS)


def _check(letters: str) -> str:
    digest = hashlib.sha256(letters.encode()).digest()
    return LETTERS[digest[0] >> 3] + LETTERS[digest[1] >> 3]
