"""Makes keys and signatures, as a child process in Keyrack's own environment.

It reads one JSON object from stdin and writes one to stdout, so that neither a private key nor a passphrase stands on a
command line. What it signs it reads again as Keyrack does.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "desktop"))

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keyrack.core.updates.release_list import list_of
from keyrack.core.updates.release_signature import (
    ID_BYTES,
    SIGNATURE_KIND,
    TRUSTED,
    UNTRUSTED,
    ReleaseKey,
    digest,
    signed_by,
)
from keyrack.primitives.failure import Failure


def make_key(passphrase: str) -> dict[str, str]:
    """A new private key in PKCS #8, encrypted by the passphrase, and its public key."""
    made = Ed25519PrivateKey.generate()
    sealed = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )
    return {"private": sealed.decode(), "public": public_of(made).text}


def sign(private: str, passphrase: str, text: str) -> dict[str, str]:
    """The list with its signature below it. Raises ValueError for a key or a list that cannot be used."""
    key = serialization.load_pem_private_key(private.encode(), passphrase.encode())
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the key is not one of Ed25519")
    data = text.encode()
    whole = list_of(data)
    done = with_signature(
        key, data, f"Keyrack releases {whole.number}, good until {whole.good_until.date().isoformat()}"
    )
    signed_by(done, [public_of(key)])
    return {"signed": done.decode(), "public": public_of(key).text}


def with_signature(key: Ed25519PrivateKey, data: bytes, comment: str) -> bytes:
    """The data with minisign's four lines below it. The comment is signed too."""
    signature, trusted = key.sign(digest(data)), comment.encode()
    lines = (
        UNTRUSTED + b"Keyrack's list of releases",
        base64.b64encode(SIGNATURE_KIND + public_of(key).id + signature),
        TRUSTED + trusted,
        base64.b64encode(key.sign(signature + trusted)),
    )
    return data + b"\n".join(lines) + b"\n"


def public_of(key: Ed25519PrivateKey) -> ReleaseKey:
    """The public key, with an id that follows from it. minisign's are random, and are compared only."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return ReleaseKey(hashlib.blake2b(raw, digest_size=ID_BYTES).digest(), raw)


def main() -> int:
    """Do what the object asks for. Returns 0, or 1 with a sentence on stderr."""
    asked = json.load(sys.stdin)
    try:
        if "text" in asked:
            made = sign(asked["private"], asked["passphrase"], asked["text"])
        else:
            made = make_key(asked["passphrase"])
    except Failure as why:
        print(f"Keyrack would not read this list: {why.in_english()}", file=sys.stderr)
        return 1
    except (ValueError, TypeError):
        print("The key cannot be used: is the passphrase right, and is it a key of Ed25519?", file=sys.stderr)
        return 1
    json.dump(made, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
