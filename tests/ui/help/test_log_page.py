"""The log in the window: it follows what is written, and can be narrowed down."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication

from keyrack.core.system.log import FILE_NAME
from keyrack.ui.help.log_page import LogPage
from tests.ui.harness import WindowHarness, button, field, seen
from tests.ui.help.test_activity_page import choose
from tests.ui.selection.test_context_menus import KEYBOARD, ask, entry, names


def line(level: str, text: str) -> str:
    return f"2026-11-29 10:00:00,123 {level} keyrack.core: {text}\n"


def page(harness: WindowHarness) -> LogPage:
    harness.contents.pages.toggle_over("log")
    shown = harness.contents.pages.currentWidget()
    assert isinstance(shown, LogPage)
    return shown


def log(harness: WindowHarness) -> Path:
    folder = harness.rack.parts.account_store.paths.logs
    folder.mkdir(parents=True, exist_ok=True)
    return folder / FILE_NAME


async def test_it_follows_and_is_narrowed_down(harness: WindowHarness) -> None:
    log(harness).write_text(line("INFO", "began") + line("WARNING", "odd"))
    shown = page(harness)
    assert [text[-5:] for text in shown.text.toPlainText().splitlines()] == ["began", ": odd"]
    with log(harness).open("a") as more:
        more.write(line("ERROR", "broke"))
    await seen(lambda: shown.text.toPlainText().endswith("broke"))
    choose(harness, "log_level", "WARNING")
    assert len(shown.text.toPlainText().splitlines()) == 2
    assert shown.said.text() == "2 of the newest 3 records."
    field(harness, "log_find").setText("BRO")
    assert shown.text.toPlainText().endswith("broke")
    assert shown.text.isReadOnly()


async def test_without_following_the_place_is_kept(harness: WindowHarness) -> None:
    log(harness).write_text(line("INFO", "x") * 300)
    shown = page(harness)
    bar = shown.text.verticalScrollBar()
    assert bar.value() == bar.maximum()
    button(harness, "log_follow").click()
    bar.setValue(10)
    with log(harness).open("a") as more:
        more.write(line("INFO", "last"))
    await seen(lambda: shown.text.toPlainText().endswith("last"))
    assert bar.value() == 10
    button(harness, "log_follow").click()
    assert bar.value() == bar.maximum()


async def test_no_log_is_told(harness: WindowHarness) -> None:
    shown = page(harness)
    assert shown.said.text() == "There is no log to read here: No such file or directory."


async def test_its_folder_can_be_opened(harness: WindowHarness) -> None:
    opened: list[Path] = []

    def open_folder(folder: Path) -> bool:
        opened.append(folder)
        return len(opened) == 1

    shown = LogPage(harness.actions, open_folder)
    shown.folder.click()
    assert opened == [log(harness).parent]
    assert "No program" not in shown.said.text()
    shown.folder.click()
    assert shown.said.text() == f"No program opens folders here. The log is in {log(harness).parent}."


async def test_its_menu_copies_what_is_selected_or_all_of_it(harness: WindowHarness) -> None:
    log(harness).write_text(line("INFO", "began") + line("WARNING", "odd"))
    shown = page(harness)
    menu = ask(shown.text.viewport())
    assert names(menu) == ["copy", "copy_all", "select_all"]
    assert not entry(menu, "copy").isEnabled()
    entry(menu, "copy_all").trigger()
    assert QGuiApplication.clipboard().text() == shown.text.toPlainText()
    menu.hide()
    shown.text.find("odd")
    menu = ask(shown.text.viewport(), reason=KEYBOARD)
    entry(menu, "copy").trigger()
    assert QGuiApplication.clipboard().text() == "odd"
    entry(menu, "select_all").trigger()
    assert "began" in shown.text.textCursor().selectedText()
    menu.hide()
