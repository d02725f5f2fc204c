"""The page of the settings: each line acts at once, by keyboard and for a screen reader."""

import sys
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QUrl, Slot
from PySide6.QtGui import QAccessible, QAccessibleInterface, QDesktopServices, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from keyrack import __version__
from keyrack.core.accounts.account import Settings
from keyrack.core.preferences.all_settings import ALL, CLIPBOARD_SECONDS, LOCK_WITH_SCREEN, PROGRAMS, TELL_OF_UPDATES
from keyrack.core.system.paths import paths
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.preferences.choice_box import ChoiceBox
from keyrack.ui.preferences.preferences_page import PreferencesPage
from keyrack.ui.theme.palette import Scheme
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import CheckBox
from tests.core.sites.test_user_files import FILE
from tests.ui.harness import ACCOUNTS, WindowHarness, button, in_front, make_harness, seen, visible_texts
from tests.ui.sizes.walk import laid_out

# The sandbox does not start by itself, and looks for no updates.
SHOWN = [setting for setting in ALL if setting.place not in ("", "start", "about") and setting is not TELL_OF_UPDATES]


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return in_front(qtbot, tmp_path)


def opened(harness: WindowHarness) -> PreferencesPage:
    """The page, opened by its key."""
    QTest.keyClick(harness.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, PreferencesPage)
    return page


