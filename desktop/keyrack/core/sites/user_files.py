"""The person's own provider files: `providers/*.toml` in the configuration folder, read at the start (S38)."""

import errno
import os
import stat
from collections.abc import Collection
from pathlib import Path

import msgspec

from keyrack.core.system.private_file import private_folder, write_private
from keyrack.net.client import tls
from keyrack.net.client.http_client import HttpClient
from keyrack.primitives.failure import Failure, plain
from keyrack.providers.files.load import BadProviderFile, bad_file
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.files.user_file import UserFile, fill, read_own
from keyrack.providers.schema import Provider

FOLDER = "providers"
LARGEST = 128 * 1024
MOST_FILES = 200
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_PLAIN = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class ProviderFileFailure(Failure):
    """A provider file could not be read or stored."""


class UserProviderFiles:
    """The folder of the person's own provider files; `taken` are the ids of the providers that come with Keyrack.

    `problems` holds a sentence for each file that was left out.
    """

    def __init__(self, config: Path, taken: Collection[str]) -> None:
        self.folder = config / FOLDER
        self.problems: list[Failure] = []
        self._built_in = frozenset(taken)
        self._own: dict[str, Provider] = {}

    @property
    def _taken(self) -> frozenset[str]:
        return self._built_in | self._own.keys()

    def load(self) -> tuple[Provider, ...]:
        """Every file that can be used, in the order of their names; never raises."""
        for path in self._paths():
            try:
                found = self._whole(path)
                self._own[found.id] = found
            except Failure as why:
                self.problems.append(why)
        return tuple(self._own.values())

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        try:
            private_folder(self.folder)
            found = sorted(path for path in self.folder.glob("*.toml") if not path.name.startswith("."))
        except OSError as error:
            self.problems.append(_unreadable(self.folder.name, error))
            return []
        if len(found) > MOST_FILES:
            self.problems.append(
                ProviderFileFailure(f"There are more than {MOST_FILES} provider files.", "The last ones are left out.")
            )
        return found[:MOST_FILES]

    def _whole(self, path: Path) -> Provider:
        file = read_own(path.name, read_text(path, follow=False), self._taken)
        if file.wishes:
            steps = ["regions", file.wishes[0].region, "token_endpoint"]
            raise bad_file(path.name, file.text, Mistake(steps, "address_not_imported"))
        return with_certificates(file, self.folder)

    def inspect(self, path: Path) -> UserFile:
        """Read a file that is to be imported; raises BadProviderFile or ProviderFileFailure."""
        file = read_own(path.name, read_text(path), self._taken)
        with_certificates(file, path.parent)
        return file

    async def fill(self, file: UserFile, source: Path) -> UserFile:
        """Ask the provider's metadata, once, for what the file leaves to it; raises Failure."""
        name = file.provider.ca_file
        http = HttpClient(ca_file=source.parent / name if name else None)
        try:
            return await fill(file, http, self._taken)
        finally:
            await http.close()

    def add(self, file: UserFile, source: Path) -> Provider:
        """Copy a file, and its certificates, into the folder; raises Failure and then has changed nothing."""
        again = read_own(file.name, file.text, self._taken)
        if again.wishes:
            raise ProviderFileFailure("The file still lacks addresses.", "Nothing was stored.", "Read it again.")
        target, name = self.folder / f"{again.provider.id}.toml", again.provider.ca_file
        try:
            if target.exists():
                there = f"There is a file {target.name} already."
                raise ProviderFileFailure(there, "It was left as it is.", "Remove it or choose another id.")
            if name:
                self._copy_certificates(source.parent / name, self.folder / name)
            write_private(target, file.text.encode())
        except OSError as error:
            raise _unreadable(target.name, error) from None
        provider = with_certificates(again, self.folder)
        self._own[provider.id] = provider
        return provider

    def _copy_certificates(self, source: Path, target: Path) -> None:
        text = read_text(source)
        if not target.exists():
            write_private(target, text.encode())
        elif read_text(target) != text:
            raise ProviderFileFailure(
                f"There is another file {target.name} already.", "It was left as it is.", "Give ca_file another name."
            )


def read_text(path: Path, *, follow: bool = True) -> str:
    """A small text file; raises ProviderFileFailure. Without `follow` a link is refused, so that none leads away."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _PLAIN | (0 if follow else _NOFOLLOW))
        try:
            plain_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
            data = os.read(descriptor, LARGEST + 1) if plain_file else b""
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unreadable(path.name, error) from None
    if not plain_file:
        raise ProviderFileFailure(f"{plain(path.name)} is not a file.", "It is left out.")
    if len(data) > LARGEST:
        raise ProviderFileFailure(f"{plain(path.name)} is larger than {LARGEST // 1024} KiB.", "It is left out.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadProviderFile(plain(path.name), line, "file_not_utf8") from None


def with_certificates(file: UserFile, folder: Path) -> Provider:
    """The provider with the whole path of its certificates; raises BadProviderFile where they cannot be used."""
    name = file.provider.ca_file
    if not name:
        return file.provider
    path = folder / name
    if path.is_symlink():
        raise bad_file(file.name, file.text, Mistake(["ca_file"], "certificate_link", name=name))
    if reason := tls.unusable(path):
        raise bad_file(file.name, file.text, Mistake(["ca_file"], "certificate_unusable", name=name, reason=reason))
    return msgspec.structs.replace(file.provider, ca_file=str(path))


def _unreadable(name: str, error: OSError) -> ProviderFileFailure:
    if error.errno == errno.ELOOP:
        return ProviderFileFailure(
            f"{plain(name)} is a link.", "It is left out: Keyrack reads only files that lie in the folder itself."
        )
    why = plain(error.strerror or type(error).__name__)
    return ProviderFileFailure(f"{plain(name)} could not be read or stored: {why}.", "It is left out.")
