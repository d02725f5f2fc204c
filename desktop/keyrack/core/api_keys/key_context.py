"""The parts of the core that make or use an API key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from keyrack.core.accounts.account import Account
from keyrack.core.api_keys.key_records import KeyRecords
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.api_keys.read_only_keys import ReadOnlyKeys
from keyrack.core.api_keys.signed_calls import SignedCalls
from keyrack.core.sites.sites import Sites
from keyrack.core.vault.record_store import RecordStore
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock


class GrantRenewal(Protocol):
    """Requests the token that follows another one, under a note that a crash would leave behind (S73)."""

    async def next(self, account: Account, token: Token, *, unsaved: bool = False) -> Token:
        """The next token. `unsaved` marks one that is newer than the vault's. Raises Failure."""

    def clear_note(self, id: str) -> None:
        """Remove the note, because the new token is stored."""


@dataclass(frozen=True, slots=True)
class ApiKeyContext:
    """What a sign-in, a poll and the person's actions share about keys. `renewal` renews the tokens that make keys."""

    sites: Sites
    records: RecordStore
    nonces: Nonces
    key_records: KeyRecords
    signed_calls: SignedCalls
    read_only_keys: ReadOnlyKeys
    renewal: GrantRenewal
    clock: Clock

    @staticmethod
    def assemble(
        sites: Sites, records: RecordStore, renewal: GrantRenewal, state: Path, clock: Clock
    ) -> "ApiKeyContext":
        """Make the parts. `state` is the folder for what is not secret."""
        nonces = Nonces(state, clock.wall)
        key_records = KeyRecords(records, nonces, clock)
        signed_calls, read_only_keys = SignedCalls(records, nonces, clock), ReadOnlyKeys(sites, records, nonces)
        return ApiKeyContext(sites, records, nonces, key_records, signed_calls, read_only_keys, renewal, clock)
