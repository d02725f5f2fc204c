"""An X server for one test."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def x_server(size: str = "1000x800x24") -> Iterator[str]:
    """Start an Xvfb. Yields its display."""
    read, write = os.pipe()
    # Without -noreset the server resets each time its last client goes, here xdotool, and drops who connects just then.
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as numbers:
            name = f":{numbers.readline().strip()}"
        try:
            yield name
        finally:
            server.kill()
