"""What every API key is made and used with."""

from dataclasses import dataclass
from pathlib import Path

from keyrack.core.api_keys.key_records import KeyRecords
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.api_keys.read_only_keys import ReadKeys
from keyrack.core.api_keys.signed_calls import SignedCalls
from keyrack.core.sites.sites import Services
from keyrack.core.vault.record_store import Records
from keyrack.primitives.clock import Clock


@dataclass(frozen=True, slots=True)
class KeyMeans:
    """The rooms of the rack that know of keys."""

    services: Services
    records: Records
    nonces: Nonces
    kept: KeyRecords
    signed: SignedCalls
    read: ReadKeys
    clock: Clock

    @staticmethod
    def made(services: Services, records: Records, state: Path, clock: Clock) -> "KeyMeans":
        """All of them; `state` is the folder for what is not secret."""
        nonces = Nonces(state, clock.wall)
        kept = KeyRecords(records, nonces, clock)
        signed, read = SignedCalls(services, records, nonces, clock), ReadKeys(services, records, nonces)
        return KeyMeans(services, records, nonces, kept, signed, read, clock)
