"""Where the etcd of a group is, and how this host shows itself there."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from keyrack.core.shared_store.store_failures import SharedStoreFailure
from keyrack.net import address
from keyrack.net.client.tls import TlsFiles
from keyrack.primitives.secret import Secret

_MOST_MEMBERS = 9


@dataclass(frozen=True, slots=True)
class EtcdSettings:
    """The members' client addresses, and this host's proofs.

    `user` is "" where etcd asks for none. `cluster` is the id of the cluster as it was first seen, in decimal digits,
    or "" before that.
    """

    addresses: tuple[str, ...]
    files: TlsFiles = field(default_factory=TlsFiles)
    user: str = ""
    password: Secret | None = None
    cluster: str = ""


def checked(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The addresses without a slash at the end, each once. Raises SharedStoreFailure unless all can be used.

    Plain http goes to a literal 127.0.0.1 or [::1] alone (S40).
    """
    bare = tuple(dict.fromkeys(each.strip().rstrip("/") for each in addresses if each.strip()))
    if not bare:
        raise SharedStoreFailure("shared_addresses_missing")
    for each in bare[:_MOST_MEMBERS]:
        if not address.is_endpoint(each, plain_http=True) or urlsplit(each).path:
            raise SharedStoreFailure("shared_address_unsafe", address=each)
    return bare[:_MOST_MEMBERS]
