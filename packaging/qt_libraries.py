"""Checks that the system libraries Qt needs are installed, by loading Qt once in a separate process."""

import re
import subprocess
from pathlib import Path

import debian
import stamps

LOAD = "import PySide6.QtSvg, PySide6.QtWidgets"
LOAD_XCB = f"""{LOAD}
import ctypes, pathlib
ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"))"""


def problem() -> str:
    """Load Qt in the environment. Return "" if it loads (and note that), else a sentence on what to install."""
    mark = Path(stamps.qt_mark())
    code = LOAD_XCB if mark.name.endswith("xcb") else LOAD
    done = subprocess.run([stamps.PYTHON, "-I", "-c", code], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        mark.touch()
        return ""
    return explain(done.stderr)


def explain(error: str) -> str:
    """Name the missing library, and the Debian packages that have all Qt needs."""
    missing = re.search(r"(\S+\.so[.\d]*): cannot open shared object file", error)
    if missing is None:
        return f"Qt cannot start here: {(error.strip().splitlines() or ['no reason given'])[-1]}"
    packages = " ".join(debian.missing(debian.QT) or debian.QT)
    return f"Qt needs the system library {missing[1]}; on Debian: sudo apt install {packages}"
