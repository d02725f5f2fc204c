"""What is in the wheel, and that nothing of this computer is."""

import base64
import configparser
import hashlib
import os
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shipping.checkout_copy import Checkout, checkout
from shipping.python_packages import make_wheel
from tests.checkout import ROOT

BILL = b'{"bomFormat": "CycloneDX"}'
pytestmark = pytest.mark.skipif(os.name == "nt", reason="packages are made on Linux")


@pytest.fixture(scope="module")
def source() -> Checkout:
    """This checkout."""
    return checkout(ROOT)


@pytest.fixture(scope="module")
def made(source: Checkout, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheel and its locked requirements."""
    return make_wheel(source, tmp_path_factory.mktemp("wheel"), BILL)


@pytest.fixture(scope="module")
def names(made: list[Path]) -> set[str]:
    with zipfile.ZipFile(made[0]) as packed:
        return set(packed.namelist())


def test_every_tracked_module_resource_and_provider_is_inside(names: set[str]) -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wanted = {name.removeprefix("desktop/") for name in tracked if name.startswith("desktop/keyrack/")}
    wanted |= {f"keyrack/_{name}" for name in tracked if name.startswith(("resources/icons/", "resources/fonts/"))}
    assert {name for name in wanted if not name.endswith(".md")} <= names


def test_nothing_but_the_program_is_inside(names: set[str]) -> None:
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"keyrack"}
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_menu_icon_manual_and_completions_are_inside(names: set[str]) -> None:
    shared = {name.partition(".data/data/share/")[2] for name in names if ".data/" in name}
    assert shared == {
        "applications/keyrack.desktop",
        "bash-completion/completions/keyrack",
        "fish/vendor_completions.d/keyrack.fish",
        "icons/hicolor/scalable/apps/keyrack.svg",
        "man/man1/keyrack.1",
        "metainfo/app.keyrack.Keyrack.metainfo.xml",
        "zsh/vendor-completions/_keyrack",
    }


def test_both_commands_start_the_program(made: list[Path], source: Checkout) -> None:
    with zipfile.ZipFile(made[0]) as packed:
        text = packed.read(f"keyrack-{source.version}.dist-info/entry_points.txt").decode()
    points = configparser.ConfigParser()
    points.read_string(text)
    assert dict(points["console_scripts"]) == {"keyrack": "keyrack.__main__:main"}
    assert dict(points["gui_scripts"]) == {"keyrack-gui": "keyrack.__main__:main"}


def test_every_file_bears_the_date_of_the_commit_and_the_rights_of_a_clone(made: list[Path], source: Checkout) -> None:
    dated = datetime.fromtimestamp(source.epoch - source.epoch % 2, UTC)  # a zip counts in steps of two seconds
    with zipfile.ZipFile(made[0]) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {dated.timetuple()[:6]}
        assert {entry.external_attr >> 16 & 0o777 for entry in packed.infolist()} <= {0o644, 0o664, 0o755}


def test_the_list_of_parts_is_inside_and_every_file_is_recorded(made: list[Path], source: Checkout) -> None:
    about = f"keyrack-{source.version}.dist-info"
    with zipfile.ZipFile(made[0]) as packed:
        assert packed.read(f"{about}/sboms/keyrack.cdx.json") == BILL
        assert packed.infolist()[-1].filename == f"{about}/RECORD"
        lines = packed.read(f"{about}/RECORD").decode().splitlines()
        recorded = dict(line.rsplit(",", 1)[0].rsplit(",", 1) for line in lines)
        assert set(recorded) == set(packed.namelist())
        for name, digest in recorded.items():
            real = base64.urlsafe_b64encode(hashlib.sha256(packed.read(name)).digest()).rstrip(b"=").decode()
            assert digest in ("", f"sha256={real}"), name


@pytest.mark.security("S109")
def test_the_requirements_beside_it_name_its_hash_and_those_of_the_lock(made: list[Path]) -> None:
    text = made[1].read_text()
    assert text.startswith((ROOT / "packaging/requirements.txt").read_text())
    digest = subprocess.run(["sha256sum", made[0]], capture_output=True, text=True, check=True).stdout.split()[0]
    assert text.endswith(f"./{made[0].name} \\\n    --hash=sha256:{digest}\n")
