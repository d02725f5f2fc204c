"""The sandbox as a person starts it: the window opens, and the terminal says where failures are switched on."""

import os
import re
import select
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.checkout import FROM_SOURCE

PATIENCE = 20.0


def test_the_terminal_names_the_page_of_failures(tmp_path: Path) -> None:
    """The page is the sandbox's own, and a WhiteBIT that answers 503 is one of its buttons."""
    env = {**os.environ, **FROM_SOURCE, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY"):
        env.pop(name, None)
    command = [sys.executable, "-m", "keyrack", "--sandbox"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as keyrack:
        try:
            assert keyrack.stdout is not None
            assert select.select([keyrack.stdout], [], [], PATIENCE)[0], "it said nothing"
            line = keyrack.stdout.readline()
            (address,) = re.findall(r"at (http://127\.0\.0\.1:\d+/)$", line.strip())
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                page = answer.read().decode()
        finally:
            keyrack.terminate()
        assert keyrack.wait(PATIENCE) == 0
    assert "Switch a failure on" in page
    assert 'value="whitebit refresh"' in page
