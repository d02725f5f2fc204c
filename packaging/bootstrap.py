"""Prepares the private Python environment of this repository once, and starts programs in it.

Imports only little of the standard library: on every later start this is all that runs before Keyrack itself.
All that is said before then is in English: the catalogues are read by Keyrack's own code.
"""

import os
import sys

from stamps import PYTHON, is_current, locks, qt_mark


def prepare(*, tests: bool = False, packages: bool = False, window: bool = True) -> str:
    """Return the environment's Python, which is made ready first if it is not. On a failure, exit with one sentence.

    With `tests` the test tools are installed too, and the caller checks Qt's system libraries. With `packages` what
    checks the packages is installed besides. Without a `window` Qt's libraries are not needed.
    """
    wanted = locks(tests=tests, packages=packages)
    if not all(map(is_current, wanted)):
        import environment

        environment.prepare(wanted)
    if window and not tests and not os.path.exists(qt_mark()):
        import qt_libraries

        problem = qt_libraries.problem()
        if problem:
            sys.exit(problem)
    return PYTHON


def start(module: str, arguments: list[str]) -> None:
    """Run a module of the environment in place of this process. Does not return.

    Isolated (-I): neither the current folder nor PYTHON* variables can put foreign code in front of ours.
    """
    command = [PYTHON, "-I", "-m", module, *arguments]
    if os.name != "nt":
        os.execv(PYTHON, command)
    import subprocess

    sys.exit(subprocess.call(command))
