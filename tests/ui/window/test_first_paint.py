"""What may be imported before the window is painted: Qt and the frame, nothing that stands behind it."""

import subprocess
import sys

from tests.checkout import DESKTOP

LATER = {
    *("asyncio", "qasync", "ssl", "httpx", "h11", "websockets", "keyring", "msgspec", "segno", "tomllib"),
    *(
        "keyrack.core.rack",
        "keyrack.core.vault.keyring_vault",
        "keyrack.providers.schema",
        "keyrack.oauth.authorization_server",
        "keyrack.app",
    ),
    *("keyrack.net.client.http_client", "keyrack.ui.frontend", "keyrack.ui.window.contents"),
}

# What many days of use never need.
WHEN_NEEDED = {"websockets", "segno", "cryptography", "httpx", "http.cookiejar", "keyring", "keyrack.tour.tour"}


def test_network_keyring_and_providers_come_after_the_first_paint() -> None:
    before = "keyrack.__main__, keyrack.startup.preflight, keyrack.core.system.paths, keyrack.ui.window.first_paint"
    code = f"import sys, {before}; print(*sys.modules)"
    imported = set(subprocess.check_output([sys.executable, "-c", code], cwd=DESKTOP, text=True).split())
    assert "keyrack.ui.window.main_window" in imported
    assert imported & LATER == set()


def test_libraries_that_many_days_never_need_are_imported_when_they_are_needed() -> None:
    code = "import sys, keyrack.ui.window.first_paint, keyrack.app; print(*sys.modules)"
    imported = set(subprocess.check_output([sys.executable, "-c", code], cwd=DESKTOP, text=True).split())
    assert "keyrack.ui.frontend" in imported
    assert imported & WHEN_NEEDED == set()
