"""The vault in memory and on a real gnome-keyring: one contract, and every failure of the keyring."""

import asyncio
import os
import shutil
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.vault import keyring_vault as vaults
from keyrack.core.vault import vault_errors
from keyrack.core.vault.keyring_thread import UNATTENDED_SECONDS, KeyringThread
from keyrack.core.vault.keyring_vault import KeyringVault, open_vault
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault import Vault
from keyrack.primitives.secret import Secret
from tests.checkout import FROM_SOURCE
from tests.keyring_session import PASSWORD, KeyringSession, missing_programs
from tests.until import wait_for
from tests.x_server import x_server

MISSING = missing_programs()
needs_keyring = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {MISSING}")

RECORD = Record(generation=4, client_secret=Secret("cs-invented"), refresh=Secret("rt-invented"), signed_in=True)
LONG = replace(RECORD, generation=5, refresh=Secret("rt-invented-" + "ü∂" * 3_000))
SERVICE = "Keyrack"
# A busy computer delays a call by seconds. Tests about the deadline set a shorter one.
PATIENT_SECONDS = 60.0


class VaultContract:
    """The behaviour of every vault."""

    @pytest.fixture
    def vault(self) -> object:
        raise NotImplementedError

    @pytest.mark.parametrize("record", [RECORD, LONG], ids=["short", "long"])
    @pytest.mark.security("S58", "S63")
    async def test_what_was_saved_comes_back(self, vault: Vault, record: Record) -> None:
        await vault.save("a1", record)
        assert await vault.load("a1") == record

    @pytest.mark.security("S62")
    async def test_the_newest_generation_replaces_the_old_one(self, vault: Vault) -> None:
        for record in (RECORD, LONG, replace(RECORD, generation=6)):
            await vault.save("a1", record)
            assert await vault.load("a1") == record

    async def test_accounts_do_not_touch_each_other(self, vault: Vault) -> None:
        await vault.save("a1", RECORD)
        await vault.save("a2", LONG)
        await vault.delete("a1")
        assert await vault.load("a2") == LONG

    @pytest.mark.security("S60", "S61")
    async def test_an_account_without_an_item_is_missing(self, vault: Vault) -> None:
        with pytest.raises(vault_errors.Missing):
            await vault.load("nobody")
        with pytest.raises(vault_errors.Missing):
            await vault.load("nobody")

    async def test_deleting_removes_everything_and_twice_is_fine(self, vault: Vault) -> None:
        await vault.save("a1", LONG)
        await vault.delete("a1")
        await vault.delete("a1")
        with pytest.raises(vault_errors.Missing):
            await vault.load("a1")

    async def test_many_calls_at_once(self, vault: Vault) -> None:
        await asyncio.gather(*(vault.save(f"m{n}", replace(RECORD, generation=n)) for n in range(10)))
        found = await asyncio.gather(*(vault.load(f"m{n}") for n in range(10)))
        assert [record.generation for record in found] == list(range(10))

    @pytest.mark.parametrize("account", ["", "a/b", "..", "a\n", "ä", "x" * 65])
    async def test_an_id_that_could_name_something_else_is_refused(self, vault: Vault, account: str) -> None:
        with pytest.raises(ValueError, match="account id"):
            await vault.save(account, RECORD)


class TestMemory(VaultContract):
    @pytest.fixture
    async def vault(self) -> AsyncIterator[Vault]:
        vault = MemoryVault()
        yield vault
        await vault.close()

    @pytest.mark.security("S57", "S104")
    async def test_it_says_that_it_keeps_nothing_and_shows_nothing(self, vault: Vault) -> None:
        await vault.save("a1", RECORD)
        assert not vault.persistent
        assert "invented" not in repr(vault)
        await vault.close()
        with pytest.raises(vault_errors.Missing):
            await vault.load("a1")


@pytest.fixture
def thread() -> KeyringThread:
    """The thread of `keyring_vault`. A test may shorten its deadline."""
    return KeyringThread(unattended=PATIENT_SECONDS)


@pytest.fixture
async def keyring_vault(session: KeyringSession, thread: KeyringThread) -> AsyncIterator[KeyringVault]:
    """A vault on that keyring."""
    vault = KeyringVault(SERVICE, thread=thread)
    yield vault
    session.stop()  # lets a stuck call come back
    await vault.close()


