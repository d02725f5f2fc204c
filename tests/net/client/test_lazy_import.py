"""The first window needs no HTTP library."""

import subprocess
import sys

_PROGRAM = """import sys
import keyrack.net.client.http_client, keyrack.oauth.loopback.redirects
print('httpx' in sys.modules, 'ssl' in sys.modules)"""


def test_httpx_is_not_imported_before_the_first_request() -> None:
    shown = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True, env=_paths())

    assert shown.stdout.split()[0] == "False"


def _paths() -> dict[str, str]:
    return {"PYTHONPATH": ":".join(sys.path)}
