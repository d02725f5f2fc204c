"""The choice of a proxy is kept, and everything that goes to a provider obeys it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, Retrying
from keyrack.core.connection.proxy_setting import choice_of
from keyrack.core.rack import Rack
from keyrack.core.sites.sites import Site
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import NoService
from keyrack.core.wiring import assemble
from keyrack.net.network_errors import NetworkFailure, ProxyRefused, Unreachable
from keyrack.net.proxy.proxy_address import BadProxy, login_of
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.load import moved
from keyrack.providers.registry import built_in
from tests.connect_proxy import proxying, refusing
from tests.until import until

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
        await rack.proxy.choose(choice_of(proxy.address))
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
    await rack.proxy.choose(choice_of(text))
    again = _rack(tmp_path)

    assert rack.proxy.chosen == again.proxy.chosen == chosen
    assert not connects or await again.proxy.connects() == connects
    await again.close()


def _rack_over(folder: Path, vault: Vault) -> Rack:
    made = Rack(assemble(built_in(), vault, Paths(folder / "c", folder / "s", folder / "r", folder / "l")))
    made.load()
    return made


def _written(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


@dataclass
class _KeptVault(MemoryVault):
    """A vault that outlives the rack, as the keyring does."""

    name: str = "the test's keyring"
    persistent: bool = True

    async def close(self) -> None:
        """Keep everything."""


class _NoVault(MemoryVault):
    """A computer without a keyring."""

    async def load(self, account: str, *, prompt: bool = False) -> Record:
        raise NoService

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:
        raise NoService


async def test_a_password_is_kept_in_the_keyring_and_goes_to_its_own_proxy_alone(tmp_path: Path) -> None:
    vault = _KeptVault()
    async with proxying(login="me:invented-secret") as mine, proxying(refusing("403 Forbidden")) as other:
        rack = _rack_over(tmp_path, vault)
        kept = await rack.proxy.choose(choice_of(mine.address, login_of("me", Secret("invented-secret"))))
        assert kept == f"The password for the proxy is kept in the test's keyring, and goes to {mine.name} alone."
        await rack.close()

        again = _rack_over(tmp_path, vault)
        assert again.proxy.chosen == mine.address
        assert await again.proxy.has_login()
        assert "invented" not in await again.proxy.connects()
        with pytest.raises(NetworkFailure):
            await _site(again).endpoint.client_credentials(CLIENT)
        assert b"Proxy-Authorization: Basic" in mine.heads[-1]

        # Whoever writes another address into the file gets no password.
        (tmp_path / "c" / "settings.toml").write_text(f'proxy = "{other.address}"')
        third = _rack_over(tmp_path, vault)
        with pytest.raises(ProxyRefused):
            await _site(third).endpoint.client_credentials(CLIENT)
        assert b"Proxy-Authorization" not in b"".join(other.heads)
        for made in (again, third):
            await made.close()
    assert "invented" not in _written(tmp_path)
    assert '"me"' not in _written(tmp_path)


async def test_a_password_in_the_address_is_taken_out_of_it(tmp_path: Path) -> None:
    vault = _KeptVault()
    rack = _rack_over(tmp_path, vault)
    await rack.proxy.choose(choice_of("http://me:invented-secret@proxy.example:3128"))

    assert rack.proxy.chosen == "http://proxy.example:3128"
    assert await rack.proxy.has_login()
    assert "invented" not in _written(tmp_path)
    await rack.close()


@pytest.mark.parametrize("next_choice", ["none", "http://other.example:3128"])
async def test_a_password_ends_with_the_choice(next_choice: str, tmp_path: Path) -> None:
    vault = _KeptVault()
    rack = _rack_over(tmp_path, vault)
    await rack.proxy.choose(choice_of("http://me:invented-secret@proxy.example:3128"))
    await rack.proxy.choose(choice_of("proxy.example:3128"))
    assert await rack.proxy.has_login(), "the same proxy keeps its own"
    assert vault.texts
    await rack.proxy.choose(choice_of(next_choice))

    assert not vault.texts
    await rack.proxy.choose(choice_of("proxy.example:3128"))
    assert not await rack.proxy.has_login()
    await rack.close()


async def test_without_a_keyring_a_password_lasts_for_the_session_and_that_is_said(tmp_path: Path) -> None:
    rack = _rack_over(tmp_path, _NoVault())
    async with proxying(login="me:invented-secret") as proxy:
        kept = await rack.proxy.choose(choice_of(proxy.address, login_of("me", Secret("invented-secret"))))
        assert kept == "The password for the proxy is kept in memory until Keyrack ends, because there is no keyring."
        with pytest.raises(NetworkFailure) as caught:
            await _site(rack).endpoint.client_credentials(CLIENT)
        assert not isinstance(caught.value, ProxyRefused), "the proxy let it through"
    await rack.close()
    assert not await _rack_over(tmp_path, _NoVault()).proxy.has_login()


async def test_a_password_for_the_system_s_proxy_needs_one(rack: Rack, monkeypatch: pytest.MonkeyPatch) -> None:
    login = login_of("me", Secret("invented-secret"))
    with pytest.raises(BadProxy) as caught:
        await rack.proxy.choose(choice_of("system", login))
    assert caught.value.code == "proxy_login_without_proxy"
    assert rack.proxy.chosen == "none"

    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    await rack.proxy.choose(choice_of("system", login))
    assert await rack.proxy.has_login()
    monkeypatch.setenv("HTTPS_PROXY", "http://other.example:3128")
    assert not await rack.proxy.has_login(), "the password is for the proxy that it was entered for"


async def test_a_choice_that_cannot_be_stored_is_told(rack: Rack, tmp_path: Path) -> None:
    (tmp_path / "c").write_text("a file stands where the folder should be")
    with pytest.raises(Failure) as caught:
        await rack.proxy.choose(choice_of("http://proxy.example:3128"))

    assert caught.value.code == "proxy_not_stored"
    assert rack.proxy.chosen == "http://proxy.example:3128"


async def test_this_machine_is_never_asked_through_a_proxy(rack: Rack) -> None:
    await rack.proxy.choose(choice_of("http://proxy.example:3128"))
    for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost", "LocalHost.", "mine.localhost"):
        assert (await rack.proxy.proxies.of(host)).proxy is None
    assert (await rack.proxy.proxies.of("localhost.example")).proxy is not None


async def test_what_waits_for_a_next_try_is_tried_at_once(rack: Rack) -> None:
    """Neither the token's next try, an hour away, nor the next poll, minutes away, is waited for."""
    secret = Secret("sample-client-secret")
    account = await rack.add(Draft("deribit", "test", "client_credentials", "Desk", "sample-client", secret))
    await rack.open()
    why = Unreachable(HOST, "Keyrack connects directly, without a proxy.")
    token = Token(access=TOKEN, issued=rack.clock.elapsed(), lifetime=900.0, renewable=True)
    account.become(Active(token, Retrying(rack.clock.elapsed() + 3_600.0, why)), expected=account.state)
    await until(lambda: account.balances is not None and account.balances.failure is not None)

    def refused() -> tuple[bool, bool]:
        state, balances = account.state, account.balances
        renewal = isinstance(state, Active) and isinstance(state.renewal, Retrying) and state.renewal.why
        return isinstance(renewal, ProxyRefused), isinstance(balances and balances.failure, ProxyRefused)

    assert refused() == (False, False)
    async with proxying(refusing("403 Forbidden")) as proxy:
        await rack.proxy.choose(choice_of(proxy.address))
        await until(lambda: refused() == (True, True))
