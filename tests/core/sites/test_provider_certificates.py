"""Certificates of a provider's own file: trusted for that provider alone, and reported when they cannot be used."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import trustme

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Active, LoggedOut
from keyrack.core.rack import Rack
from keyrack.core.sites.user_files import FOLDER
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.primitives.secret import Secret
from keyrack.startup.sandbox_accounts import store_provider_files
from tests.core.sites.test_user_files import FILE
from tests.net.tls_server import Authority, Provider, answer, serving

TOKEN = answer(body=b'{"access_token":"invented-access","token_type":"bearer","expires_in":300}')
SECRET = "invented-secret-of-a-key"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    ca = trustme.CA()
    file = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(str(file))
    return Authority(ca, file)


@pytest.fixture
async def there(authority: Authority) -> AsyncGenerator[Provider]:
    async with serving(TOKEN, authority.server("localhost")) as provider:
        yield provider


def rack_with(folder: Path, there: Provider, authority: Authority) -> Rack:
    """A rack with the same exchange twice: one file names the certificates, one does not."""
    text = FILE.replace("https://auth.example.org/token", there.url())
    trusting = text.replace("checked", 'ca_file = "ca.pem"\nchecked')
    pem = authority.file.read_text()
    store_provider_files(
        folder / "config", {"a.toml": trusting, "b.toml": text.replace('"sample"', '"plain"'), "ca.pem": pem}
    )
    paths = Paths(folder / "config", folder / "state", folder / "run", folder / "logs")
    return Rack(assemble((), MemoryVault(), paths, sandbox=True), sandbox=True)


async def tried(rack: Rack, provider: str) -> Account:
    draft = Draft(provider, "main", "client_credentials", provider, "sample-client", Secret(SECRET))
    account = await rack.add(draft)
    await rack.sign_in(account)
    return account


def why(account: Account) -> str:
    assert isinstance(account.state, LoggedOut), account.state
    assert account.state.why is not None
    return account.state.why.sentences()


@pytest.mark.security("S40")
async def test_they_are_trusted_for_the_provider_that_names_them_and_for_no_other(
    tmp_path: Path, there: Provider, authority: Authority
) -> None:
    rack = rack_with(tmp_path, there, authority)
    rack.load()
    assert isinstance((await tried(rack, "sample")).state, Active)
    seen = there.received
    said = why(await tried(rack, "plain"))
    assert "Its certificate comes from nobody this computer trusts. Nothing was sent." in said
    assert there.received == seen
    await rack.close()


@pytest.mark.parametrize("damage", ["gone", "emptied"])
async def test_a_file_that_goes_while_keyrack_runs_is_told_in_a_sentence(
    tmp_path: Path, there: Provider, authority: Authority, damage: str
) -> None:
    rack = rack_with(tmp_path, there, authority)
    rack.load()
    file = tmp_path / "config" / FOLDER / "ca.pem"
    if damage == "gone":
        file.unlink()
    else:
        file.write_text("")
    said = why(await tried(rack, "sample"))
    assert "ca.pem, which holds the certificates to trust, cannot be used. Nothing was sent." in said
    assert there.received == b""
    await rack.close()
