"""What every API key is made and used with."""

from dataclasses import dataclass
from pathlib import Path

from keyrack.core.key_records import KeyRecords
from keyrack.core.nonces import Nonces
from keyrack.core.read_keys import ReadKeys
from keyrack.core.records import Records
from keyrack.core.services import Services
from keyrack.core.signed import SignedCalls
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
