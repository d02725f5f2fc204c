"""What the window and the agent put together in the same way: the sandbox, the vault and the rack over them."""

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
from keyrack.startup.sandbox_accounts import prepare, store
from keyrack.startup.sandbox_process import SPEED, SandboxProcess

SERVICE = "Keyrack"
SANDBOX_SERVICE = "Keyrack Sandbox"

_log = logging.getLogger(__name__)


def sandbox(options: Options) -> SandboxProcess | None:
    """The sandbox that was asked for: a child of its own, or one that runs."""
    if not options.sandbox:
        return None
    if options.join is not None:
        return SandboxProcess.join(options.join)
    speed = options.speed or (SPEED if options.tour else None)
    return SandboxProcess.start(speed=speed, capped=options.tour is not None)


async def rack_of(options: Options, places: Paths, child: SandboxProcess | None, vault: Vault | None = None) -> Rack:
    """The rack, not yet loaded, over `vault` or else over the computer's keyring."""
    if child is None:
        return Rack(assemble(built_in(), vault or KeyringVault(SERVICE), places))
    await asyncio.to_thread(child.read)
    if options.reset:
        shutil.rmtree(places.config, ignore_errors=True)
    store(places.config, child.provider_files())
    vault = vault or await _sandbox_vault()
    if options.tour is None:
        return Rack(assemble(child.providers(), vault, places, sandbox=True), sandbox=True)
    return Rack(assemble(child.providers(), vault, places, sandbox=True, browser=child.browse), sandbox=True)


async def fill(rack: Rack, options: Options, child: SandboxProcess | None) -> None:
    """Give the sandbox's rack its ready accounts; a failure is told and costs no more than them."""
    if child is None:
        return
    try:
        await prepare(rack, child.announced["clients"], joined=options.join is not None)
    except Failure as why:
        _log.warning("%s", why.sentences())


async def _sandbox_vault() -> Vault:
    """The real keyring; memory where there is none, which only the sandbox may fall back to."""
    try:
        return await open_vault(SANDBOX_SERVICE)
    except VaultFailure as why:
        _log.warning("%s The sandbox keeps its secrets in memory.", why.sentences())
        return MemoryVault()
