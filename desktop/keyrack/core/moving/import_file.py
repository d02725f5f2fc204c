"""Reads a file that is to be imported."""

import os
import stat
from pathlib import Path

from keyrack.core.moving.moving_failures import ImportRefused
from keyrack.core.moving.sealing import LARGEST
from keyrack.language.translation import Phrase, mark
from keyrack.primitives.failure import plain

_PLAIN = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | _PLAIN)


def read_import(path: Path) -> bytes:
    """The bytes of the file. It is called in a thread.

    Raises ImportRefused for one that cannot be read, is no plain file, or is too large.
    """
    try:
        with open(path, "rb", opener=_open) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                kind = Phrase(mark("it is no plain file"))
                raise ImportRefused("import_not_read", file=plain(path.name, 100), reason=kind)
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = plain(error.strerror or type(error).__name__)
        raise ImportRefused("import_not_read", file=plain(str(path), 200), reason=reason) from None
    if len(data) > LARGEST:
        raise ImportRefused("import_too_large", mib=str(LARGEST // 1024 // 1024))
    return data
