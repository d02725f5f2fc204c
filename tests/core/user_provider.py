"""A rack that knows one provider from the person's own file: the example exchange of the sandbox."""

from collections.abc import Callable
from pathlib import Path

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Authorizing
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.providers.schema import FlowName
from keyrack.startup.sandbox_accounts import store_provider_files
from tests.core.harness import CoreHarness
from tests.free_port import free_port
from tests.sandbox_process import RunningSandbox

PUBLIC = "sandbox-example"


def file_of(sandbox: RunningSandbox) -> str:
    """The provider file that the sandbox offers."""
    return str(sandbox.announced["providers"]["example"]["file"])


def harness_with_own_provider(sandbox: RunningSandbox, folder: Path, change: Callable[[str], str] = str) -> CoreHarness:
    """A harness with that file in its configuration folder. `change` may edit its text."""
    store_provider_files(folder / "config", {"example.toml": change(file_of(sandbox))})
    return CoreHarness(sandbox, folder)


async def added(harness: CoreHarness, flow: FlowName = "device_code", name: str = "Own") -> Account:
    """An account of the public client. A new redirect address is registered for it at the sandbox."""
    redirect = ""
    if flow != "device_code":
        redirect = f"http://127.0.0.1:{free_port()}/cb/example"
        harness.sandbox.ask("POST", "/clients", {
            "provider": "example", "client_id": f"{PUBLIC}-{name}", "client_secret": "", "redirect_uri": redirect,
        })  # fmt: skip
        return await harness.rack.add(Draft("example", "global", flow, name, f"{PUBLIC}-{name}", None, redirect))
    return await harness.rack.add(Draft("example", "global", flow, name, PUBLIC))


def device_of(account: Account) -> DeviceAuthorization:
    """The code that is shown."""
    assert isinstance(account.state, Authorizing)
    assert account.state.device is not None
    return account.state.device


def waits(account: Account) -> bool:
    """Whether a code is shown."""
    return isinstance(account.state, Authorizing) and account.state.step == "device"
