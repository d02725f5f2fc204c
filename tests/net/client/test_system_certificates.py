"""Where the system's store gives no certificate, the store that comes with Keyrack is used."""

import os
import subprocess
import sys
from pathlib import Path

import certifi
import pytest

from tests.net.tls_server import Authority

_PROGRAM = """import json, pathlib, ssl, certifi
from keyrack.net.client import tls
own = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
own.load_verify_locations(cafile=certifi.where())
print(tls.context().cert_store_stats()['x509'], own.cert_store_stats()['x509'])"""


def _loaded(file: Path, folder: str) -> tuple[int, int]:
    """How many certificates a context has where the system's are these, and how many certifi has."""
    system = {"SSL_CERT_FILE": str(file), "SSL_CERT_DIR": folder}
    shown = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path), **system},
    )
    loaded, own = map(int, shown.stdout.split())
    return loaded, own


@pytest.mark.parametrize("holds", [None, [], ["ca-bundle.crt"]], ids=["no folder", "empty", "only a bundle"])
def test_without_any_certificate_of_the_system_ours_are_used(holds: list[str] | None, tmp_path: Path) -> None:
    folder = tmp_path / "certs"
    if holds is not None:
        folder.mkdir()
        for name in holds:
            (folder / name).write_bytes(Path(certifi.where()).read_bytes())

    loaded, own = _loaded(tmp_path / "nonexistent.pem", str(folder))

    assert loaded == own > 0


def test_the_systems_file_is_enough(authority: Authority, tmp_path: Path) -> None:
    assert _loaded(authority.file, str(tmp_path / "nonexistent"))[0] == 1


def test_a_folder_with_hashed_names_is_enough(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "0a1b2c3d.0").write_bytes(authority.file.read_bytes())

    folders = os.pathsep.join((str(tmp_path / "nonexistent"), str(tmp_path)))

    assert _loaded(tmp_path / "nonexistent.pem", folders)[0] == 0
