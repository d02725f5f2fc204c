"""What the group stores of one account: its settings, its record with the access token, and a renewal under way."""

from dataclasses import asdict, dataclass, field, replace
from typing import Annotated

import msgspec

from keyrack.core.accounts.account import ScriptPolicy, Settings
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Corrupt, NewerSchema
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import FlowName

SCHEMA = 1
_Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class Intent(msgspec.Struct, frozen=True):
    """A renewal that a host began: the generation that it will store, and the wall time there."""

    generation: int
    host: _Text
    wall: float


class SharedSettings(msgspec.Struct, frozen=True):
    """The settings of an account that all hosts have alike. Which programs may have a token is each host's own."""

    name: _Text
    provider: _Text
    region: _Text
    flow: FlowName
    client_id: _Text
    redirect_uri: _Text = ""
    identity: _Text = ""
    test: bool = False
    hosts: Hosts | None = None

    @staticmethod
    def of(settings: Settings) -> "SharedSettings":
        """What of these settings is shared."""
        every = asdict(settings)
        shared = {name: every[name] for name in SharedSettings.__struct_fields__ if name != "hosts"}
        return SharedSettings(**shared, hosts=settings.hosts)

    def on(self, settings: Settings) -> Settings:
        """Settings of this host with what is shared in them."""
        return replace(settings, **{name: getattr(self, name) for name in self.__struct_fields__})

    def new(self, id: str, group: str, scripts: ScriptPolicy) -> Settings:
        """The settings of an account that this host did not know. Its programs have what `scripts` says."""
        shared = {name: getattr(self, name) for name in self.__struct_fields__}
        return Settings(id=id, group=group, scripts=scripts, **shared)


class StoredShare(msgspec.Struct, frozen=True):
    """What is sealed, as JSON has it."""

    schema: int
    settings: SharedSettings
    record: str
    written: float
    writer: _Text
    host: _Text = ""
    since: float | None = None
    access: str = ""
    access_issued: float | None = None
    access_lifetime: float | None = None
    intent: Intent | None = None
    ended: _Text = ""
    removed: bool = False
    kept: bool = False

    def __repr__(self) -> str:
        return f"{type(self).__name__}(***)"


class _Version(msgspec.Struct, frozen=True):
    schema: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRecord:
    """One account of the group. Wall times are those of the clock of `writer`, the host that wrote it at `written`.

    `host` is the id of the host that renews since `since`. `ended` says how the sign-in ended where a renewal was
    refused. A record that is `removed` takes the account away from every host, but from `writer` where it is `kept`.
    """

    settings: SharedSettings
    record: Record = field(repr=False)
    written: float
    writer: str
    host: str = ""
    since: float | None = None
    access: Secret | None = None
    access_issued: float | None = None
    access_lifetime: float | None = None
    intent: Intent | None = None
    ended: str = ""
    removed: bool = False
    kept: bool = False

    @property
    def generation(self) -> int:
        """It grows with each token."""
        return self.record.generation

    def encode(self) -> bytes:
        """What is sealed."""
        access = self.access.reveal() if self.access is not None else ""
        plain = StoredShare(
            SCHEMA,
            self.settings,
            self.record.encode().reveal(),
            self.written,
            self.writer,
            self.host,
            self.since,
            access,
            self.access_issued,
            self.access_lifetime,
            self.intent,
            self.ended,
            self.removed,
            self.kept,
        )
        return msgspec.json.encode(plain)

    @staticmethod
    def decode(plain: bytes) -> "SharedRecord":
        """Parse it. Raises Corrupt for anything that is no such record, NewerSchema for one of a later version."""
        try:
            if msgspec.json.decode(plain, type=_Version).schema > SCHEMA:
                raise NewerSchema
            found = msgspec.json.decode(plain, type=StoredShare)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Corrupt from None
        return SharedRecord(
            settings=found.settings,
            record=Record.decode(Secret(found.record)),
            written=found.written,
            writer=found.writer,
            host=found.host,
            since=found.since,
            access=Secret(found.access) if found.access else None,
            access_issued=found.access_issued,
            access_lifetime=found.access_lifetime,
            intent=found.intent,
            ended=found.ended,
            removed=found.removed,
            kept=found.kept,
        )
