"""A secret on the clipboard: marked, for a time, and cleared only while it is ours."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMetaType, QMimeData, Qt, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.primitives.secret import Secret
from keyrack.ui.integration.clipboard import Clipboard
from keyrack.ui.integration.clipboard_mime import SecretMime, hints
from tests.clock import FakeClock

SECRET = "made-up-access-token-0001"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def clipboard(clock: FakeClock, qapp: QApplication) -> Iterator[Clipboard]:
    QGuiApplication.clipboard().clear()
    clipboard = Clipboard(clock.clock)
    yield clipboard
    clipboard.clear()
    QGuiApplication.clipboard().clear()


def clipboard_text() -> str:
    return QGuiApplication.clipboard().text()


def let_timer_end(clipboard: Clipboard) -> None:
    """The clipboard's timer, which runs for a second at most, comes to its end."""
    timer = clipboard.findChild(QTimer)
    assert timer is not None
    timer.timeout.emit()


def users_copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


@pytest.mark.security("S94")
@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("linux", {"x-kde-passwordManagerHint": b"secret", "application/x-copyq-hidden": b"1"}),
        (
            "win32",
            {
                'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
                'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
                'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\0\0\0\0",
            },
        ),
    ],
)
def test_hints_of_each_system(system: str, expected: dict[str, bytes], qapp: QApplication) -> None:
    assert hints(system) == expected
    mime = SecretMime(Secret(SECRET), system)
    assert mime.formats() == ["text/plain", *expected]
    for name, value in expected.items():
        assert mime.hasFormat(name)
        assert bytes(mime.data(name).data()) == value
    assert mime.text() == SECRET
    assert not mime.hasFormat("text/html")
    assert mime.retrieveData("text/html", QMetaType.Type.QString) is None


@pytest.mark.security("S94")
def test_copy_sets_the_clipboard_with_its_hint_and_not_the_selection(clipboard: Clipboard) -> None:
    clipboard.copy(Secret(SECRET))
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == SECRET
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    assert bytes(data.data("application/x-copyq-hidden").data()) == b"1"
    assert SECRET not in QGuiApplication.clipboard().text(QClipboard.Mode.Selection)


@pytest.mark.security("S94", "S104")
def test_it_never_shows_what_it_holds(clipboard: Clipboard) -> None:
    clipboard.copy(Secret(SECRET), owner="main")
    for shown in (repr(clipboard), clipboard.button_text(), clipboard.warning(), clipboard.owner, str(vars(clipboard))):
        assert SECRET not in shown


def test_a_screen_reader_hears_no_countdown_from_the_focused_button(clipboard: Clipboard, clock: FakeClock) -> None:
    clipboard.copy(Secret(SECRET), 30, owner="main")
    for _ in range(29):
        assert clipboard.spoken_text() == "Copied, clears in 30 s"
        clock.move(1)
    clipboard.clear()
    assert clipboard.spoken_text() == ""


@pytest.mark.security("S95")
def test_it_is_cleared_when_the_time_is_over(clipboard: Clipboard, clock: FakeClock, qtbot: QtBot) -> None:
    clipboard.copy(Secret(SECRET), 30, owner="main")
    assert clipboard.button_text() == "Copied, clears in 30 s"
    assert clipboard.owner == "main"
    clock.move(29.2)
    let_timer_end(clipboard)
    assert clipboard_text() == SECRET
    assert clipboard.button_text() == "Copied, clears in 1 s"
    clock.move(0.8)
    with qtbot.waitSignal(clipboard.changed):
        let_timer_end(clipboard)
    assert clipboard_text() == ""
    assert (clipboard.button_text(), clipboard.owner, clipboard.holds_secret) == ("", "", False)


@pytest.mark.security("S95")
def test_its_own_timer_clears_it(qapp: QApplication, qtbot: QtBot) -> None:
    clipboard = Clipboard()
    clipboard.copy(Secret(SECRET), 0.05)
    assert clipboard_text() == SECRET
    qtbot.waitUntil(lambda: clipboard_text() == "")
    assert not clipboard.holds_secret


@pytest.mark.security("S95")
def test_time_asleep_counts(clipboard: Clipboard, clock: FakeClock) -> None:
    clipboard.copy(Secret(SECRET), 30)
    clock.move(3600)
    let_timer_end(clipboard)
    assert clipboard_text() == ""


@pytest.mark.security("S95")
def test_a_second_copy_starts_the_delay_anew(clipboard: Clipboard, clock: FakeClock) -> None:
    clipboard.copy(Secret(SECRET), 30, owner="main")
    clock.move(25)
    clipboard.copy(Secret("made-up-access-token-0002"), 30, owner="savings")
    clock.move(10)
    let_timer_end(clipboard)
    assert clipboard_text() == "made-up-access-token-0002"
    assert clipboard.owner == "savings"
    clock.move(20)
    let_timer_end(clipboard)
    assert clipboard_text() == ""