@needs_keyring
class TestKeyring(VaultContract):
    @pytest.fixture
    async def vault(self, keyring_vault: KeyringVault) -> Vault:
        await keyring_vault.open()
        return keyring_vault

    @pytest.mark.security("S62", "S64")
    async def test_one_item_whose_attributes_and_label_tell_only_id_and_app(
        self, vault: Vault, session: KeyringSession
    ) -> None:
        await vault.save("a1", RECORD)
        shown = session.search(service=SERVICE)
        assert shown.count("secret = ") == 1
        assert '"refresh":"rt-invented"' in shown
        told = sorted(line for line in shown.splitlines() if line.startswith(("attribute", "label")))
        assert told == [
            "attribute.application = Python keyring library",
            "attribute.service = Keyrack",
            "attribute.username = a1",
            "label = Password for 'a1' on 'Keyrack'",
        ]

    @pytest.mark.security("S66")
    async def test_no_file_of_the_home_holds_the_secret(self, vault: Vault, session: KeyringSession) -> None:
        await vault.save("a1", RECORD)
        files = [path for path in session.home.rglob("*") if path.is_file()]
        assert any(path.suffix == ".keyring" for path in files)
        assert not [path for path in files if b"invented" in path.read_bytes()]

    async def test_two_services_are_kept_apart(self, vault: Vault) -> None:
        other = KeyringVault("Keyrack Sandbox", thread=KeyringThread(unattended=PATIENT_SECONDS))
        await vault.save("a1", RECORD)
        with pytest.raises(vault_errors.Missing):
            await other.load("a1")
        await other.close()

    async def test_it_names_the_program_behind_it(self, vault: Vault) -> None:
        assert vault.name == "Secret Service (GNOME keyring)"
        assert vault.persistent

    async def test_all_calls_go_over_one_connection(self, vault: Vault, session: KeyringSession) -> None:
        await vault.save("a1", RECORD)
        before = session.connections()
        for _ in range(3):
            await vault.save("a1", LONG)
            assert await vault.load("a1") == LONG
            assert session.connections() == before
        await vault.delete("a1")
        assert session.connections() == before

    async def test_after_its_restart_the_keyring_gets_a_new_session_and_the_connection_stays(
        self, vault: Vault, session: KeyringSession
    ) -> None:
        await vault.save("a1", RECORD)
        for _ in range(3):
            session.kill_daemon()
            session.start_daemon()
            assert await vault.load("a1") == RECORD
            await vault.save("a1", RECORD)
        session.kill_daemon()
        session.start_daemon()
        await vault.delete("a1")
        with pytest.raises(vault_errors.Missing):
            await vault.load("a1")

    @pytest.mark.security("S58")
    async def test_a_write_over_a_bus_that_went_and_came_back_is_stored(
        self, vault: Vault, session: KeyringSession
    ) -> None:
        await vault.save("a1", RECORD)
        session.stop()
        session.start()
        await vault.save("a1", LONG)
        assert await vault.load("a1") == LONG

    async def test_all_whole_records_are_read_together(self, vault: Vault, session: KeyringSession) -> None:
        stored = {f"m{n}": replace(RECORD, generation=n) for n in range(8)} | {"m8": LONG}
        for name, record in stored.items():
            await vault.save(name, record)
        session.store(b"garbage", service=SERVICE, username="damaged", application="Python keyring library")
        assert await vault.load_together([*stored, "damaged", "nobody"]) == stored

    async def test_records_of_more_than_one_batch_are_read_together(self, vault: Vault) -> None:
        stored = {f"m{n}": replace(RECORD, generation=n) for n in range(130)}
        for name, record in stored.items():
            await vault.save(name, record)
        assert await vault.load_together(stored) == stored

    async def test_what_is_discarded_is_gone_once_the_keyring_answers_again(
        self, vault: Vault, thread: KeyringThread, session: KeyringSession
    ) -> None:
        await vault.save("a1", LONG)
        session.freeze()
        thread.unattended = 0.2
        with pytest.raises(vault_errors.Stuck):
            await vault.discard("a1")
        thread.unattended = PATIENT_SECONDS
        session.thaw()
        with pytest.raises(vault_errors.Missing):
            await vault.load("a1")
        assert "username = a1" not in session.search(service=SERVICE)

    async def test_a_restart_finds_the_records(self, vault: Vault, session: KeyringSession) -> None:
        await vault.save("a1", LONG)
        session.kill_daemon()
        session.start_daemon()
        again = KeyringVault(SERVICE, thread=KeyringThread(unattended=PATIENT_SECONDS))
        assert await again.load("a1") == LONG
        await again.close()


