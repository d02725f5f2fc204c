"""Environments for programs that we did not write: each made once from its own hash lock, beside the tests' own.

Nothing of them is a dependency of the product; they lie in the tests' environment under `independent/` and cost
nothing the second time. Where packages cannot be fetched the test is skipped and says so; a package that is not
the one that was locked is a failure.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import environment
import stamps
from exclusive import hold
from pip_output import UNREACHABLE, explain

HERE = Path(__file__).parent
PLACE = Path(sys.prefix) / "independent"
PATIENCE = ["--timeout", "15", "--retries", "1"]
ABSENT = re.compile(f"{UNREACHABLE}|No matching distribution found")


def python_of(lock: str) -> Path:
    """The Python of the environment that holds exactly what `lock` names; skips the test where it cannot be made."""
    text = (HERE / lock).read_bytes()
    digest = hashlib.sha256(text + sys.version.encode()).hexdigest()[:16]
    folder = PLACE / f"{Path(lock).stem}-{digest}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    PLACE.mkdir(parents=True, exist_ok=True)
    with hold(PLACE / f"{folder.name}.lock", print):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, python, HERE / lock)
            (folder / "complete").touch()
    return python


def _make(folder: Path, python: Path, lock: Path) -> None:
    made = environment.run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
    assert made.returncode == 0, made.stdout
    # Of a package with hundreds of modules a test imports a part, and Python compiles that part itself.
    command = [*_pip(python), "install", "--no-compile", *environment.OPTIONS, *PATIENCE, "--requirement", str(lock)]
    done = environment.run(command)
    if done.returncode and ABSENT.search(done.stdout) and "DO NOT MATCH" not in done.stdout:
        pytest.skip(f"the packages of {lock.name} cannot be fetched: {explain(done.stdout)}")
    assert done.returncode == 0, done.stdout


def _pip(python: Path) -> list[str]:
    """The pip that filled the product's environment, turned to another one."""
    found = environment.pip()
    if "--python" in found:
        return [str(python) if part == stamps.PYTHON else part for part in found]
    made = environment.run([str(python), "-m", "ensurepip"])
    assert made.returncode == 0, made.stdout
    return [str(python), "-m", "pip"]


def answer_of(python: Path, script: str, given: dict[str, Any], seconds: float = 120.0) -> Any:
    """What a script of this folder prints as JSON; it gets `given` as JSON on its standard input."""
    done = subprocess.run(
        [str(python), "-I", str(HERE / script)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)
