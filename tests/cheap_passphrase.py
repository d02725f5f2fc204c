"""A lock passphrase that costs a test less time than a person's would."""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from keyrack.primitives.secret import Secret


def cheap_verifier(passphrase: str) -> Secret:
    """What the keyring holds where this passphrase is set."""
    cheap = Argon2id(salt=b"sixteen bytes ok", length=32, iterations=1, lanes=1, memory_cost=64)
    return Secret(cheap.derive_phc_encoded(passphrase.encode()))
