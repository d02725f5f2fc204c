"""Assembles what the window and the agent share: the sandbox, the vault, and the rack over them."""

import asyncio
import logging
import shutil

from keyrack.core.rack import Rack
from keyrack.core.system.paths import Paths
from keyrack.core.vault.keyring_vault import KeyringVault, open_vault
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.core.wiring import assemble
from keyrack.primitives.failure import Failure
from keyrack.providers.registry import built_in
from keyrack.startup.options import Options
from keyrack.startup.sandbox_accounts import add_ready_accounts, forget_old_sign_ins, store_provider_files
from keyrack.startup.sandbox_process import SPEED, SandboxProcess

SERVICE = "Keyrack"
SANDBOX_SERVICE = "Keyrack Sandbox"

_log = logging.getLogger(__name__)


def start_sandbox(options: Options) -> SandboxProcess | None:
    """The sandbox that the options name: a new child process, one that runs already, or None."""
    if not options.sandbox:
        return None
    if options.join is not None:
        return SandboxProcess.join(options.join)
    speed = options.speed or (SPEED if options.tour else None)
    return SandboxProcess.start(speed=speed, capped=options.tour is not None)


async def make_rack(
    options: Options, places: Paths, sandbox: SandboxProcess | None, vault: Vault | None = None
) -> Rack:
    """The rack, not yet loaded, over `vault` or else over the computer's keyring."""
    if sandbox is None:
        return Rack(assemble(built_in(), vault or KeyringVault(SERVICE), places))
    await asyncio.to_thread(sandbox.read)
    if options.reset:
        shutil.rmtree(places.config, ignore_errors=True)
    store_provider_files(places.config, sandbox.provider_files())
    vault = vault or await _open_sandbox_vault()
    if options.tour is None:
        return Rack(assemble(sandbox.providers(), vault, places, sandbox=True), sandbox=True)
    parts = assemble(sandbox.providers(), vault, places, sandbox=True, browser=sandbox.browse)
    return Rack(parts, sandbox=True)


async def load_rack(rack: Rack, options: Options, sandbox: SandboxProcess | None) -> None:
    """Load the accounts, before anything asks for one. A sandbox that others use already may know their sign-ins."""
    rack.load()
    if sandbox is not None and options.join is None:
        await forget_old_sign_ins(rack)


async def add_sandbox_accounts(rack: Rack, sandbox: SandboxProcess | None) -> None:
    """Give the sandbox's rack its ready accounts. A failure is logged and costs no more than them."""
    if sandbox is None:
        return
    try:
        await add_ready_accounts(rack, sandbox.announced["clients"])
    except Failure as why:
        _log.warning("%s", why.in_english())


async def _open_sandbox_vault() -> Vault:
    """The computer's keyring, or a vault in memory where there is none. Only the sandbox may fall back to memory."""
    try:
        return await open_vault(SANDBOX_SERVICE)
    except VaultFailure as why:
        _log.warning("%s The sandbox keeps its secrets in memory.", why.in_english())
        return MemoryVault()
