"""Has the disk full, without room for a file, and read-only, at every write that Keyrack makes.

The disk is a small real one in a namespace of mounts, which root may make, and most users in a namespace of users.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.campaign import Options
from tests.campaigns.disk.findings import Findings
from tests.campaigns.table import Count
from tests.keyring_session import missing_programs

TITLE = "A disk that is full or read-only at every write"
WAYS = 3
_SECONDS = 1_200.0
_NAMESPACES = (["unshare", "-m", "--propagation", "private"], ["unshare", "-rm", "--propagation", "private"])


def counted(home: Path, options: Options) -> list[Count]:
    """Walk, and count what was found. Every broken promise is printed at once."""
    why = missing_programs() and f"missing: {missing_programs()}"
    namespace = namespace_of_mounts(home)
    if namespace is None:
        why = "no namespace of mounts may be made here"
    if why or namespace is None:
        return [Count("situations", f"not run: {why}", "run", good=False)]
    command = [*namespace, sys.executable, "-m", "tests.campaigns.disk.walk", str(home)]
    done = subprocess.run(
        [*command, str(max(1, round(WAYS * options.share)))],
        stdout=subprocess.PIPE,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode:
        return [Count("situations", f"the walk ended with {done.returncode}", "run", good=False)]
    return lines(Findings.decoded(done.stdout.splitlines()[-1]))


def namespace_of_mounts(home: Path) -> Sequence[str] | None:
    """The beginning of a command that runs in a namespace of its own where a disk can be mounted, None without one."""
    for begin in _NAMESPACES:
        try:
            done = subprocess.run([*begin, "mount", "-t", "tmpfs", "none", str(home)], capture_output=True, check=False)
        except FileNotFoundError:
            return None
        if done.returncode == 0:
            return begin
    return None


def lines(found: Findings) -> list[Count]:
    """The table's lines."""
    broken = {
        "failures without a sentence": found.sentences_missing,
        "verbs that said more than they did": found.said_too_much,
        "files damaged or left over": found.files_damaged,
        "sign-ins lost": found.sign_ins_lost,
        "uncaught errors": found.uncaught,
        "secrets in files": found.secrets_in_files,
        "things that did not go on with room again": found.not_going_on,
    }
    for title, cases in broken.items():
        for case in cases:
            print(f"{title}: {case}", file=sys.stderr, flush=True)
    told = sum(not said.startswith("0 ") for said in found.said.values())
    first = [Count("situations", str(found.situations)), Count("of these told as a failure", str(told))]
    return first + [Count(title, str(len(cases)), "0", not cases) for title, cases in broken.items()]
