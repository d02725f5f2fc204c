"""The process as the system sees it: its core, its memory, and what its children get."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.desktop.environment import Environment
from tests.desktop.programs import wait_until

# Root may read every process; a root without its rights may read only what any user's programs may read.
PLAIN = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []


def _readable(pid: int, name: str) -> bool:
    """Whether another program of the same user can read a process's file in /proc."""
    return (
        subprocess.run([*PLAIN, "head", "-c1", f"/proc/{pid}/{name}"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.security("S101")
def test_it_leaves_no_core_and_lets_no_program_of_the_same_user_read_it(environment: Environment) -> None:
    driver = environment.start_as(PLAIN)
    limits = Path(f"/proc/{driver.pid}/limits").read_text().splitlines()
    core = next(line.split() for line in limits if line.startswith("Max core file size"))
    assert core[4:6] == ["0", "0"]
    with subprocess.Popen([*PLAIN, "sleep", "60"]) as other:
        try:
            wait_until(lambda: Path(f"/proc/{other.pid}/comm").read_text() == "sleep\n", "an ordinary program")
            for name in ("environ", "maps", "auxv"):
                assert _readable(other.pid, name)
                assert not _readable(driver.pid, name)
        finally:
            other.kill()


@pytest.mark.security("S36", "S107")
def test_the_browser_gets_few_variables_no_file_of_ours_and_no_state(environment: Environment) -> None:
    noted = environment.home.folder / "noted"
    script = f'#!/bin/sh\n(env; echo "--- $@"; ls -l /proc/self/fd) > "{noted}.new"\nmv "{noted}.new" "{noted}"\n'
    environment.home.browser.write_text(script)
    driver = environment.start(KEYRACK_CANARY="invented-canary")
    driver.open_account("Trading")
    driver.click("sign_in")
    driver.until_state("Trading", "signing_in", "browser")
    wait_until(noted.exists, "the browser")
    variables, _, rest = noted.read_text().partition("--- ")
    address, *descriptors = rest.splitlines()
    assert "invented-canary" not in variables
    assert "PYTHONPATH" not in variables
    assert address.startswith(f"http://127.0.0.1:{environment.port}/")
    assert "state" not in address
    given = [line.split(" -> ")[1] for line in descriptors if " -> " in line]
    assert {name for name in given if "/proc/" not in name} == {"/dev/null", f"{noted}.new"}
