"""Reads `sharing.toml` strictly, and writes it when a host joins a group (S67, S68). No secret is in it (S66)."""

import json
import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from keyrack.core.group.group_failures import SharingFileFailure
from keyrack.core.system.private_file import linked_file, remove_private, write_configuration
from keyrack.primitives.failure import plain

NAME = "sharing.toml"
SCHEMA = 1
LARGEST = 64 * 1024
_HEAD = f"""\
# The group of hosts that this Keyrack shares accounts with. `keyrack share` writes this file, and no secret is in it.
# You may change the addresses and the files while Keyrack is closed.

schema = {SCHEMA}
"""
_log = logging.getLogger(__name__)

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=1_000, pattern=r"^[^\x00-\x1f\x7f]+$")]
_GroupName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16,32}$")]
HostName = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^\S([^\x00-\x1f\x7f]*\S)?$")]


class StoreAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where the shared store is, and the files that prove both sides.

    `members` are addresses such as "https://10.0.0.1:2379". `ca` holds who signed the members' certificates, ""
    for those that the system trusts. `certificate` and `key` are this host's own, or "". `user` is "" where the store
    asks for none.
    """

    members: Annotated[tuple[_Line, ...], msgspec.Meta(min_length=1, max_length=16)]
    user: str = ""
    ca: str = ""
    certificate: str = ""
    key: str = ""


class SharingSettings(StoreAddress, frozen=True, kw_only=True):
    """What the file says. `group` names the prefix of all entries, and `group_id` tells it from one of the same name.

    `cluster` is the id of the store's cluster as it was first seen, "" where it has none.
    """

    group: _GroupName
    group_id: _Id
    host: HostName
    host_id: _Id
    cluster: str = ""

    @property
    def prefix(self) -> str:
        """What every key of the group begins with."""
        return prefix_of(self.group)


def prefix_of(group: str) -> str:
    """What every key of a group begins with."""
    return f"/keyrack/{group}/"


def checked_address(address: Mapping[str, object]) -> StoreAddress:
    """The address of a store as a person gave it. Raises SharingFileFailure for what cannot be one."""
    try:
        return msgspec.convert(address, StoreAddress)
    except msgspec.ValidationError as why:
        raise SharingFileFailure("share_wrong_value", key=_field_of(why)) from None


def checked_settings(address: StoreAddress, **rest: str) -> SharingSettings:
    """The settings of a host that enters a group. Raises SharingFileFailure for a name that is not accepted."""
    try:
        return msgspec.convert({**msgspec.structs.asdict(address), **rest}, SharingSettings)
    except msgspec.ValidationError as why:
        raise SharingFileFailure("share_wrong_value", key=_field_of(why)) from None


class SharingFile:
    """`sharing.toml` in the configuration folder. A file that is there is never replaced, only removed as asked.

    `unknown` are the keys that were not understood when it was read. They stay in the file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.unknown: tuple[str, ...] = ()

    def exists(self) -> bool:
        """Whether this host belongs to a group, as far as the folder says."""
        return self.path.exists() or self.path.is_symlink()

    def read(self) -> SharingSettings:
        """The settings. Raises SharingFileFailure for a file that is not whole, and leaves it as it is."""
        text = self._text()
        try:
            whole = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            raise SharingFileFailure("share_file_no_toml", path=self._shown()) from None
        schema = whole.pop("schema", None)
        if type(schema) is not int or schema < 1:
            raise SharingFileFailure("share_file_wrong_value", path=self._shown(), key="schema")
        if schema > SCHEMA:
            raise SharingFileFailure("share_file_newer", path=self._shown())
        known = SharingSettings.__struct_fields__
        self.unknown = tuple(plain(key, 60) for key in whole if key not in known)
        if self.unknown:
            _log.warning("%s holds keys that this Keyrack does not know: %s", NAME, ", ".join(self.unknown))
        try:
            return msgspec.convert({key: whole[key] for key in known if key in whole}, SharingSettings)
        except msgspec.ValidationError as why:
            raise SharingFileFailure("share_file_wrong_value", path=self._shown(), key=_field_of(why)) from None

    def must_not_exist(self) -> None:
        """Raise SharingFileFailure where this host belongs to a group already."""
        if self.exists():
            raise SharingFileFailure("share_in_group", path=self._shown())

    def create(self, settings: SharingSettings) -> None:
        """Write the file of a host that enters a group. Raises SharingFileFailure where there is one."""
        self.must_not_exist()
        values: dict[str, Any] = msgspec.structs.asdict(settings)
        lines = [f"{name} = {_toml(value)}\n" for name, value in values.items() if value]
        try:
            write_configuration(self.path, "".join([_HEAD, *lines]).encode())
        except OSError as why:
            raise SharingFileFailure("share_file_not_written", path=self._shown(), reason=_reason(why)) from why

    def remove(self) -> None:
        """Delete the file, or the link that stands for it. Raises SharingFileFailure."""
        try:
            remove_private(self.path)
        except OSError as why:
            raise SharingFileFailure("share_file_not_written", path=self._shown(), reason=_reason(why)) from why

    def _text(self) -> str:
        try:
            with self.path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except FileNotFoundError:
            if self.path.is_symlink():
                raise SharingFileFailure("share_file_link_empty", path=plain(str(linked_file(self.path)))) from None
            raise SharingFileFailure("share_no_group") from None
        except OSError as why:
            raise SharingFileFailure("share_file_unreadable", path=self._shown(), reason=_reason(why)) from why
        if len(data) > LARGEST:
            raise SharingFileFailure("share_file_no_toml", path=self._shown())
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SharingFileFailure("share_file_no_toml", path=self._shown()) from None

    def _shown(self) -> str:
        return plain(str(self.path))


def _toml(value: object) -> str:
    # A JSON text without surrogates and control characters is a basic string of TOML, and a list of them an array.
    return json.dumps(value, ensure_ascii=False)


def _field_of(why: msgspec.ValidationError) -> str:
    """The key that a message of msgspec names: "… - at `$.members[0]`", or "… missing required field `group`"."""
    named = str(why).rsplit("`", 2)
    return plain(named[1].removeprefix("$.").partition("[")[0], 60) if len(named) > 2 else "…"


def _reason(why: OSError) -> str:
    return plain(why.strerror or type(why).__name__)
