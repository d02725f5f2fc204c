"""A choice is tried at a provider of the person's before it is kept, and what came of it is a sentence."""

from collections.abc import AsyncGenerator
from pathlib import Path

import msgspec
import pytest
import trustme

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.core.connection.proxy_setting import choice_of
from keyrack.core.rack import Rack
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.net.network_errors import NetworkFailure
from keyrack.net.proxy.proxy_address import login_of
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import moved
from keyrack.providers.registry import built_in
from tests.connect_proxy import SIGN_IN_PAGE, proxying, refusing
from tests.net.tls_server import Authority, Provider, answer, serving

pytestmark = pytest.mark.security("S52", "R33")

HOST = "provider.example"
LOGIN = login_of("me", Secret("invented-secret"))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    made = Authority(trustme.CA(), tmp_path / "ca.pem")
    made.ca.cert_pem.write_to_path(str(made.file))
    return made


@pytest.fixture
async def provider(authority: Authority) -> AsyncGenerator[Provider]:
    async with serving(answer("403 Forbidden"), authority.server(HOST)) as made:
        yield made


@pytest.fixture
async def rack(provider: Provider, authority: Authority, tmp_path: Path) -> AsyncGenerator[Rack]:
    """A rack with one account, whose provider lives at a name that nobody but a proxy resolves."""
    there = tuple(
        msgspec.structs.replace(moved(each, f"https://{HOST}:{provider.port}"), ca_file=str(authority.file))
        for each in built_in()
    )
    places = Paths(tmp_path / "c", tmp_path / "s", tmp_path / "r", tmp_path / "l")
    file = AccountsFile(places.config)
    file.load()
    file.save([Settings("d", "Desk", "deribit", "test", "client_credentials", "sample-client")])
    made = Rack(assemble(there, MemoryVault(), places))
    made.load()
    yield made
    await made.close()


async def test_a_way_that_leads_to_the_provider_is_said_and_not_chosen(rack: Rack, provider: Provider) -> None:
    async with proxying(login="me:invented-secret") as proxy:
        tried = await rack.parts.proxy_trial.run(choice_of(proxy.address, LOGIN))

        assert tried == f"{HOST} answered. Keyrack connects through the proxy {proxy.name}."
        assert proxy.asked == [f"{HOST}:{provider.port}"]
    assert [head.splitlines()[0] for head in provider.heads] == ["HEAD / HTTP/1.1"]
    assert b"sample-client" not in provider.received
    assert rack.proxy.chosen == "none"
    assert not await rack.proxy.has_login()


@pytest.mark.parametrize(
    ("refusal", "own_text", "code"),
    [
        (refusing("407 Proxy Authentication Required"), b"", "proxy_refuses_password"),
        (refusing("403 Forbidden"), b"", "proxy_refused"),
        (None, SIGN_IN_PAGE, "proxy_answers_itself"),
    ],
)
async def test_a_way_that_leads_nowhere_is_told(refusal: bytes | None, own_text: bytes, code: str, rack: Rack) -> None:
    async with proxying(refusal, own_text=own_text) as proxy:
        with pytest.raises(NetworkFailure) as caught:
            await rack.parts.proxy_trial.run(choice_of(proxy.address, LOGIN))

    assert caught.value.code == code
    assert "invented" not in caught.value.sentences()


async def test_a_certificate_that_nobody_trusts_is_told(rack: Rack) -> None:
    stranger = trustme.CA()
    async with serving(answer(), Authority(stranger, Path()).server(HOST)) as impostor, proxying() as proxy:
        proxy.leads_to = impostor.port
        with pytest.raises(NetworkFailure) as caught:
            await rack.parts.proxy_trial.run(choice_of(proxy.address))

    assert caught.value.code == "certificate_unknown"


async def test_without_an_account_any_provider_will_do(rack: Rack) -> None:
    rack.accounts.remove(next(iter(rack.accounts)))
    async with proxying() as proxy:
        assert (await rack.parts.proxy_trial.run(choice_of(proxy.address))).startswith(f"{HOST} answered.")


async def test_providers_on_this_computer_leave_nothing_to_try(tmp_path: Path) -> None:
    here = tuple(moved(each, "http://127.0.0.1:9") for each in built_in())
    rack = Rack(assemble(here, MemoryVault(), Paths(tmp_path / "c", tmp_path / "s", tmp_path / "r", tmp_path / "l")))

    tried = await rack.parts.proxy_trial.run(choice_of("http://proxy.example:3128"))
    assert tried.startswith("There is nothing to try. Every provider here is on this computer")
    await rack.close()
