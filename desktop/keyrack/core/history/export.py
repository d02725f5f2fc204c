"""Writes the whole history as a CSV file where the person wants it."""

import asyncio
import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from keyrack.core.accounts.account import Account
from keyrack.core.history.history import History
from keyrack.core.history.history_csv import HEAD
from keyrack.core.history.history_failures import NotExported
from keyrack.core.system.private_file import open_private


async def export(history: History, accounts: Iterable[Account], path: Path) -> None:
    """Write all lines of these accounts. An older file is replaced as a whole, or not at all.

    The rights of the folder stay the person's own. Raises HistoryFailure, and then has written nothing.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)  # left by a process that was ended
        with os.fdopen(open_private(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
            file.write(HEAD.encode())
            for account in accounts:
                after: int | None = -1
                while after is not None:
                    lines, after = await history.csv(account, after)
                    await asyncio.to_thread(file.write, lines.encode())
        fresh.replace(path)
    except OSError as error:
        raise NotExported(path, error.strerror or type(error).__name__) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
