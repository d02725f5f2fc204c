"""What the campaign with a bad disk stands on: the disk is really bad, and damage and secrets are seen."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from keyrack.core.access.lock import MARKER
from tests.campaigns.disk.damage import damaged, holding
from tests.campaigns.disk.findings import Findings
from tests.campaigns.disk_campaign import lines, namespace_of_mounts

TRIED = """
    import errno, sys
    from pathlib import Path
    from tests.campaigns.disk.small_disk import SmallDisk

    disk = SmallDisk(Path(sys.argv[1]) / "disk")
    (disk.path / "old").write_text("old")
    def refused(act):
        try:
            act()
        except OSError as error:
            return errno.errorcode[error.errno]
        return "taken"
    for name, make_bad in disk.ways.items():
        make_bad()
        print(name, refused((disk.path / "new").touch), refused(lambda: (disk.path / "new").write_text("x")), end=" ")
        print((disk.path / "old").read_text())
        disk.good()
        (disk.path / "new").write_text("x")
        (disk.path / "new").unlink()
    print(len(disk.files()))
    disk.close()
    print((Path(sys.argv[1]) / "disk" / "old").exists())
"""


def test_the_small_disk_fails_in_each_way_and_is_good_again(tmp_path: Path) -> None:
    namespace = namespace_of_mounts(tmp_path)
    if namespace is None:
        pytest.skip("no namespace of mounts may be made here")
    command = [*namespace, sys.executable, "-c", textwrap.dedent(TRIED), str(tmp_path)]
    root = Path(__file__).resolve().parents[2]
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": f"{root}:{root / 'desktop'}"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.splitlines() == [
        "full taken ENOSPC old",
        "no room for a file ENOSPC ENOSPC old",
        "read-only EROFS EROFS old",
        "1",
        "False",
    ], done.stderr


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("accounts.json", b'{"schema": 1}', []),
        ("accounts.json", b"", ["accounts.json: empty"]),
        ("accounts.json", b'{"schema": ', ["accounts.json: half there"]),
        ("own.toml", b'id = "own"', []),
        ("own.toml", b'id = "ow', ["own.toml: half there"]),
        (".accounts.json.new", b"{}", [".accounts.json.new: left over"]),
        ("accounts.json.bad-20261129T000000Z", b"x", ["accounts.json.bad-20261129T000000Z: put aside as damaged"]),
        (MARKER, b"", []),
        ("releases.jsonl", b'{"half', []),
    ],
)
def test_damage_is_seen(tmp_path: Path, name: str, data: bytes, what: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    assert damaged(tmp_path.iterdir()) == what


def test_a_secret_in_a_file_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("some words")
    (tmp_path / "b").write_text("an invented secret in them")
    assert holding(tmp_path.iterdir(), {"invented secret"}) == ["b"]


def test_each_finding_breaks_the_table_and_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    good = Findings(situations=3, said={"a": "0 ", "b": "1 The disk is full."})
    assert [count.good for count in lines(Findings.decoded(good.encoded()))] == [None, None, *[True] * 7]
    assert lines(good)[1].figure == "1"
    assert capsys.readouterr().err == ""
    bad = Findings(sign_ins_lost=["full: Kept"])
    assert [count.what for count in lines(bad) if count.good is False] == ["sign-ins lost"]
    assert capsys.readouterr().err == "sign-ins lost: full: Kept\n"