def box(page: PreferencesPage, name: str) -> ChoiceBox:
    found = page.findChild(ChoiceBox, f"setting:{name}")
    assert found is not None
    return found


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def labels(told: QAccessibleInterface) -> list[str]:
    """The texts that label a control, which is how AT-SPI names a box of choices."""
    return [each.text(QAccessible.Text.Name) for each, _ in told.relations(QAccessible.RelationFlag.Label)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_box_has_the_border_and_the_colours_of_a_menu(harness: WindowHarness, scheme: Scheme) -> None:
    theme().use(scheme)
    try:
        chosen = box(opened(harness), "text_size")
        chosen.showPopup()
        view, colours = chosen.view(), theme().palette
        popup = view.window()
        assert popup is not harness.window
        picture = popup.grab().toImage()
        ends = [(0, 0), (picture.width() - 1, 0), (0, picture.height() - 1), (picture.width() // 2, 0)]
        assert {picture.pixelColor(*end).name() for end in ends} == {colours.rim.name()}
        row = view.visualRect(view.currentIndex())
        inside = view.viewport().mapTo(popup, QPoint(row.right() - 6, row.center().y()))
        assert picture.pixelColor(inside).name() == colours.selected.name()
        chosen.hidePopup()
    finally:
        theme().use(None)


def test_all_boxes_have_one_edge_and_find_ends_where_the_cards_do(harness: WindowHarness) -> None:
    page = opened(harness)
    laid_out()

    def sides(widget: QWidget) -> tuple[int, int]:
        left = widget.mapTo(page, QPoint()).x()
        return left, left + widget.width()

    assert len({sides(box) for box in page.findChildren(ChoiceBox)}) == 1
    assert sides(page.search)[1] == sides(page.more)[1]


def test_every_line_shows_its_sentence_and_what_it_is_from_the_start(harness: WindowHarness) -> None:
    said = visible_texts(opened(harness))
    for setting in SHOWN:
        assert setting.sentence in said
        assert f"Default: {setting.words_of(setting.default)}" in said


def test_the_whole_page_is_walked_by_tab_and_changed_by_keys(harness: WindowHarness) -> None:
    page = opened(harness)
    assert focus().objectName() == "find_setting"
    reached = []
    for _ in range(60):
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        if not page.isAncestorOf(focus()):
            break
        reached.append(focus().objectName())
        if focus().objectName() == "setting:clipboard_seconds":
            QTest.keyClick(focus(), Qt.Key.Key_Down)
        if focus().objectName() == "setting:lock_with_screen":
            QTest.keyClick(focus(), Qt.Key.Key_Space)
    assert [name for name in reached if name.startswith("setting:")] == [f"setting:{each.name}" for each in SHOWN]
    assert harness.rack.preferences.value(CLIPBOARD_SECONDS) == 60
    assert harness.rack.preferences.value(LOCK_WITH_SCREEN) is False
    stored = tomllib.loads(harness.rack.preferences.path.read_text())
    assert (stored["clipboard_seconds"], stored["lock_with_screen"]) == (60, False)
    QTest.keyClick(focus(), Qt.Key.Key_Escape)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


def test_a_screen_reader_hears_the_sentence_the_value_and_the_value_from_the_start(harness: WindowHarness) -> None:
    page = opened(harness)
    for setting in SHOWN:
        control = page.findChild(QWidget, f"setting:{setting.name}")
        assert control is not None
        told = QAccessible.queryAccessibleInterface(control)
        assert setting.sentence in [told.text(QAccessible.Text.Name), *labels(told)]
        assert told.text(QAccessible.Text.Description) == f"Default: {setting.words_of(setting.default)}"
        assert told.role() == (QAccessible.Role.ComboBox if setting.choices else QAccessible.Role.CheckBox)
    assert QAccessible.queryAccessibleInterface(box(page, "programs")).text(QAccessible.Text.Value) == "if you allow it"


def test_a_change_from_elsewhere_is_shown(harness: WindowHarness) -> None:
    page = opened(harness)
    harness.rack.preferences.choose(PROGRAMS, "off")
    harness.rack.preferences.choose(LOCK_WITH_SCREEN, value=False)
    assert box(page, "programs").currentText() == "never"
    line = page.findChild(CheckBox, "setting:lock_with_screen")
    assert line is not None
    assert not line.isChecked()


def test_a_setting_is_found_by_its_words(harness: WindowHarness) -> None:
    page = opened(harness)
    QTest.keyClicks(page.search, "clipboard")
    shown = [each for each in SHOWN if page.findChild(QWidget, f"setting:{each.name}").isVisible()]  # type: ignore[union-attr]
    assert [each.name for each in shown] == ["clipboard_seconds", "tell_of_clipboard"]
    assert not page.more.isVisible()
    QTest.keyClicks(page.search, " of nobody")
    assert "No setting has these words." in visible_texts(harness.window)
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.more.isVisible()
    assert isinstance(harness.contents.pages.currentWidget(), PreferencesPage)


def test_keys_that_scroll_are_the_pages(harness: WindowHarness) -> None:
    size = box(opened(harness), "text_size")
    size.setFocus()
    chosen = size.currentIndex()
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        QTest.keyClick(size, key)
        assert size.currentIndex() == chosen


def test_the_keys_scroll_the_page_from_its_head_as_well(harness: WindowHarness) -> None:
    page = opened(harness)
    page.back.setFocus()
    QTest.keyClick(page.back, Qt.Key.Key_End)
    assert page.page.verticalScrollBar().value() == page.page.verticalScrollBar().maximum() > 0
    assert page.back.hasFocus()


def test_the_wheel_scrolls_and_changes_nothing(harness: WindowHarness) -> None:
    wheel = box(opened(harness), "clipboard_seconds")
    down, none = QPoint(0, -120), Qt.KeyboardModifier.NoModifier
    at = QPointF(wheel.rect().center())
    event = QWheelEvent(
        at, wheel.mapToGlobal(at), down, down, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(wheel, event)
    assert harness.rack.preferences.value(CLIPBOARD_SECONDS) == 30


def test_what_cannot_be_stored_is_said_on_the_page(harness: WindowHarness) -> None:
    page = opened(harness)
    harness.rack.preferences.path.write_text("theme = \n")
    QTest.keyClick(box(page, "clipboard_seconds"), Qt.Key.Key_Down)
    assert harness.rack.preferences.value(CLIPBOARD_SECONDS) == 60
    assert "settings.toml, line 1: this is no TOML." in visible_texts(page)


def test_a_wrong_line_is_said_at_the_start_and_on_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text("schema = 1\n\n\n\n\n\ntheme = 7\n")
    harness = make_harness(tmp_path)
    harness.window.show()
    assert "settings.toml, line 7: theme: “7” is not possible" in visible_texts(harness.window)
    harness.contents.program.open_preferences()
    page = harness.contents.pages.currentWidget()
    assert page is not None
    assert "settings.toml, line 7: theme: “7” is not possible" in visible_texts(page)


def test_notices_are_kept_back_by_a_button_and_let_come_again(harness: WindowHarness) -> None:
    opened(harness)
    assert not harness.actions.snooze.seconds_left
    button(harness, "snooze:30").click()
    assert harness.actions.snooze.seconds_left == 30 * 60
    assert "All notices are kept back until" in visible_texts(harness.window)
    button(harness, "snooze_end").click()
    assert not harness.actions.snooze.seconds_left


async def test_the_menu_of_the_lock_opens_it_too_and_it_leads_back(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    harness.contents.sidebar.menu.asked.emit("preferences")
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, PreferencesPage)
    button(harness, "preferences_connection").click()
    connection = harness.contents.pages.currentWidget()
    assert isinstance(connection, ConnectionPage)
    connection.close_page()
    assert isinstance(harness.contents.pages.currentWidget(), PreferencesPage)
    button(harness, "preferences_passphrase").click()
    passphrase = harness.contents.pages.currentWidget()
    assert isinstance(passphrase, PassphrasePage)
    passphrase.closed.emit()
    assert isinstance(harness.contents.pages.currentWidget(), PreferencesPage)


async def test_the_start_at_sign_in_is_switched_on_and_a_refusal_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path, sandbox=False)
    harness.window.show()
    harness.contents.program.open_preferences()
    button(harness, "setting:start_at_login").click()
    entry = tmp_path / "autostart" / "keyrack.desktop"
    assert entry.exists() == (sys.platform == "linux")
    button(harness, "setting:start_at_login").click()
    assert not entry.exists()
    entry.parent.rmdir()
    entry.parent.write_text("a file where the folder should be")
    button(harness, "setting:start_at_login").click()
    assert "The desktop's own file could not be changed" in visible_texts(harness.window)
    assert not button(harness, "setting:start_at_login").isChecked()


def test_it_cannot_be_opened_while_locked(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=True)
    QTest.keyClick(harness.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert not harness.window.findChildren(PreferencesPage)


def test_another_button_is_one_line(harness: WindowHarness) -> None:
    page, pressed = opened(harness), list[str]()
    added = page.more.add_button("more_test", "Something", lambda: pressed.append("pressed"))
    assert isinstance(added, QAbstractButton)
    QApplication.processEvents()
    button(harness, "more_test").click()
    assert pressed == ["pressed"]
    page.search.setText("something")
    assert page.more.isVisible()
    assert isinstance(page.search, QLineEdit)


def with_own_provider(tmp_path: Path) -> tuple[Path, WindowHarness]:
    """A provider file of the person's own, and the settings of a Keyrack where an account uses it."""
    file = tmp_path / "config" / "providers" / "sample.toml"
    file.parent.mkdir(parents=True)
    file.write_text(FILE)
    used = Settings("s1", "Own", "sample", "main", "client_credentials", "sample-client")
    harness = make_harness(tmp_path, (*ACCOUNTS, used))
    harness.window.show()
    harness.contents.program.open_preferences()
    return file, harness


async def said(harness: WindowHarness, words: str) -> None:
    """Wait until the window says so, and what says it has ended: its button takes another press only then."""
    await seen(lambda: words in visible_texts(harness.window) and harness.tasks.idle)


async def test_a_provider_file_is_listed_and_removed_while_no_account_needs_it(qtbot: QtBot, tmp_path: Path) -> None:
    file, harness = with_own_provider(tmp_path)
    button(harness, "provider_page:sample").click()
    assert harness.opened == ["https://docs.example.org/"]
    button(harness, "provider_remove:sample").click()
    await said(harness, "Sample was not removed. The account Own")
    assert file.exists()
    harness.rack.parts.account_store.remove(harness.account("s1"))
    harness.contents.program.open_preferences()
    button(harness, "provider_remove:sample").click()
    await said(harness, "“Sample” was removed.")
    assert not file.exists()
    assert file.with_name("sample.toml.removed").read_text() == FILE
    assert "sample" not in harness.rack.catalog
    harness.rack.catalog.add(harness.rack.catalog.files.inspect(file.with_name("sample.toml.removed")), file)
    assert file.exists(), "its name is free again"


@pytest.mark.security("S38")
async def test_a_changed_file_is_used_once_its_addresses_were_shown(qtbot: QtBot, tmp_path: Path) -> None:
    file, harness = with_own_provider(tmp_path)
    assert "These come with Keyrack, and change only with a newer Keyrack: ProBit" in visible_texts(harness.window)
    button(harness, "provider_again:sample").click()
    await said(harness, "The file says what it said before.")
    sites = harness.rack.parts.sites

    def endpoint() -> str:
        return sites.of(harness.account("s1")).server.token_endpoint

    assert endpoint() == "https://auth.example.org/token"
    file.write_text(FILE.replace("auth.example.org", "elsewhere.example.org"))
    button(harness, "provider_again:sample").click()
    await said(harness, "https://elsewhere.example.org/token")
    assert endpoint() == "https://auth.example.org/token", "nobody has agreed yet"
    assert harness.window.focusWidget() is button(harness, "provider_use:sample")
    button(harness, "provider_use:sample").click()
    await said(harness, "The file is in use as it is now.")
    assert endpoint() == "https://elsewhere.example.org/token"
    assert "elsewhere.example.org" not in visible_texts(harness.window)
    file.write_text(FILE.replace("regions.main", "regions.other"))
    button(harness, "provider_again:sample").click()
    await said(harness, "The account Own signs in by a site")
    file.write_text(FILE.replace('id = "sample"', 'id = "another"'))
    button(harness, "provider_again:sample").click()
    await said(harness, "was sample and has to stay it")
    file.write_text(FILE.replace("token_endpoint", "tokn_endpoint"))
    button(harness, "provider_again:sample").click()
    await said(harness, "line 9")
    assert endpoint() == "https://elsewhere.example.org/token"


async def test_a_provider_that_has_another_name_now_has_it_above_its_accounts(qtbot: QtBot, tmp_path: Path) -> None:
    file, harness = with_own_provider(tmp_path)
    accounts = harness.contents.sidebar.list
    assert "Sample" in visible_texts(accounts)
    file.write_text(FILE.replace('name = "Sample"', 'name = "Another name"'))
    button(harness, "provider_again:sample").click()
    await said(harness, "The file has changed.")
    button(harness, "provider_use:sample").click()
    await said(harness, "The file is in use as it is now.")
    assert "Another name" in visible_texts(accounts)
    assert "Sample" not in visible_texts(accounts)


def test_the_import_of_a_provider_file_is_opened(harness: WindowHarness) -> None:
    opened(harness)
    button(harness, "preferences_import").click()
    assert button(harness, "read_provider").isVisible()


def test_version_libraries_and_folders_are_told(harness: WindowHarness, tmp_path: Path) -> None:
    page = opened(harness)
    said = visible_texts(page)
    assert f"Keyrack {__version__}, under the Apache License 2.0." in said
    assert str(tmp_path / "config") in said.replace("\u200b", "")
    assert str(paths(sandbox=True).logs) in said.replace("\u200b", "")
    assert "h11" not in said
    button(harness, "about_libraries").click()
    assert "httpx 0.28.1: BSD-3-Clause" in visible_texts(page)


def test_a_folder_is_opened_by_the_desktop(
    harness: WindowHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    urls: list[QUrl] = []

    class Opener(QObject):
        @Slot(QUrl)
        def take(self, url: QUrl) -> None:
            urls.append(url)

    opener, there = Opener(), tmp_path / "state"
    there.mkdir(exist_ok=True)
    QDesktopServices.setUrlHandler("file", opener, "take")  # type: ignore[arg-type]  # it takes no bytes
    try:
        opened(harness)
        button(harness, "folder_settings").click()
        button(harness, "folder_log").click()  # nothing was logged here, so that the one above it is opened
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert [Path(url.toLocalFile()) for url in urls] == [tmp_path / "config", there]
