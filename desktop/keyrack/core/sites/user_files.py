"""The person's own provider files: `providers/*.toml` in the configuration folder, loaded at the start (S38)."""

import contextlib
import errno
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from keyrack.core.system.private_file import private_folder, write_private
from keyrack.net.client import tls
from keyrack.net.client.http_client import HttpClient
from keyrack.net.proxy.proxies import Proxies
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
    """The folder of the person's own provider files. It keeps no list of providers: that is `ProviderCatalog`.

    `taken` is the catalog's live view of the ids in use. At most `most_files` files are loaded. `problems` holds a
    failure for each file that was left out, `own` the path of each that was loaded or added, by its provider's id.
    """

    def __init__(
        self, config: Path, taken: Collection[str], most_files: int = MOST_FILES, *, proxies: Proxies | None = None
    ) -> None:
        self._proxies = proxies
        self.folder = config / FOLDER
        self.problems: list[Failure] = []
        self.own: dict[str, Path] = {}
        self._taken = taken
        self._most_files = most_files

    def load(self) -> Iterator[Provider]:
        """The provider of every valid file, in the order of the file names. It never raises.

        The caller adds each provider to the ids in use before it takes the next one, so that no id is used twice.
        """
        for path in self._paths():
            try:
                provider = self._load_file(path)
            except Failure as why:
                self.problems.append(why)
            else:
                self.own[provider.id] = path
                yield provider

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        try:
            private_folder(self.folder)
            found = sorted(path for path in self.folder.glob("*.toml") if not path.name.startswith("."))
        except OSError as error:
            self.problems.append(_unreadable(self.folder.name, error))
            return []
        if len(found) > self._most_files:
            self.problems.append(ProviderFileFailure("user_files_too_many", most=str(self._most_files)))
        return found[: self._most_files]

    def _load_file(self, path: Path) -> Provider:
        return self._usable(read_own(path.name, read_text(path, follow=False), self._taken))

    def _usable(self, file: UserFile) -> Provider:
        if file.wishes:
            steps = ["regions", file.wishes[0].region, "token_endpoint"]
            raise bad_file(file.name, file.text, Mistake(steps, "address_not_imported"))
        return with_certificates(file, self.folder)

    def read_again(self, id: str) -> tuple[UserFile, Provider]:
        """A provider's file as it is now. Raises BadProviderFile or ProviderFileFailure."""
        path = self.own[id]
        file = read_own(path.name, read_text(path, follow=False), [taken for taken in self._taken if taken != id])
        if file.provider.id != id:
            raise bad_file(path.name, file.text, Mistake(["id"], "id_changed", id=id))
        return file, self._usable(file)

    def inspect(self, path: Path) -> UserFile:
        """Read a file that is to be imported. Raises BadProviderFile or ProviderFileFailure."""
        file = read_own(path.name, read_text(path), self._taken)
        with_certificates(file, path.parent)
        return file

    async def fill(self, file: UserFile, source: Path) -> UserFile:
        """Request the provider's metadata once and fill in the addresses that the file leaves out. Raises Failure."""
        name = file.provider.ca_file
        http = HttpClient(ca_file=source.parent / name if name else None, proxies=self._proxies)
        try:
            return await fill(file, http, self._taken)
        finally:
            await http.close()

    def add(self, file: UserFile, source: Path) -> Provider:
        """Copy a file and its certificates into the folder. Raises Failure and then has changed nothing."""
        name = file.provider.ca_file
        return self.store(file, read_text(source.parent / name) if name else "")

    def store(self, file: UserFile, certificates: str) -> Provider:
        """The same with the text of its certificates. Raises Failure and then has changed nothing."""
        checked = read_own(file.name, file.text, self._taken)
        if checked.wishes:
            raise ProviderFileFailure("user_file_lacks_addresses")
        target, name = self.folder / f"{checked.provider.id}.toml", checked.provider.ca_file
        try:
            if os.path.lexists(target):
                raise ProviderFileFailure("user_file_exists", file=target.name)
            if name:
                _keep_certificates(certificates, self.folder / name)
            write_private(target, file.text.encode())
        except OSError as error:
            raise _failed("user_file_not_stored", target.name, error) from None
        self.own[checked.provider.id] = target
        return with_certificates(checked, self.folder)

    def own_files(self) -> Iterator[tuple[UserFile, str]]:
        """Every file here that can be read, with the text of its certificates, "" for none."""
        for path in self._paths():
            with contextlib.suppress(Failure):
                file = read_own(path.name, read_text(path, follow=False))
                name = file.provider.ca_file
                yield file, read_text(self.folder / name) if name else ""

    def put_away(self, id: str) -> Path:
        """Give a provider's file a name under which it is not loaded. Returns its new path. Raises Failure.

        Its certificates stay, because another file may name them too.
        """
        path = self.own[id]
        aside = path.with_name(f"{path.name}.removed")
        try:
            path.replace(aside)
        except OSError as error:
            raise _failed("user_file_not_removed", path.name, error) from None
        del self.own[id]
        return aside


def _keep_certificates(text: str, target: Path) -> None:
    if not os.path.lexists(target):
        write_private(target, text.encode())
    elif read_text(target) != text:
        raise ProviderFileFailure("certificate_file_exists", file=target.name)


def read_text(path: Path, *, follow: bool = True) -> str:
    """The text of a small file. Raises ProviderFileFailure. Without `follow` a symbolic link is refused."""
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
        raise ProviderFileFailure("user_file_not_a_file", file=plain(path.name))
    if len(data) > LARGEST:
        raise ProviderFileFailure("user_file_too_large", file=plain(path.name), kib=str(LARGEST // 1024))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadProviderFile(plain(path.name), line, "file_not_utf8") from None


def with_certificates(file: UserFile, folder: Path) -> Provider:
    """The provider with the full path of its certificates. Raises BadProviderFile where they are not usable."""
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
        return ProviderFileFailure("user_file_is_link", file=plain(name))
    return _failed("user_file_not_read", name, error)


def _failed(code: str, name: str, error: OSError) -> ProviderFileFailure:
    return ProviderFileFailure(code, file=plain(name), reason=plain(error.strerror or type(error).__name__))
