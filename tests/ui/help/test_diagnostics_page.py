"""The diagnostics are seen before they are copied or saved, and are then exactly what was seen (S105)."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from keyrack.ui.help.diagnostics_page import DiagnosticsPage
from tests.ui.harness import ACCOUNTS, WindowHarness, button


def page(harness: WindowHarness) -> DiagnosticsPage:
    harness.contents.pages.toggle_over("diagnostics")
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, DiagnosticsPage)
    return shown


@pytest.mark.security("S105", "S106")
async def test_what_is_copied_and_saved_is_what_was_seen(harness: WindowHarness, tmp_path: Path) -> None:
    shown = page(harness)
    text = shown.text.toPlainText()
    button(harness, "diagnostics_copy").click()
    assert QGuiApplication.clipboard().text() == text
    assert shown.said.text() == "Copied."
    shown.saving.save(tmp_path / "d.txt")
    assert (tmp_path / "d.txt").read_text("utf-8") == text
    assert "canary" not in text.lower()
    for account in ACCOUNTS:
        assert account.name not in text
        assert account.client_id not in text or account.client_id == "40127"


async def test_it_says_what_only_the_window_knows(harness: WindowHarness) -> None:
    lines = [" ".join(line.split()) for line in page(harness).text.toPlainText().splitlines()]
    assert "Runs window" in lines
    assert any(line.startswith("Qt 6.") and line.endswith("offscreen") for line in lines)
    assert "Tray none" in lines
