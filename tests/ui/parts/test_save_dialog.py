"""Where the dialog begins that asks for a file to be saved."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.parts.save_dialog import ask_where


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    made.mkdir()
    elsewhere.mkdir()
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made / ".config"))
    monkeypatch.chdir(elsewhere)
    return made


def folder_of(dialog: QFileDialog) -> Path:
    found = Path(dialog.directory().absolutePath())
    dialog.reject()
    return found


def test_it_begins_with_the_documents_or_at_home_and_never_where_the_program_was_started(
    qtbot: QtBot, home: Path
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    assert folder_of(ask_where(parent, "Save as", Path("history.csv"), print)) == home
    (home / "Documents").mkdir()
    assert folder_of(ask_where(parent, "Save as", Path("history.csv"), print)) == home / "Documents"
    assert folder_of(ask_where(parent, "Save as", home / "house.keyrack", print)) == home
