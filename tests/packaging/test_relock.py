"""A lock that names a host, or loosens the installer, is never written."""

import sys
from pathlib import Path

import pytest

from relock import WITHDRAWN, checked, outdated, report, sees_withdrawn, withdrawn

GOOD = "tiny==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:0123\n"


def test_a_lock_of_pinned_names_and_hashes_passes() -> None:
    assert checked("# a comment\n" + GOOD) == GOOD


@pytest.mark.security("S109")
@pytest.mark.parametrize(
    "line",
    [
        "--index somewhere",
        "-i somewhere",
        "--trusted-host somewhere",
        "-f wheels",
        "tiny @ ftp://host.example/t",
    ],
)
def test_a_host_or_an_option_is_refused(line: str) -> None:
    with pytest.raises(SystemExit, match="not usable"):
        checked(GOOD + line + "\n")


def test_what_has_a_newer_version_is_named() -> None:
    lock = (
        "tiny==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:01\nsame==2.0 \\\n    --hash=sha256:02\ngone==1 \\\n"
    )
    assert outdated(lock, lock.replace("tiny==1.0", "tiny==1.1").replace("gone==1 ", "other==1 ")) == [
        "tiny 1.0: 1.1 is there"
    ]


@pytest.mark.security("S109")
def test_what_was_withdrawn_is_named_with_its_reason() -> None:
    said = 'Resolved 3 packages\nwarning: `tiny==1.0` is yanked (reason: "a hole")\n'
    assert withdrawn(said) == ['tiny==1.0 is yanked (reason: "a hole")']


def uv(folder: Path, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a `uv` first on the path that says this and does nothing else."""
    program = folder / "uv"
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write({said!r})\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.security("S109")
@pytest.mark.skipif(sys.platform == "win32", reason="its program is a script of a POSIX system")
def test_a_uv_that_tells_nothing_of_what_was_withdrawn_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv(tmp_path, f"warning: `{WITHDRAWN}` is yanked", monkeypatch)
    assert sees_withdrawn()
    uv(tmp_path, "Resolved 1 package in 1ms", monkeypatch)
    assert not sees_withdrawn()
    with pytest.raises(SystemExit, match="would miss others"):
        report()
