"""A save whose first part was done beside the renewal's request: as safe as any, and done with fewer calls."""

import re
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile

import pytest

from keyrack.core.vault import vault_errors
from keyrack.core.vault.keyring_thread import KeyringThread
from keyrack.core.vault.keyring_vault import KeyringVault
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from tests.keyring_session import KeyringSession, missing_programs

MISSING = missing_programs()
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

RECORD = Record(generation=4, client_secret=Secret("cs-invented"), refresh=Secret("rt-invented"), signed_in=True)
NEXT = replace(RECORD, generation=5, refresh=Secret("rt-invented-next"))
LONG = replace(RECORD, generation=5, refresh=Secret("rt-invented-" + "ü∂" * 3_000))
PATIENT_SECONDS = 60.0
LAST = "the-last-search"


@pytest.fixture
async def vault(session: KeyringSession) -> AsyncIterator[KeyringVault]:
    """A vault on that keyring, with one record."""
    vault = KeyringVault("Keyrack", thread=KeyringThread(unattended=PATIENT_SECONDS))
    await vault.save("a1", RECORD)
    yield vault
    session.stop()
    await vault.close()


async def prepared(vault: KeyringVault) -> None:
    """Prepare a save of the record, and return when the thread has done it."""
    vault.prepare_save("a1")
    with pytest.raises(vault_errors.Missing):
        await vault.load("nobody")


@contextmanager
def calls(session: KeyringSession) -> Iterator[Callable[[], list[str]]]:
    """Watch the keyring. The function that it yields returns what was called up to a search for `LAST`."""
    rule = "type='method_call',path_namespace='/org/freedesktop/secrets'"
    with subprocess.Popen(
        ["dbus-monitor", "--session", rule], env=session.env, stdout=subprocess.PIPE, text=True
    ) as monitor:
        lines = monitor.stdout
        assert lines is not None
        lines.readline()  # the first line comes when it watches

        def heard() -> list[str]:
            until_last = list(takewhile(lambda line: LAST not in line, lines))
            return re.findall(r"^method call .* member=(\w+)", "".join(until_last), re.MULTILINE)

        try:
            yield heard
        finally:
            monitor.kill()


async def in_a_later_process() -> Record:
    """The record as another start finds it."""
    later = KeyringVault("Keyrack", thread=KeyringThread(unattended=PATIENT_SECONDS))
    try:
        return await later.load("a1")
    finally:
        await later.close()


@pytest.mark.security("S58", "S63")
@pytest.mark.parametrize("records", [(NEXT,), (LONG,), (LONG, NEXT, LONG)], ids=["short", "long", "in turn"])
async def test_it_is_stored_and_nothing_old_is_left(
    vault: KeyringVault, session: KeyringSession, records: tuple[Record, ...]
) -> None:
    for record in records:
        await prepared(vault)
        await vault.save("a1", record)
        assert await in_a_later_process() == record
    await vault.delete("a1")
    assert "username = a1" not in session.search(service="Keyrack")


@pytest.mark.security("S58")
async def test_only_the_write_and_the_reading_back_are_left_to_do(vault: KeyringVault, session: KeyringSession) -> None:
    await prepared(vault)
    with calls(session) as heard:
        await vault.save("a1", NEXT)
        session.search(service=LAST)
        called = heard()
    assert called[:3] == ["CreateItem", "SearchItems", "GetSecret"]
    assert "CreateItem" not in called[3:]
    assert "GetSecret" not in called[3:]


@pytest.mark.security("S60")
async def test_a_keyring_that_was_locked_meanwhile_refuses_without_a_question(
    vault: KeyringVault, session: KeyringSession
) -> None:
    await prepared(vault)
    session.lock()
    with pytest.raises(vault_errors.Locked):
        await vault.save("a1", NEXT)


async def test_a_keyring_that_was_replaced_meanwhile_gets_it_over_a_new_session(
    vault: KeyringVault, session: KeyringSession
) -> None:
    await prepared(vault)
    session.kill_daemon()
    session.start_daemon()
    await vault.save("a1", NEXT)
    assert await in_a_later_process() == NEXT


async def test_a_bus_that_went_meanwhile_is_met_anew(vault: KeyringVault, session: KeyringSession) -> None:
    await prepared(vault)
    session.stop()
    session.start()
    await vault.save("a1", NEXT)
    assert await in_a_later_process() == NEXT


async def test_what_cannot_be_prepared_is_reported_by_the_save(vault: KeyringVault, session: KeyringSession) -> None:
    session.lock()
    vault.prepare_save("a1")
    with pytest.raises(vault_errors.Locked):
        await vault.save("a1", NEXT)


@pytest.mark.security("S68")
async def test_an_item_of_a_newer_keyrack_is_left_as_it_is(vault: KeyringVault, session: KeyringSession) -> None:
    session.store(b'{"schema":2}', service="Keyrack", username="a1", application="Python keyring library")
    await prepared(vault)
    with pytest.raises(vault_errors.NewerSchema):
        await vault.save("a1", NEXT)
