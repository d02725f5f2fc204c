"""The hardened process writes no core dump, and other programs of its user cannot read its memory."""

import os
import shutil
import subprocess
import sys
import textwrap

import pytest

from tests.checkout import FROM_SOURCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what the other systems offer is not verified")

HARDENED = """
    import resource, sys, time
    from keyrack.core.system.process import harden
    print(harden(), resource.getrlimit(resource.RLIMIT_CORE), flush=True)
    sys.stdin.read()
"""

READER = """
    import subprocess, sys
    def readable(pid):
        found = []
        for name in ("environ", "mem", "maps"):
            try:
                with open(f"/proc/{{pid}}/{{name}}", "rb") as file:
                    name == "mem" or file.read(1)
                found.append(name)
            except OSError:
                pass
        return found
    for code in {programs!r}:
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            print(readable(process.pid))
"""


def run(code: str, *prefix: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*prefix, sys.executable, "-c", textwrap.dedent(code)],
        env={"PATH": os.environ["PATH"], **FROM_SOURCE},
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
def test_its_memory_and_environment_are_closed_to_its_own_user() -> None:
    # Root may read everything by its capabilities; without them it is a user like any other.
    plain = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    if plain and (shutil.which("setpriv") is None or run("pass", *plain).returncode):
        pytest.skip("root without setpriv may read everything")
    hardened, open_ = textwrap.dedent(HARDENED), "import sys; print(flush=True); sys.stdin.read()"
    done = run(READER.format(programs=(hardened, open_)), *plain)
    assert done.stdout.splitlines() == ["[]", "['environ', 'mem', 'maps']"], done.stderr


@pytest.mark.security("S101")
def test_a_failure_is_logged_and_nothing_more() -> None:
    done = run("""
        import logging, resource
        logging.basicConfig()
        from keyrack.core.system import process
        def refuse(*_): raise ValueError("not allowed")
        resource.setrlimit = refuse
        print(process.harden())
    """)
    assert done.stdout == "False\n"
    assert "could not be hardened: RLIMIT_CORE" in done.stderr
    assert done.returncode == 0