def mounted(folder: Path) -> bool:
    """Whether a disk of four blocks could be mounted."""
    command = ["mount", "-t", "tmpfs", "-o", "size=16k,mode=700", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@needs_keyring
class TestTrouble:
    @pytest.mark.security("S60", "S61")
    async def test_locked_is_told_at_once_and_nobody_is_asked(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.lock()
        began = time.monotonic()
        for call in (keyring_vault.load("a1"), keyring_vault.save("a1", LONG), keyring_vault.delete("a1")):
            with pytest.raises(vault_errors.Locked):
                await call
        assert time.monotonic() - began < 1.5
        session.kill_daemon()
        session.start_daemon()
        assert await keyring_vault.load("a1") == RECORD

    @pytest.mark.security("S60")
    async def test_a_question_nobody_can_show_is_dismissed(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.lock()
        with pytest.raises(vault_errors.Dismissed):
            await keyring_vault.load("a1", prompt=True)
        with pytest.raises(vault_errors.Locked):
            await keyring_vault.load("a1")

    @pytest.mark.security("S59")
    async def test_a_frozen_keyring_is_stuck_within_the_deadline_and_recovers(
        self, keyring_vault: KeyringVault, thread: KeyringThread, session: KeyringSession
    ) -> None:
        vault = keyring_vault
        await vault.save("a1", RECORD)
        thread.unattended = UNATTENDED_SECONDS
        session.freeze()
        began = time.monotonic()
        late = replace(RECORD, generation=99)
        results = await asyncio.gather(
            vault.save("a1", late), vault.load("a1"), vault.save("a1", LONG), return_exceptions=True
        )
        assert [type(result) for result in results] == [vault_errors.Stuck] * 3
        assert 4.5 < time.monotonic() - began < 6
        thread.unattended = PATIENT_SECONDS
        session.thaw()
        assert await vault.load("a1") == RECORD, "the write that was given up must not land"
        await vault.save("a1", LONG)
        assert await vault.load("a1") == LONG

    @pytest.mark.security("S59")
    async def test_a_write_frozen_in_the_middle_lands_before_any_newer_one(
        self, keyring_vault: KeyringVault, thread: KeyringThread, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.freeze()
        thread.unattended = 1.0
        with pytest.raises(vault_errors.Stuck):
            await keyring_vault.save("a1", replace(RECORD, generation=5))
        thread.unattended = PATIENT_SECONDS
        session.thaw()
        await keyring_vault.save("a1", replace(RECORD, generation=6))
        assert (await keyring_vault.load("a1")).generation == 6
        await asyncio.sleep(0.1)
        assert (await keyring_vault.load("a1")).generation == 6

    @pytest.mark.security("S60")
    async def test_a_killed_keyring_that_nothing_starts_again_is_no_service(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.kill_daemon()
        with pytest.raises(vault_errors.NoService):
            await keyring_vault.load("a1")
        session.start_daemon()
        assert await keyring_vault.load("a1") == RECORD

    @pytest.mark.security("S60")
    async def test_killed_while_it_was_asked_the_connection_is_lost(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.freeze()
        with session.monitored() as wait_for_call:
            load = asyncio.create_task(keyring_vault.load("a1"))
            await asyncio.to_thread(wait_for_call)
            session.kill_daemon()
            with pytest.raises(vault_errors.BusLost):
                await load
        session.start_daemon()
        assert await keyring_vault.load("a1") == RECORD

    @pytest.mark.security("S60")
    async def test_a_bus_that_vanished_is_lost_and_comes_back(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.stop()
        with pytest.raises(vault_errors.BusLost):
            await keyring_vault.load("a1")
        session.start()
        assert await keyring_vault.load("a1") == RECORD

    @pytest.mark.security("S57", "S60")
    @pytest.mark.parametrize("address", [None, "unix:path=/nonexistent/bus", "nonsense"])
    async def test_without_a_bus_there_is_no_vault_and_no_other_store(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str | None
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        if address is None:
            monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
        else:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        with pytest.raises(vault_errors.NoService) as told:
            await open_vault(SERVICE)
        assert "this session only" in told.value.todo
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.security("S61")
    async def test_an_item_deleted_by_another_program_is_missing_and_stays_so(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        await keyring_vault.save("a2", LONG)
        session.clear(service=SERVICE, username="a1")
        for _ in range(2):
            with pytest.raises(vault_errors.Missing):
                await keyring_vault.load("a1")
        assert "username = a1\n" not in session.search(service=SERVICE)
        assert await keyring_vault.load("a2") == LONG

    @pytest.mark.security("S60", "S61")
    @pytest.mark.parametrize(
        "garbage",
        [b"garbage", b'{"schema":1,"generation":3,"refr', b"\xff\xfe\x00", b"[" * 100_000, b'{"schema":1}'],
        ids=["garbage", "truncated", "not UTF-8", "deep", "wrong shape"],
    )
    async def test_an_item_edited_by_another_program_is_corrupt_and_the_next_sign_in_heals_it(
        self, keyring_vault: KeyringVault, session: KeyringSession, garbage: bytes
    ) -> None:
        await keyring_vault.save("a2", RECORD)
        session.store(garbage, service=SERVICE, username="a1", application="Python keyring library")
        with pytest.raises(vault_errors.Corrupt):
            await keyring_vault.load("a1")
        assert session.search(service=SERVICE, username="a1").count("secret = ") == 1
        assert await keyring_vault.load("a2") == RECORD
        await keyring_vault.save("a1", RECORD)
        assert await keyring_vault.load("a1") == RECORD

    @pytest.mark.security("S68")
    async def test_an_item_of_a_newer_version_is_left_alone(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        newer = b'{"schema":2,"x":1}'
        session.store(newer, service=SERVICE, username="a1", application="Python keyring library")
        for call in (keyring_vault.load("a1"), keyring_vault.save("a1", RECORD), keyring_vault.delete("a1")):
            with pytest.raises(vault_errors.NewerSchema):
                await call
        assert newer.decode() in session.search(service=SERVICE, username="a1")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
    @pytest.mark.security("S58", "S60")
    async def test_a_keyring_on_a_full_disk_refuses_and_recovers(
        self, keyring_vault: KeyringVault, session: KeyringSession
    ) -> None:
        await keyring_vault.save("a1", RECORD)
        session.kill_daemon()
        folder = session.home / ".local/share/keyrings"
        kept = {path.name: path.read_bytes() for path in folder.iterdir()}
        if not mounted(folder):
            pytest.skip("mounting is not allowed here")
        try:
            for name, data in kept.items():
                (folder / name).write_bytes(data)
            session.start_daemon()
            (folder / "filler").write_bytes(b"x" * (16_384 - 4_096 * (1 + len(kept))))
            with pytest.raises(vault_errors.VaultFailure) as told:
                await keyring_vault.save("a1", LONG)
            assert type(told.value) in (vault_errors.Denied, vault_errors.Corrupt)
            (folder / "filler").unlink()
            await keyring_vault.save("a1", replace(RECORD, generation=9))
            assert (await keyring_vault.load("a1")).generation == 9
        finally:
            session.kill_daemon()
            session.run(["umount", str(folder)])


@pytest.fixture
def display() -> Iterator[str]:
    """An X server for this test alone."""
    programs = [name for name in ("Xvfb", "xdotool", "/usr/libexec/gcr-prompter") if shutil.which(name) is None]
    if programs:
        pytest.skip(f"not installed: {', '.join(programs)}")
    with x_server("800x600x24") as name:
        yield name


@needs_keyring
class TestAsking:
    """The keyring's own question on a real screen (R8), and a keyring that the bus starts again, locked (R6)."""

    @pytest.fixture
    def session(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, display: str) -> Iterator[KeyringSession]:
        session = KeyringSession(tmp_path, activatable=True, display=display)
        for name, value in session.env.items():
            monkeypatch.setenv(name, value)
        try:
            yield session.start()
        finally:
            session.stop()

    def windows(self, session: KeyringSession) -> list[str]:
        command = ["xdotool", "search", "--onlyvisible", "--name", "."]
        found = subprocess.run(command, env=session.env, capture_output=True, text=True, timeout=20, check=False)
        return found.stdout.split()

    async def answer(self, session: KeyringSession, *keys: str) -> None:
        """Wait for the one question and answer it with the keyboard."""
        await asyncio.to_thread(wait_for, lambda: self.windows(session), "the keyring's question", PATIENT_SECONDS)
        (window,) = self.windows(session)
        # Without a window manager no other program gives the question the keyboard.
        for command in (["windowfocus", "--sync", window], list(keys)):
            await asyncio.to_thread(session.run, ["xdotool", *command])

    @pytest.mark.security("S60")
    async def test_only_a_press_asks_once_and_the_answer_decides(
        self, keyring_vault: KeyringVault, thread: KeyringThread, session: KeyringSession
    ) -> None:
        vault = keyring_vault
        await vault.save("a1", RECORD)
        session.kill_daemon()
        for _ in range(3):
            with pytest.raises(vault_errors.Locked):  # the bus has started it again, locked
                await vault.load("a1")
        assert session.owner() > 0
        assert self.windows(session) == []

        presses = [asyncio.create_task(vault.load("a1", prompt=True)) for _ in range(3)]
        await asyncio.to_thread(wait_for, lambda: self.windows(session), "the keyring's question", PATIENT_SECONDS)
        thread.unattended = 1.0
        with pytest.raises(vault_errors.Locked):
            await vault.load("a1")  # its deadline ends while the question is open, without a second one
        thread.unattended = PATIENT_SECONDS
        await self.answer(session, "key", "Escape")
        async with asyncio.timeout(PATIENT_SECONDS):
            results = await asyncio.gather(*presses, return_exceptions=True)
        assert [type(result) for result in results] == [vault_errors.Dismissed] * 3
        with pytest.raises(vault_errors.Locked):
            await vault.load("a1")
        await asyncio.to_thread(wait_for, lambda: not self.windows(session), "the question to close")

        press = asyncio.create_task(vault.load("a1", prompt=True))
        await self.answer(session, "type", "--delay", "30", PASSWORD)
        await self.answer(session, "key", "Return")
        await asyncio.wait([press], timeout=PATIENT_SECONDS)
        assert press.done(), "the right password ends the question"
        assert await press == RECORD
        assert await vault.load("a1") == RECORD


PLANTED = """
    import keyring.backend
    import pathlib

    class Keyring(keyring.backend.KeyringBackend):
        priority = 99
        def get_password(self, service, username):
            return None
        def set_password(self, service, username, password):
            pathlib.Path("STOLEN").write_text(password)
"""

PROBE = """
    import asyncio, os, sys
    from keyrack.core.vault.record import Record
    from keyrack.core.vault.keyring_vault import open_vault
    from keyrack.primitives.secret import Secret

    async def main():
        vault = await open_vault("Keyrack")
        await vault.save("a1", Record(generation=1, refresh=Secret("rt-invented")))
        await vault.load("a1")
        await vault.close()

    assert "keyring" not in sys.modules, "keyring is loaded on first use"
    asyncio.run(main())
    import keyring
    print(type(keyring.get_keyring()).__module__)
    bad = {"planted", "keyring.backends.null", "keyring.backends.chainer", "keyrings.alt"}
    print(sorted(bad & set(sys.modules)))
"""


@needs_keyring
@pytest.mark.security("S56")
@pytest.mark.parametrize("way", ["environment", "keyringrc", "null", "properties"])
def test_neither_environment_nor_keyringrc_chooses_the_backend(session: KeyringSession, way: str) -> None:
    planted = session.home / "planted"
    planted.mkdir()
    stolen = session.home / "stolen"
    (planted / "planted.py").write_text(textwrap.dedent(PLANTED).replace("STOLEN", str(stolen)))
    env = {**session.env, **FROM_SOURCE}
    if way == "environment":
        env |= {"PYTHON_KEYRING_BACKEND": "planted.Keyring", "PYTHONPATH": f"{env['PYTHONPATH']}:{planted}"}
    elif way == "null":
        env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    elif way == "properties":
        env["KEYRING_PROPERTY_PREFERRED_COLLECTION"] = "/org/freedesktop/secrets/collection/session"
        env["KEYRING_PROPERTY_SCHEME"] = "KeePassXC"
        env["KEYRING_PROPERTY_APPID"] = "planted"
    for folder in (".config/python_keyring", ".local/share/python_keyring"):
        (session.home / folder).mkdir(parents=True, exist_ok=True)
        if way == "keyringrc":
            text = f"[backend]\ndefault-keyring=planted.Keyring\nkeyring-path={planted}\n"
            (session.home / folder / "keyringrc.cfg").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROBE)], env=env, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.stdout.splitlines() == ["keyring.backends.SecretService", "[]"], done.stderr
    assert not stolen.exists()
    session.kill_daemon()  # what only the memory of the daemon held is gone now
    session.start_daemon()
    shown = session.search(service=SERVICE, username="a1")
    assert "rt-invented" in shown
    assert "application = Python keyring library" in shown


@pytest.mark.security("S56")
def test_only_the_systems_own_keyrings_are_allowed() -> None:
    allowed = {module for backends in vaults.ALLOWED_BACKENDS.values() for module, _, _ in backends}
    assert allowed == {
        f"keyring.backends.{name}" for name in ("SecretService", "kwallet", "libsecret", "Windows", "macOS")
    }


@needs_keyring
@pytest.mark.security("S59")
def test_the_process_ends_although_the_keyring_is_frozen(session: KeyringSession) -> None:
    probe = """
        import asyncio
        from keyrack.core.vault.keyring_vault import KeyringVault
        from keyrack.core.vault.vault_errors import Stuck
        from keyrack.core.vault.keyring_thread import UNATTENDED_SECONDS, KeyringThread

        async def main():
            vault = KeyringVault("Keyrack", thread=KeyringThread(unattended=0.2))
            try:
                await vault.load("a1")
            except Stuck:
                print("stuck")
            await vault.close()
        asyncio.run(main())
    """
    session.freeze()
    env = {**session.env, **FROM_SOURCE}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(probe)], env=env, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.stdout == "stuck\n", done.stderr
    assert done.returncode == 0


@needs_keyring
def test_killed_during_a_write_the_record_is_the_old_or_the_new_one(session: KeyringSession) -> None:
    """A process that saves growing generations of two lengths is killed again and again (R5)."""
    writer = """
        import asyncio, itertools, sys
        from keyrack.core.vault.keyring_thread import KeyringThread
        from keyrack.core.vault.record import Record
        from keyrack.core.vault.keyring_vault import KeyringVault
        from keyrack.primitives.secret import Secret

        async def main():
            vault = KeyringVault("Keyrack", thread=KeyringThread(unattended=60.0))
            for n in itertools.count(int(sys.argv[1])):
                text = f"rt-invented-{n}-" + "x" * (3000 if n % 2 else 10)
                await vault.save("a1", Record(generation=n, refresh=Secret(text)))
                print(n, flush=True)
        asyncio.run(main())
    """
    env = {**session.env, **FROM_SOURCE}
    last = 0

    async def stored() -> Record:
        vault = KeyringVault(SERVICE, thread=KeyringThread(unattended=PATIENT_SECONDS))
        try:
            return await vault.load("a1")
        finally:
            await vault.close()

    for round_ in range(6):
        command = [sys.executable, "-c", textwrap.dedent(writer), str(last + 1)]
        process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(2):
            last = int(process.stdout.readline())
        time.sleep(0.013 * round_)  # each round ends at another step of a write
        process.kill()
        rest = process.stdout.read().split()
        process.wait()
        process.stdout.close()
        last = int(rest[-1]) if rest else last
        found = asyncio.run(stored())
        assert found.generation in (last, last + 1)
        assert found.refresh is not None
        assert found.refresh.reveal().startswith(f"rt-invented-{found.generation}-")
        last = found.generation


def test_the_session_of_the_tests_is_not_the_machines_own(tmp_path: Path) -> None:
    env = KeyringSession(tmp_path).env
    assert str(tmp_path) in env["DBUS_SESSION_BUS_ADDRESS"]
    assert str(tmp_path) in env["HOME"]
    assert env["DBUS_SESSION_BUS_ADDRESS"] != os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    assert "DISPLAY" not in env
    wait_for(lambda: True, "nothing")
