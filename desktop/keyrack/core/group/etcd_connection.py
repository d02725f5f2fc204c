"""Makes the connection to the etcd that a host's settings name."""

from pathlib import Path

from keyrack.core.group.sharing_file import StoreAddress
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.newest_revision import NewestRevision
from keyrack.net.client.tls import TlsFiles
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.secret import Secret


def connect_to_etcd(
    address: StoreAddress,
    password: Secret | None,
    cluster: str,
    newest: NewestRevision,
    *,
    proxies: Proxies | None = None,
) -> EtcdStore:
    """The store. It connects with its first request. Raises SharedStoreFailure for an address that is not safe."""
    files = TlsFiles(_path(address.ca), _path(address.certificate), _path(address.key))
    settings = EtcdSettings(address.members, files, address.user, password, cluster)
    return EtcdStore(settings, newest=newest, proxies=proxies)


def _path(text: str) -> Path | None:
    return Path(text) if text else None
