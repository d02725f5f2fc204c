"""One command sets the version everywhere, or changes nothing and says what is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from release import MANUAL, NOTES, PAGE, PLACES, Incomplete, current, release
from tests.checkout import ROOT


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The places of the version, copied, with something to release."""
    for name in (*PLACES, MANUAL, PAGE):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    notes = tmp_path / NOTES
    notes.write_text(notes.read_text().replace("## [Unreleased]\n", "## [Unreleased]\n\n### Added\n\n- A thing.\n", 1))
    return tmp_path


def texts(root: Path) -> dict[str, str]:
    return {name: (root / name).read_text() for name in (*PLACES, MANUAL, PAGE)}


def test_every_place_of_this_checkout_names_the_same_version() -> None:
    assert current(ROOT).count(".") == 2


def test_a_release_is_everywhere(copied: Path) -> None:
    before = current(copied)
    release(copied, "7.0.1", "2030-01-02")
    assert current(copied) == "7.0.1"
    assert (
        '<release version="7.0.1" date="2030-01-02"/>\n    <release version="' + before
        in texts(copied)["packaging/app.keyrack.Keyrack.metainfo.xml"]
    )
    assert "## [Unreleased]\n\n## [7.0.1] - 2030-01-02\n\n### Added\n\n- A thing.\n" in texts(copied)[NOTES]
    assert '_DATE = "2030-01-02"' in texts(copied)[MANUAL]
    assert "./keyrack_7.0.1_python3.11_amd64.deb" in texts(copied)[PAGE]
    assert f"keyrack-{before}" not in texts(copied)[PAGE]


def test_the_next_one_needs_notes_of_its_own(copied: Path) -> None:
    release(copied, "7.0.1", "2030-01-02")
    written = texts(copied)
    with pytest.raises(Incomplete, match="no line under Unreleased"):
        release(copied, "7.0.2", "2030-01-03")
    assert texts(copied) == written


@pytest.mark.parametrize(
    ("version", "why"),
    [("0.0.9", "not later"), ("1.0", "no version"), ("v2.0.0", "no version"), ("2.256.0", "too large for Windows")],
)
def test_a_wrong_version_is_refused(copied: Path, version: str, why: str) -> None:
    written = texts(copied)
    with pytest.raises(Incomplete, match=why):
        release(copied, version, "2030-01-02")
    assert texts(copied) == written


@pytest.mark.parametrize("place", sorted(PLACES))
def test_a_place_that_differs_or_names_none_is_named(copied: Path, place: str) -> None:
    whole = (copied / place).read_text()
    version = current(copied)
    (copied / place).write_text(whole.replace(version, "0.0.3"))
    with pytest.raises(Incomplete, match=f"{place} says 0.0.3"):
        release(copied, "7.0.1", "2030-01-02")
    (copied / place).write_text("")
    with pytest.raises(Incomplete, match=f"{place} names no version"):
        release(copied, "7.0.1", "2030-01-02")


@pytest.fixture
def older_page(copied: Path) -> Path:
    """The same where the page names a package of another version."""
    page = copied / PAGE
    named = f"keyrack_{current(copied)}_python3.11_amd64"
    page.write_text(page.read_text().replace(named, "keyrack_0.0.3_python3.11_amd64"))
    return copied


def test_a_page_that_names_an_older_package_is_named(older_page: Path) -> None:
    with pytest.raises(Incomplete, match=r"README.md names packages of 0\.0\.3"):
        release(older_page, "7.0.1", "2030-01-02")


@pytest.mark.parametrize(
    ("words", "given", "why"),
    [
        (["key", "made.key"], "short\n", "The passphrase has fewer than 12 characters"),
        (["list", "--key", "made.key", "--page", "https://desk.example/"], "", "made.key: No such file"),
        (["list", ".", "--key", "made.key"], "", "README.md names packages of 0.0.3"),
    ],
)
def test_the_version_is_needed_for_the_list_of_a_release_alone(
    words: list[str], given: str, why: str, older_page: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shutil.copytree(ROOT / "packaging", older_page / "packaging", dirs_exist_ok=True)
    command = [sys.executable, str(older_page / "packaging/release.py"), *words]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(command, cwd=elsewhere, input=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(why)