@pytest.mark.security("S95")
def test_the_person_s_own_copy_is_never_cleared(clipboard: Clipboard, clock: FakeClock) -> None:
    clipboard.copy(Secret(SECRET), 30, owner="main")
    users_copy("a shopping list")
    assert not clipboard.holds_secret, "it is known at once"
    assert clipboard.button_text() == ""
    clock.move(60)
    let_timer_end(clipboard)
    clipboard.clear()
    clipboard.clear_for("main")
    assert clipboard_text() == "a shopping list"


@pytest.mark.security("S95")
def test_what_lies_there_is_looked_at_before_clearing(clipboard: Clipboard) -> None:
    """The signal for another program's copy may still be on its way."""
    clipboard.copy(Secret(SECRET), 30)
    QGuiApplication.clipboard().blockSignals(True)
    users_copy("a shopping list")
    QGuiApplication.clipboard().blockSignals(False)
    assert clipboard.holds_secret
    clipboard.clear()
    assert clipboard_text() == "a shopping list"


@pytest.mark.security("S96")
def test_it_is_cleared_when_the_program_quits(clipboard: Clipboard, qapp: QApplication) -> None:
    clipboard.copy(Secret(SECRET))
    qapp.aboutToQuit.emit()
    assert clipboard_text() == ""
    users_copy("a shopping list")
    qapp.aboutToQuit.emit()
    assert clipboard_text() == "a shopping list"


@pytest.mark.security("S96")
def test_it_is_cleared_when_its_account_goes(clipboard: Clipboard) -> None:
    clipboard.copy(Secret(SECRET), owner="main")
    clipboard.clear_for("savings")
    assert clipboard_text() == SECRET
    clipboard.clear_for("main")
    assert clipboard_text() == ""


@pytest.mark.security("S97")
def test_wayland_is_told_about_honestly(clock: FakeClock, qapp: QApplication) -> None:
    clipboard = Clipboard(clock.clock, platform="wayland")
    assert not clipboard.can_clear()
    clipboard.copy(Secret(SECRET), 30)
    assert "clears in" not in clipboard.button_text()
    assert "only while its window is in front" in clipboard.warning()
    clock.move(31)
    let_timer_end(clipboard)
    if qapp.applicationState() != Qt.ApplicationState.ApplicationActive:
        assert clipboard_text() == SECRET, "it could not be cleared yet"
        assert clipboard.holds_secret
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert clipboard_text() == ""
    assert Clipboard(clock.clock, platform="xcb").warning() == ""


def test_a_picture_of_another_program_is_not_ours(clipboard: Clipboard) -> None:
    clipboard.copy(Secret(SECRET))
    data = QMimeData()
    data.setData("image/png", b"not a real picture")
    QGuiApplication.clipboard().setMimeData(data)
    assert not clipboard.holds_secret


def look(clipboard: Clipboard) -> None:
    """A second has passed, and it looks what is there."""
    timer = clipboard.afterwards.findChild(QTimer)
    assert timer is not None
    assert clipboard.afterwards.looking
    timer.stop()
    timer.timeout.emit()


@pytest.mark.security("S95")
def test_what_was_cleared_keeps_an_owner_so_that_no_manager_fills_it(clipboard: Clipboard, qtbot: QtBot) -> None:
    clipboard.copy(Secret(SECRET), owner="main")
    clipboard.clear()
    assert clipboard.formats() == ["text/plain"], "it is empty text, not nothing"
    with qtbot.assertNotEmitted(clipboard.returned):
        look(clipboard)
    assert not clipboard.afterwards.found


@pytest.mark.security("S97")
@pytest.mark.parametrize("brought_back", [SECRET, f"{SECRET}\n"])
def test_a_secret_that_a_manager_brings_back_is_told(clipboard: Clipboard, qtbot: QtBot, brought_back: str) -> None:
    clipboard.copy(Secret(SECRET), owner="main")
    clipboard.clear()
    users_copy(brought_back)
    with qtbot.waitSignal(clipboard.returned) as told:
        look(clipboard)
    assert told.args == ["main"]
    assert clipboard.afterwards.found
    clipboard.copy(Secret(SECRET), owner="main")
    assert not clipboard.afterwards.found


@pytest.mark.security("S97")
def test_a_manager_that_takes_the_secret_over_at_once_is_told(clipboard: Clipboard, qtbot: QtBot) -> None:
    clipboard.copy(Secret(SECRET), owner="main")
    QGuiApplication.clipboard().setText("a shopping list")
    with qtbot.assertNotEmitted(clipboard.returned):
        look(clipboard)
    clipboard.copy(Secret(SECRET), owner="main")
    QGuiApplication.clipboard().setMimeData(SecretMime(Secret("made-up-access-token-0002")))
    QGuiApplication.clipboard().setText(SECRET)
    with qtbot.waitSignal(clipboard.returned):
        look(clipboard)


@pytest.mark.security("S95", "S96")
def test_a_copy_after_clearing_is_left_alone_at_the_end(clipboard: Clipboard, qapp: QApplication) -> None:
    clipboard.copy(Secret(SECRET))
    clipboard.clear()
    users_copy("a shopping list")
    qapp.aboutToQuit.emit()
    assert clipboard_text() == "a shopping list"
    clipboard.copy(Secret(SECRET))
    clipboard.clear()
    qapp.aboutToQuit.emit()
    assert clipboard.formats() == [], "nothing is left to hand over"
