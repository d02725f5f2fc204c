"""The Flatpak's manifest follows from the files beside it, and asks for what Keyrack uses."""

import hashlib
import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from shipping.desktops import flatpak
from shipping.shared_files import APPLICATION
from tests.checkout import ROOT


def manifest(folder: Path) -> Path:
    """A folder with one wheel and its manifest."""
    (folder / "tiny-1.0-py3-none-any.whl").write_bytes(b"a wheel")
    written = folder / f"{APPLICATION}.json"
    written.write_text(json.dumps(flatpak.described(folder)))
    return written


@pytest.mark.security("S109")
def test_every_file_is_a_source_with_its_hash_and_the_build_has_no_network(tmp_path: Path) -> None:
    told = json.loads(manifest(tmp_path).read_text())
    (module,) = told["modules"]
    digest = hashlib.sha256(b"a wheel").hexdigest()
    assert module["sources"] == [{"type": "file", "path": "tiny-1.0-py3-none-any.whl", "sha256": digest}]
    assert module["build-options"]["build-args"] == ["--unshare=network"]
    assert "--require-hashes" in module["build-commands"][0]


def test_it_starts_the_command_of_the_program_under_the_name_of_its_metadata(tmp_path: Path) -> None:
    told = json.loads(manifest(tmp_path).read_text())
    assert told["id"] == APPLICATION
    assert told["command"] in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert (ROOT / "packaging" / told["rename-desktop-file"]).is_file()
    assert (ROOT / f"resources/icons/{told['rename-icon']}.svg").is_file()


def test_it_asks_for_what_the_program_uses_and_for_no_files_of_the_person() -> None:
    names = " ".join(flatpak.ALLOWED)
    for name in ("org.freedesktop.secrets", "StatusNotifierWatcher", "--share=network", "xdg-run/keyrack", "login1"):
        assert name in names
    for name in ("filesystem=home", "filesystem=host", "socket=session-bus", "devel", "device=all"):
        assert name not in names
    assert all(flatpak.ALLOWED.values()), "each with its reason"


def test_flatpak_builder_reads_it(tmp_path: Path) -> None:
    if shutil.which("flatpak-builder") is None:
        pytest.skip("flatpak-builder is not installed")
    command = ["flatpak-builder", "--show-manifest", str(manifest(tmp_path))]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["command"] == "keyrack"
