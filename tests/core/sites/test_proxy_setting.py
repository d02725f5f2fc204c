"""The choice of a proxy is kept, and everything that goes to a provider obeys it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Settings
from keyrack.core.rack import Rack
from keyrack.core.sites.sites import Site
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.net.client.proxy import BadProxy
from keyrack.net.network_errors import NetworkFailure, ProxyRefused
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import moved
from keyrack.providers.registry import built_in
from tests.connect_proxy import proxying, refusing

pytestmark = pytest.mark.security("S52")

HOST = "provider.example"
TOKEN = Secret("at-invented")
CLIENT = OAuthClient("sample-client", Secret("sample-client-secret"))


def _rack(folder: Path) -> Rack:
    """A rack whose providers all live at a name that nobody but a proxy resolves."""
    moved_there = tuple(moved(provider, f"https://{HOST}") for provider in built_in())
    places = Paths(folder / "c", folder / "s", folder / "r", folder / "l")
    made = Rack(assemble(moved_there, MemoryVault(), places))
    made.load()
    return made


@pytest.fixture
async def rack(tmp_path: Path) -> AsyncGenerator[Rack]:
    made = _rack(tmp_path)
    yield made
    await made.close()


def _site(rack: Rack) -> Site:
    return rack.parts.sites.of(Settings("id", "Desk", "deribit", "test", "client_credentials", "sample-client", ""))


async def _stream(site: Site) -> None:
    await site.dialler.open(site.region.stream)


_WAYS: dict[str, Callable[[Site], Awaitable[object]]] = {
    "token": lambda site: site.endpoint.client_credentials(CLIENT),
    "figures": lambda site: site.api.holdings(TOKEN),
    "prices": lambda site: site.prices.ask(["BTC"]),
    "stream": _stream,
}


@pytest.mark.parametrize("ask", _WAYS.values(), ids=_WAYS)
async def test_everything_obeys_the_choice(ask: Callable[[Site], Awaitable[object]], rack: Rack) -> None:
    site = _site(rack)
    with pytest.raises(NetworkFailure) as direct:
        await ask(site)
    assert direct.value.means.startswith("Keyrack connects directly, without a proxy.")

    async with proxying(refusing("407 Proxy Authentication Required")) as proxy:
        rack.proxy.choose(proxy.address)
        with pytest.raises(ProxyRefused) as refused:
            await ask(site)

    assert refused.value.code == "proxy_wants_password"
    assert proxy.asked == [f"{HOST}:443"]
    assert b"invented" not in b"".join(proxy.heads)


@pytest.mark.parametrize(
    ("text", "chosen", "connects"),
    [
        ("none", "none", "Keyrack connects directly, without a proxy."),
        (" Proxy.Example:3128 ", "http://proxy.example:3128", "Keyrack connects through the proxy proxy.example:3128."),
        ("SYSTEM", "system", ""),
    ],
)
async def test_the_choice_is_kept_over_a_restart(
    text: str, chosen: str, connects: str, rack: Rack, tmp_path: Path
) -> None:
    assert rack.proxy.chosen == "none"
    rack.proxy.choose(text)
    again = _rack(tmp_path)

    assert rack.proxy.chosen == again.proxy.chosen == chosen
    assert not connects or again.proxy.connects() == connects
    await again.close()


async def test_an_address_with_a_password_is_neither_used_nor_stored(rack: Rack, tmp_path: Path) -> None:
    with pytest.raises(BadProxy) as caught:
        rack.proxy.choose("http://me:invented-secret@proxy.example:3128")

    assert caught.value.code == "proxy_holds_password"
    assert rack.proxy.chosen == "none"
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and "invented-secret" in path.read_text()]


async def test_a_choice_that_cannot_be_stored_is_told(rack: Rack, tmp_path: Path) -> None:
    (tmp_path / "c").write_text("a file stands where the folder should be")
    with pytest.raises(Failure) as caught:
        rack.proxy.choose("http://proxy.example:3128")

    assert caught.value.code == "proxy_not_stored"
