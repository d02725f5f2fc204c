"""The wheel, the sdist, and the list of requirements with a hash for each file that pip may then install."""

import base64
import hashlib
import os
import subprocess
import tempfile
import zipfile
from pathlib import Path

import stamps
from shipping.archive import write_tar_gz
from shipping.checkout_copy import BuildError, Checkout, copy_to
from shipping.shared_files import write_shared_files

BILL = "keyrack.cdx.json"
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def make_wheel(source: Checkout, out: Path, bill: bytes = b"") -> list[Path]:
    """Write the wheel, with a list of parts, and beside it its locked requirements. Returns both."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = _wheel(source, prepared(source, Path(folder)), out)
    if bill:
        add_to_wheel(wheel, f"keyrack-{source.version}.dist-info/sboms/{BILL}", bill)
    locked = out / f"keyrack-{source.version}-requirements.txt"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = (source.root / "packaging" / stamps.RUNTIME).read_text("utf-8")
    locked.write_text(f"{lock}./{wheel.name} \\\n    --hash=sha256:{digest}\n", "utf-8")
    return [wheel, locked]


def make_sdist(source: Checkout, out: Path, bill: bytes) -> list[Path]:
    """Write the sdist: every tracked file, the shared ones, a list of parts, and the metadata of the wheel."""
    with tempfile.TemporaryDirectory() as folder:
        tree = prepared(source, Path(folder))
        wheel = _wheel(source, tree, Path(folder))
        with zipfile.ZipFile(wheel) as packed:
            (tree / "PKG-INFO").write_bytes(packed.read(f"keyrack-{source.version}.dist-info/METADATA"))
        (tree / BILL).write_bytes(bill)
        archive = out / f"{tree.name}.tar.gz"
        write_tar_gz(tree, archive, source.epoch)
    return [archive]


def prepared(source: Checkout, folder: Path) -> Path:
    """Make the tree of an sdist in the folder, except for its metadata."""
    tree = folder / f"keyrack-{source.version}"
    copy_to(source, tree)
    write_shared_files(source.root, tree)
    return tree


def _wheel(source: Checkout, tree: Path, out: Path) -> Path:
    with tempfile.TemporaryDirectory() as scratch:
        copied = Path(scratch, "tree")
        subprocess.run(["cp", "--archive", str(tree), str(copied)], check=True)  # setuptools leaves its own files there
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch), "PYTHONHASHSEED": "0"}
        command = [stamps.PYTHON, "-I", "-c", BUILD, str(Path(scratch))]
        done = subprocess.run(command, cwd=copied, env=environment, capture_output=True, text=True, check=False)
        made = list(Path(scratch).glob("*.whl"))
        if done.returncode or not made:
            raise BuildError(
                f"setuptools made no wheel: {(done.stderr.strip().splitlines() or ['it said nothing'])[-1]}"
            )
        wheel = out / made[0].name
        wheel.write_bytes(made[0].read_bytes())
    return wheel


def add_to_wheel(wheel: Path, name: str, content: bytes) -> None:
    """Add a file, and name it in the wheel's record, as PEP 427 has it. A list of parts lies in `sboms` (PEP 770)."""
    with zipfile.ZipFile(wheel) as packed:
        entries = [(entry, packed.read(entry)) for entry in packed.infolist()]
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    record, listed = entries.pop()
    added = zipfile.ZipInfo(name, record.date_time)
    added.create_system, added.external_attr, added.compress_type = 3, 0o100644 << 16, zipfile.ZIP_DEFLATED
    line = f"{name},sha256={digest},{len(content)}\n".encode()
    with zipfile.ZipFile(wheel, "w") as packed:
        for entry, held in [*entries, (added, content), (record, line + listed)]:
            packed.writestr(entry, held)
