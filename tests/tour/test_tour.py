"""The tour: the real program, its real widgets and the sandbox, from the command line to the report."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import FROM_SOURCE

PICTURES = (
    "overview",
    "waiting-whitebit",
    "waiting-for-key-whitebit-fast-key",
    "needs-you",
    "retrying",
    "pane-probit-global-client-credentials",
)
FLOWS = {
    ("probit", "client_credentials"),
    ("bitport", "authorization_code"),
    ("bitport", "user_code"),
    ("whitebit", "authorization_code"),
    ("whitebit-fast-key", "fast_api_key"),
    ("gemini", "authorization_code_pkce"),
    ("deribit", "client_credentials"),
    ("kraken", "authorization_code_pkce"),
    ("uphold", "authorization_code"),
    ("alpaca", "authorization_code"),
    ("example", "device_code"),
    ("example", "refresh_token"),
}
PUSHED = {"probit", "deribit", "whitebit-fast-key"}
NEVER_RENEWED = {"bitport", "uphold", "alpaca"}


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the tour was run into."""
    folder = tmp_path_factory.mktemp("tour")
    environment = {name: text for name, text in os.environ.items() if name != "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, "-m", "keyrack", "--sandbox", "--speed", "30", "--reset", "--tour", str(folder)],
        env={**environment, **FROM_SOURCE, "HOME": str(tmp_path_factory.mktemp("home"))},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    (folder / "output.txt").write_text(done.stdout + done.stderr)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def report(tour: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tour / "report.json").read_text("utf-8"))
    return found


def test_every_account_is_ready_and_renewed(report: dict[str, Any]) -> None:
    assert report["ok"] is True
    assert {(a["provider"], a["flow"]) for a in report["accounts"]} == FLOWS
    for account in report["accounts"]:
        assert account["state"] in ("ready", "refreshing")
        assert account["balances"]
        assert account["balance_source"] == ("push" if account["provider"] in PUSHED else "poll")
        assert account["identity"]
        assert account["renewals"] >= (0 if account["provider"] in NEVER_RENEWED else 2)


@pytest.mark.security("S94", "S95")
def test_the_copied_token_was_hinted_and_cleared(report: dict[str, Any]) -> None:
    assert report["clipboard"] == {"hint": True, "cleared": True}


def test_it_took_less_than_150_seconds_and_left_pictures(tour: Path, report: dict[str, Any]) -> None:
    assert 0 < report["seconds"] < 150
    for name in PICTURES:
        for scheme in ("light", "dark"):
            assert (tour / f"{name}-{scheme}.png").stat().st_size > 5_000


def test_it_says_that_there_is_no_display(tour: Path) -> None:
    assert "no display" in (tour / "output.txt").read_text()


@pytest.mark.security("S66")
def test_no_secret_is_in_what_it_left(tour: Path) -> None:
    for path in (tour / "report.json", tour / "output.txt"):
        assert "invented" not in path.read_text("utf-8")
