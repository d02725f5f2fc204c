"""A releaser makes a key and lists, and Keyrack believes them."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from keyrack.core.updates.release_list import ReleaseList, list_of
from keyrack.core.updates.release_signature import key_of, signed_by
from publishing.list_making import Unpublishable, release_of
from release import current
from shipping.deb import package_name
from tests.checkout import ROOT

PASSPHRASE = "some invented words"
VERSION = current(ROOT)
PAGE = "https://desk.example/keyrack/"
NOTES = """\
# Changelog

## [Unreleased]

### Added

- What nobody has yet.

## [0.2.0] - 2026-12-01

### Added

- A thing; with more
  about it. And more.

## [0.1.1] - 2026-11-30

### Added

- Another thing.

### Security

- A weakness is mended. It was small.

## [0.1.0] - 2026-11-21
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    folder = tmp_path / "artefacts"
    folder.mkdir()
    for name in (
        package_name(VERSION, "3.11", "amd64"),
        package_name(VERSION, "3.13", "amd64"),
        f"keyrack-{VERSION}-py3-none-any.whl",
        f"keyrack-{VERSION}1.txt",
        f"keyrack-{VERSION}-macos-arm64-without-python.zip",
        f"keyrack-{VERSION}-windows-x86_64-without-python.zip",
        f"Keyrack-{VERSION}-x86_64.squashfs",
        f"keyrack_1{VERSION}_amd64.deb",
    ):
        (folder / name).write_text(name)
    return folder


def said(words: list[str], given: str) -> str:
    """What the command says of what went wrong, "" where it did what it should."""
    command = [sys.executable, str(ROOT / "packaging/release.py"), *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert bool(done.returncode) == bool(done.stderr)
    assert PASSPHRASE not in done.stdout + done.stderr
    return done.stderr


def believed(path: Path, public: str) -> ReleaseList:
    return list_of(signed_by(path.read_bytes(), [key_of(public)])[0])


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "release.key"
    assert said(["key", str(path)], f"{PASSPHRASE}\n") == ""
    return path


def public_of(key: Path) -> str:
    return key.with_name(f"{key.name}.pub").read_text().splitlines()[1]


def test_lists_follow_each_other(key: Path, packages: Path, tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{at}.txt" for at in range(3))
    words = ["list", str(packages), "--key", str(key), "--page", PAGE, "--note", "The first one.", "--out", str(first)]
    assert said(words, f"{PASSPHRASE}\n") == ""
    found = believed(first, public_of(key))
    assert (found.number, found.page, found.releases[0].note) == (1, PAGE, "The first one.")
    assert [file.name for file in found.releases[0].files] == [
        f"keyrack-{VERSION}-py3-none-any.whl",
        f"keyrack_{VERSION}_python3.11_amd64.deb",
        f"keyrack_{VERSION}_python3.13_amd64.deb",
    ]

    next_key = "RWRMSUmcI2JVhTZN9qz/BQLVngMQW8bK/KxSFvCaFvOG6QjSph3ssS4J"
    words = ["list", "--key", "-", "--previous", str(first), "--next-key", next_key, "--out", str(second)]
    assert said(words, f"{PASSPHRASE}\n{key.read_text()}") == ""
    found = believed(second, public_of(key))
    assert (found.number, found.page, found.next_key) == (2, PAGE, key_of(next_key))
    assert [release.version for release in found.releases] == [VERSION]

    words = [
        *("list", str(packages), "--key", str(key), "--previous", str(second)),
        *("--note", "A mend.", "--out", str(third)),
    ]
    assert said(words, f"{PASSPHRASE}\n") == ""
    found = believed(third, public_of(key))
    assert (found.number, [release.note for release in found.releases]) == (3, ["A mend."])


def test_the_private_key_is_sealed_and_for_its_owner_alone(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")


def test_no_key_is_replaced_or_put_into_the_tree(key: Path) -> None:
    before = key.read_bytes()
    assert "File exists" in said(["key", str(key)], f"{PASSPHRASE}\n")
    assert key.read_bytes() == before
    assert "into the tree" in said(["key", str(ROOT / "k")], f"{PASSPHRASE}\n")
    assert "fewer than 12" in said(["key", str(key.with_name("other"))], "short\n")


@pytest.mark.parametrize(
    ("more", "given", "why"),
    [
        ([], "another passphrase\n", "The key cannot be used"),
        (["--page", "http://desk.example"], f"{PASSPHRASE}\n", "Keyrack would not read this list"),
        (["--days", "121"], f"{PASSPHRASE}\n", "Keyrack would not read this list"),
        (["--next-key", "none"], f"{PASSPHRASE}\n", "Keyrack would not read this list"),
        (["--previous", os.devnull], f"{PASSPHRASE}\n", "is no list that was published"),
        (["--previous", "/nowhere"], f"{PASSPHRASE}\n", "is no list that was published"),
        (["--page", ""], f"{PASSPHRASE}\n", "The list needs the address of the page"),
        (["--key", "/nowhere"], f"{PASSPHRASE}\n", "No such file"),
    ],
)
def test_what_keyrack_would_refuse_is_not_written(
    more: list[str], given: str, why: str, key: Path, tmp_path: Path
) -> None:
    out = tmp_path / "list.txt"
    words = ["list", "--key", str(key), "--page", PAGE, "--out", str(out), *more]
    assert why in said(words, given)
    assert not out.exists()


def test_the_changelog_says_what_changed(tmp_path: Path) -> None:
    for version in ("0.2.0", "0.1.1"):
        (tmp_path / f"keyrack-{version}.tar.gz").write_text(version)
    made = release_of("0.2.0", tmp_path, NOTES)
    assert (made["date"], made["note"], made["security"]) == ("2026-12-01", "A thing;", False)
    made = release_of("0.1.1", tmp_path, NOTES)
    assert (made["note"], made["security"]) == ("A weakness is mended.", True)
    assert len(made["files"]) == 1
    with pytest.raises(Unpublishable, match=r"no section for 0\.3\.0"):
        release_of("0.3.0", tmp_path, NOTES)
    with pytest.raises(Unpublishable, match="no package"):
        release_of("0.1.0", tmp_path, NOTES)
