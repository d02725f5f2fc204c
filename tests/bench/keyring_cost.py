"""Measures a save and a load through the vault beside bare SecretStorage on a kept connection, in turn."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import secretstorage

from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.bench.table import Row
from tests.keyring_session import KeyringSession, missing_programs

ROUNDS = 200
MOST = 1.6
_RECORD = Record(generation=1, client_secret=Secret("invented"), refresh=Secret("invented" * 20), signed_in=True)


class BareItem:
    """One item, written and read by SecretStorage alone."""

    def __init__(self) -> None:
        self._connection = secretstorage.dbus_init()
        session = secretstorage.util.open_session(self._connection)
        self._collection = secretstorage.Collection(self._connection, session=session)

    def set_and_get(self, text: bytes) -> None:
        """Replace it and read it back."""
        attributes = {"application": "bench", "username": "floor"}
        self._collection.create_item("floor", attributes, text, replace=True)
        (found,) = self._collection.search_items(attributes)
        assert found.get_secret() == text

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


async def taken() -> tuple[float, float]:
    """The medians in milliseconds of the vault's save, which reads back, and of the bare item's set and get."""
    vault, bare = KeyringVault("Keyrack"), BareItem()
    ours, floors = [], []
    for generation in range(ROUNDS):
        record = replace(_RECORD, generation=generation)
        began = time.perf_counter()
        bare.set_and_get(record.encode().reveal().encode())
        between = time.perf_counter()
        await vault.save("bench", record)
        ours.append(time.perf_counter() - between)
        floors.append(between - began)
    await vault.close()
    bare.close()
    return median(ours) * 1000, median(floors) * 1000


def measured(home: Path) -> Iterator[Row]:
    """A save of a record beside its floor. Nothing where the keyring is not installed."""
    if missing_programs():
        return
    session = KeyringSession(home)
    os.environ.update(session.env)  # this process, the last part of the benchmark, uses that keyring
    try:
        session.start()
        ours, floor = asyncio.run(taken())
    finally:
        session.stop()
    yield Row("a record saved and read back", ours, "SecretStorage", floor, MOST)
