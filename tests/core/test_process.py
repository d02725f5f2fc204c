"""The hardened process writes no core and lets nobody of its user read its memory."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from keyrack.core import process

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what the other systems offer is not verified")

SOURCE = str(Path(process.__file__).parents[2])
HARDENED = """
    import resource, sys, time
    from keyrack.core.process import harden
    print(harden(), resource.getrlimit(resource.RLIMIT_CORE), flush=True)
    sys.stdin.read()
"""


def run(code: str, *prefix: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-c", textwrap.dedent(code)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": SOURCE, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.security("S101")
def test_it_verifies_that_both_took_effect() -> None:
    done = run(HARDENED)
    assert done.stdout == "True (0, 0)\n", done.stderr


@pytest.mark.security("S101")
def test_its_memory_and_environment_are_closed_to_its_own_user(tmp_path: Path) -> None:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv to become an ordinary user; root may read everything")
    user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
    child = f"""
        import os, subprocess, sys
        def readable(pid):
            found = []
            for name in ("environ", "mem", "maps"):
                try:
                    with open(f"/proc/{{pid}}/{{name}}", "rb") as file:
                        name != "mem" and file.read(1)
                    found.append(name)
                except OSError:
                    pass
            return found
        for code in ({textwrap.dedent(HARDENED)!r}, "import sys; print(flush=True); sys.stdin.read()"):
            process = subprocess.Popen([sys.executable, "-S", "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            process.stdout.readline()
            print(readable(process.pid))
            process.communicate()
    """
    if run("pass", *user).returncode:
        pytest.skip("an ordinary user may not run this Python")
    # The source may lie where only root looks: give the other user what the two modules need.
    done = run(child, *user)
    lines = done.stdout.splitlines()
    if "PermissionError" in done.stderr or "ModuleNotFoundError" in done.stderr:
        pytest.skip("an ordinary user may not read the sources here")
    assert lines == ["[]", "['environ', 'mem', 'maps']"], done.stderr


@pytest.mark.security("S101")
def test_a_failure_is_logged_and_nothing_more() -> None:
    done = run("""
        import logging, resource
        logging.basicConfig()
        from keyrack.core import process
        def refuse(*_): raise ValueError("not allowed")
        resource.setrlimit = refuse
        print(process.harden())
    """)
    assert done.stdout == "False\n"
    assert "could not be hardened: RLIMIT_CORE" in done.stderr
    assert done.returncode == 0
