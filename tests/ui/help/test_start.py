"""Nobody's start waits for pages that few days need."""

import subprocess
import sys

import pytest

from tests.checkout import FROM_SOURCE

LATE = ("keyrack.ui.help", "keyrack.core.diagnostics", "importlib.metadata")


@pytest.mark.parametrize("root", ["keyrack.app", "keyrack.agent.agent"])
def test_the_pages_and_the_report_are_loaded_when_they_are_asked_for(root: str) -> None:
    code = f"import sys, {root}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, env={**FROM_SOURCE}, capture_output=True, text=True, check=True).stdout.split()
    assert root in loaded
    assert [name for name in loaded if name.startswith(LATE)] == []
