"""What the agent and systemd send each other: messages, log lines, the credential, and the unit itself."""

import io
import logging
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.agent import service_log
from keyrack.agent.keyring.systemd_credential import NAME, CredentialRefused, keyring_password
from keyrack.agent.systemd import Notifier
from tests.agent.systemd_unit import UNIT, settings


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A service manager that listens at one of the two kinds of address."""
    with tempfile.TemporaryDirectory(prefix="kn") as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as made:
        made.bind(f"{folder}/notify" if request.param == "path" else "")
        made.settimeout(5)
        name = made.getsockname()
        monkeypatch.setenv("NOTIFY_SOCKET", name if isinstance(name, str) else "@" + name[1:].decode())
        yield made


def test_the_service_manager_is_told(manager: socket.socket) -> None:
    notifier = Notifier.take()
    notifier.ready("Ready: 2 accounts.\nMAINPID=1")
    assert manager.recv(4096) == b"READY=1\nSTATUS=Ready: 2 accounts. MAINPID=1"
    notifier.status("Ready: 3 accounts.")
    assert manager.recv(4096) == b"STATUS=Ready: 3 accounts."
    notifier.stopping()
    assert manager.recv(4096) == b"STOPPING=1\nSTATUS=Stopping."


def test_no_child_inherits_the_service_managers_address(manager: socket.socket) -> None:
    Notifier.take()
    assert "NOTIFY_SOCKET" not in os.environ


@pytest.mark.parametrize("address", ["", "/nowhere/notify", "@nobody-listens-here"])
def test_a_service_manager_that_is_not_there_disturbs_nobody(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    Notifier.take().ready("Ready.")


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    """The root logger, left as it was."""
    root = logging.getLogger()
    handlers, level, factory = root.handlers[:], root.level, logging.getLogRecordFactory()
    yield root
    root.handlers[:], root.level = handlers, level
    logging.setLogRecordFactory(factory)
    logging.captureWarnings(capture=False)


@pytest.mark.parametrize("journal", [True, False])
def test_the_journal_gets_the_level_and_a_person_the_time(
    journal: bool, root_logger: logging.Logger, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "stream").open("w+") as stream:
        found = os.fstat(stream.fileno())
        monkeypatch.setenv("JOURNAL_STREAM", f"{found.st_dev}:{found.st_ino if journal else found.st_ino + 1}")
        service_log.set_up(tmp_path, stream)
        logging.getLogger("keyrack.agent").warning("first line\nsecond line")
        logging.getLogger("keyrack.agent").info("an item")
        stream.seek(0)
        lines = stream.read().splitlines()
    if journal:
        assert lines == ["<4>first line", "<4>second line", "<6>an item"]
    else:
        assert [line[24:] for line in lines] == ["WARNING first line", "second line"[24:], "INFO an item"]


@pytest.mark.security("S102")
def test_the_services_log_is_redacted(root_logger: logging.Logger, tmp_path: Path) -> None:
    stream = io.StringIO()
    service_log.set_up(tmp_path, stream)
    logging.getLogger("some.library").warning("Authorization: Bearer canary-of-the-service")
    assert "canary" not in stream.getvalue()
    assert "***" in stream.getvalue()


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the unit's credential is passed."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    return tmp_path / NAME


@pytest.mark.parametrize("given", [b"in vented", b"in vented\n", b"in vented\r\n"])
def test_the_credential_is_one_line(credentials: Path, given: bytes) -> None:
    credentials.write_bytes(given)
    password = keyring_password()
    assert password is not None
    assert password.reveal() == "in vented"
    assert "vented" not in repr(password)


@pytest.mark.parametrize("given", [None, b"", b"\n"])
def test_no_credential_or_an_empty_one_is_none(credentials: Path, given: bytes | None) -> None:
    if given is not None:
        credentials.write_bytes(given)
    assert keyring_password() is None


def test_without_a_service_manager_there_is_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert keyring_password() is None


@pytest.mark.parametrize("given", [b"two\nlines\n", b"nul\0", b"\xffcanary", b"x" * 1025])
def test_a_credential_that_is_no_password_is_refused(credentials: Path, given: bytes) -> None:
    credentials.write_bytes(given)
    with pytest.raises(CredentialRefused) as why:
        keyring_password()
    assert "canary" not in repr([why.value, why.value.__cause__, why.value.__context__, why.value.sentences()])
    assert "was not opened and not changed" in why.value.sentences()


def test_the_units_settings_fit_what_the_agent_does() -> None:
    found = settings()
    assert found["Type"] == ["notify"]
    assert found["NotifyAccess"] == ["main"]
    # The keyring must outlive the agent's last write: only the agent is told to stop.
    assert found["KillMode"] == ["mixed"]
    assert found["Restart"] == ["on-failure"]
    assert set(found["RestartPreventExitStatus"][0].split()) == {"2", "5"}
    assert found["LoadCredential"][0].startswith(f"{NAME}:%E/")
    # An absolute path that is not there would keep the unit from starting; this stands in for it and counts as none.
    assert found["SetCredential"] == [rf"{NAME}:\n"]
    assert found["NoNewPrivileges"] == ["yes"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="not installed: systemd-analyze")
def test_systemd_finds_no_fault_in_the_unit(tmp_path: Path) -> None:
    launcher = tmp_path / ".local/bin/keyrack"
    launcher.parent.mkdir(parents=True)
    launcher.write_text("#!/bin/sh\n")
    launcher.chmod(0o755)
    unit = tmp_path / UNIT.name
    shutil.copy(UNIT, unit)
    runtime = tmp_path / "run"
    runtime.mkdir(0o700)
    env = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime), "PATH": os.environ["PATH"]}
    command = ["systemd-analyze", "--user", "verify", str(unit)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(unit) in line]) == (0, [])
