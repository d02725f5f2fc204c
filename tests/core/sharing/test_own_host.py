"""A host that belongs to no group."""

import subprocess
import sys

from tests.checkout import FROM_SOURCE

_ASK = """
import sys
import keyrack.core.rack, keyrack.startup.assembly, keyrack.broker.socket_server
rooms = ("keyrack.core.sharing", "keyrack.core.group", "keyrack.core.shared_store", "cryptography")
print(*sorted(name for name in sys.modules if name.startswith(rooms)))
"""


def test_nothing_of_sharing_is_imported_where_nothing_is_shared() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env={**FROM_SOURCE}, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []
