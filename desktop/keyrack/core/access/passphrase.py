"""Makes and checks the verifier of the lock passphrase with Argon2id (RFC 9106)."""

import importlib
import os
import unicodedata
from typing import Any

from keyrack.primitives.secret import Secret

SALT_BYTES = 16
LENGTH_BYTES = 32
# RFC 9106 §4, the second recommended choice.
ITERATIONS = 3
LANES = 4
MEMORY_KIB = 64 * 1024


def verifier_of(passphrase: Secret) -> Secret:
    """A new verifier in PHC form, which holds its own salt and cost. It takes about 0.2 s."""
    made = _argon2id()(
        salt=os.urandom(SALT_BYTES), length=LENGTH_BYTES, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return Secret(made.derive_phc_encoded(_plain(passphrase)))


def matches(passphrase: Secret, verifier: Secret) -> bool:
    """Whether the verifier was made from this passphrase. A damaged verifier matches nothing."""
    invalid: Any = importlib.import_module("cryptography.exceptions").InvalidKey
    try:
        _argon2id().verify_phc_encoded(_plain(passphrase), verifier.reveal())
    except (invalid, ValueError):
        return False
    return True


def _argon2id() -> Any:
    """The library's class. Most people have no passphrase, so its megabytes are loaded when one is asked for."""
    return importlib.import_module("cryptography.hazmat.primitives.kdf.argon2").Argon2id


def _plain(passphrase: Secret) -> bytes:
    # Keyboards differ in how they compose an accent; the same word must give the same bytes (RFC 8265 §4.2).
    return unicodedata.normalize("NFC", passphrase.reveal()).encode("utf-8", "surrogatepass")
