"""How a host shows itself to a real etcd: TLS with an own authority, a client certificate, a user and password."""

import contextlib
import os
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Put
from keyrack.core.shared_store.store_failures import StoreAway, StoreRefused
from keyrack.net.client.tls import TlsFiles
from keyrack.net.network_errors import TlsRefused
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.checkout import ROOT
from tests.etcd_cluster import EtcdCluster
from tests.until import until

GROUP, OTHERS = "/keyrack/desk/", "/keyrack/others/"
PASSWORD = "invented-password-of-the-desk"


class Files:
    """Certificates of one authority, and of a stranger."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ours, strange = trustme.CA(), trustme.CA()
        ours.cert_pem.write_to_path(str(self.ca))
        server = ours.issue_cert("127.0.0.1")
        server.cert_chain_pems[0].write_to_path(str(folder / "server.pem"))
        server.private_key_pem.write_to_path(str(folder / "server.key"))
        ours.issue_cert("desk-1.example").private_key_and_cert_chain_pem.write_to_path(str(self.host))
        strange.issue_cert("desk-1.example").private_key_and_cert_chain_pem.write_to_path(str(self.stranger))
        strange.cert_pem.write_to_path(str(self.strange_ca))
        self.ca_alone = folder / "ca-alone.pem"
        ours.cert_pem.write_to_path(str(self.ca_alone))

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def strange_ca(self) -> Path:
        return self.folder / "strange-ca.pem"

    @property
    def host(self) -> Path:
        return self.folder / "host.pem"

    @property
    def stranger(self) -> Path:
        return self.folder / "stranger.pem"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def secure(files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdCluster]:
    """One member that speaks TLS and wants a client certificate of its authority."""
    options = [
        *("--cert-file", str(files.folder / "server.pem"), "--key-file", str(files.folder / "server.key")),
        *("--client-cert-auth", "--trusted-ca-file", str(files.ca)),
    ]
    with EtcdCluster(tmp_path_factory.mktemp("secure"), options=options, scheme="https") as cluster:
        yield cluster


@asynccontextmanager
async def opened(settings: EtcdSettings) -> AsyncGenerator[EtcdStore]:
    store = EtcdStore(settings)
    try:
        yield store
    finally:
        await store.close()


def succeeds(ask: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        try:
            await ask()
        except Failure:
            return False
        return True

    return asked


async def test_a_host_with_a_certificate_is_let_in(secure: EtcdCluster, files: Files) -> None:
    async with opened(EtcdSettings(secure.addresses, files=TlsFiles(files.ca, files.host))) as store:
        await until(succeeds(lambda: store.read(GROUP)), 30)
        assert (await store.commit([], [Put(GROUP + "a", b"1")])).happened


@pytest.mark.parametrize(
    ("authority", "certificate", "code"),
    [
        ("ca.pem", "", "own_certificate_refused"),
        ("ca.pem", "stranger.pem", "own_certificate_refused"),
        ("ca.pem", "server.pem", "own_certificate_unusable"),  # without its key
        ("ca.pem", "none.pem", "own_certificate_unusable"),
        ("none.pem", "host.pem", "certificate_file_unusable"),
        ("strange-ca.pem", "host.pem", "certificate_unknown"),
        ("", "host.pem", "certificate_unknown"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_told(
    secure: EtcdCluster, files: Files, authority: str, certificate: str, code: str
) -> None:
    async with opened(EtcdSettings(secure.addresses, files=TlsFiles(files.ca, files.host))) as good:
        await until(succeeds(lambda: good.read(GROUP)), 30)
    chosen = TlsFiles(
        files.folder / authority if authority else None, files.folder / certificate if certificate else None
    )
    told: list[str] = []

    async def is_told() -> bool:
        # A member that ends the connection while the request is sent may take its reason back (RFC 8446, 4.4.2.4).
        with contextlib.suppress(StoreAway):
            try:
                await store.read(GROUP)
            except TlsRefused as why:
                told.append(why.code)
        return bool(told)

    async with opened(EtcdSettings(secure.addresses, files=chosen)) as store:
        await until(is_told, 30)
    assert told == [code]


def etcdctl(cluster: EtcdCluster, *words: str, user: str = "", typed: str = "") -> None:
    """What the operator does."""
    command = ["etcdctl", "--endpoints", cluster.addresses[0], *(["--user", user] if user else []), *words]
    subprocess.run(
        command, env={**os.environ, "ETCDCTL_API": "3"}, capture_output=True, text=True, check=True, input=typed
    )


def for_operators() -> list[list[str]]:
    """The lines of etcdctl in docs/sharing.md."""
    text = (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8")
    return [line.split()[1:] for line in text.splitlines() if line.startswith("etcdctl ")]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EtcdCluster]:
    """One member with users, made as the page for operators says: root, and one who may touch one group alone."""
    with EtcdCluster(tmp_path_factory.mktemp("guarded")) as cluster:
        for words in for_operators():
            asks = ["--interactive=false"] if words[:2] == ["user", "add"] else []
            etcdctl(cluster, *words, *asks, typed="invented-root" if words[-1] == "root" else PASSWORD)
        yield cluster


def login(cluster: EtcdCluster, user: str = "keyrack-desk", password: str = PASSWORD) -> EtcdSettings:
    return EtcdSettings(cluster.addresses, user=user, password=Secret(password))


async def test_a_user_reaches_the_records_of_its_group_alone(guarded: EtcdCluster) -> None:
    async with opened(login(guarded)) as store:
        lease = await store.grant(30)
        wrote = await store.commit([], [Put(GROUP + "a", b"1", lease)])
        assert wrote.happened
        assert await store.keep_alive(lease) > 0
        changes = store.watch(GROUP, wrote.revision - 1)
        assert [change.value for change in await anext(changes)] == [b"1"]
        await changes.aclose()
        await store.revoke(lease)
        for forbidden in (
            lambda: store.read(OTHERS),
            lambda: store.commit([], [Put(OTHERS + "a", b"1")]),
            lambda: anext(store.watch(OTHERS, 0)),
        ):
            with pytest.raises(StoreRefused) as refused:
                await forbidden()
            assert refused.value.code == "shared_store_refused"


@pytest.mark.parametrize(
    ("user", "password", "code"),
    [
        ("", "", "shared_login_needed"),
        ("keyrack-desk", "invented-wrong-word", "shared_password_wrong"),
        ("nobody", PASSWORD, "shared_password_wrong"),
    ],
)
async def test_a_wrong_login_is_told(guarded: EtcdCluster, user: str, password: str, code: str) -> None:
    async with opened(login(guarded, user, password)) as store:
        with pytest.raises(StoreRefused) as refused:
            await store.read(GROUP)
        assert refused.value.code == code
        with pytest.raises(StoreRefused) as refused:
            await anext(store.watch(GROUP, 0))
        assert refused.value.code == code
        assert password not in repr(store) + refused.value.in_english() + repr(refused.value) or not password


async def test_a_login_that_ended_is_made_anew(guarded: EtcdCluster) -> None:
    """A member forgets its logins when it starts, and an etcd all old ones when a right was changed."""
    async with opened(login(guarded)) as store:
        await store.read(GROUP)
        etcdctl(guarded, "role", "grant-permission", "keyrack-desk", "read", "/one", user="root:invented-root")
        assert (await store.commit([], [Put(GROUP + "b", b"1")])).happened
        guarded.members[0].kill()
        guarded.start_member(guarded.members[0])
        await until(succeeds(lambda: store.read(GROUP)), 30)


async def test_a_login_that_nobody_asks_for_is_no_obstacle(etcd: EtcdCluster, prefix: str) -> None:
    async with opened(login(etcd)) as store:
        assert (await store.commit([], [Put(prefix + "a", b"1")])).happened
