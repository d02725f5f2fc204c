"""A person moves thirteen accounts from one home to another in the window, by keys, drops and pastes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret
from keyrack.ui.add_account.credentials_step import CredentialsStep
from keyrack.ui.add_account.import_step import ImportStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.moving.moving_page import MovingPage
from keyrack.ui.widgets.buttons import CheckBox
from tests.ui.harness import CANARY, WindowHarness, button, field, make_harness, seen, shown_texts, visible_texts
from tests.ui.sizes.walk import laid_out

PASSPHRASE = "canary words that nobody guesses at all"
WAYS = (
    ("probit", "global", "client_credentials", ""),
    ("whitebit", "global", "authorization_code", "http://127.0.0.1:17463/cb/whitebit"),
    ("bitport", "global", "authorization_code", "http://127.0.0.1:17463/cb/bitport"),
    ("deribit", "test", "client_credentials", ""),
)
THIRTEEN = tuple(
    Settings(f"m{at}", f"Desk {at}", *WAYS[at % 4][:3], f"sample-client-{at}", WAYS[at % 4][3])  # type: ignore[arg-type]
    for at in range(13)
)


def window(qtbot: QtBot, folder: Path, settings: tuple[Settings, ...]) -> WindowHarness:
    made = make_harness(folder, settings)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


async def old_home(qtbot: QtBot, folder: Path) -> WindowHarness:
    """Thirteen accounts, each with its secret, those of WhiteBIT with a refresh token that rotates."""
    made = window(qtbot, folder / "old", THIRTEEN)
    for settings in THIRTEEN:
        rotates = settings.provider == "whitebit"
        record = Record(
            client_secret=Secret(f"{CANARY}-secret-{settings.id}"),
            signed_in=rotates,
            refresh=Secret(f"{CANARY}-refresh-{settings.id}") if rotates else None,
        )
        await made.rack.parts.records.vault.save(settings.id, record)
    await made.rack.parts.restorer.restore_all()
    return made


def choose(harness: WindowHarness, name: str) -> MovingPage:
    """Choose an entry of the menu. Returns the page that it opens."""
    entries = {action.objectName(): action for action in harness.contents.sidebar.findChildren(QAction)}
    entries[name].trigger()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, MovingPage)
    return page


def type_into(harness: WindowHarness, name: str, text: str) -> None:
    field(harness, name).setFocus()
    field(harness, name).clear()
    QTest.keyClicks(field(harness, name), text)


async def export(harness: WindowHarness, file: Path) -> MovingPage:
    page = choose(harness, "menu_export")
    for name in ("export_passphrase", "export_again"):
        type_into(harness, name, PASSPHRASE)
    type_into(harness, "export_path", str(file))
    return page


def drop(harness: WindowHarness, mime: QMimeData) -> bool:
    """Drag something over the window and let it go. Returns whether the window took it."""
    place, action = QPointF(400, 300), Qt.DropAction.CopyAction
    no_button, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), action, mime, no_button, no_key)
    enter.setAccepted(False)
    QApplication.sendEvent(harness.contents, enter)
    if enter.isAccepted():
        QApplication.sendEvent(harness.contents, QDropEvent(place, action, mime, no_button, no_key))
    return enter.isAccepted()


async def focused(harness: WindowHarness, name: str) -> None:
    """Wait until the control of this name has the focus, and what led there has ended."""

    def has_it() -> bool:
        control: QWidget | None = harness.window.focusWidget()
        return control is not None and control.objectName() == name and harness.tasks.idle

    await seen(has_it)


def file_mime(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def text_mime(text: str) -> QMimeData:
    mime = QMimeData()
    mime.setText(text)
    return mime


def paste(harness: WindowHarness, text: str) -> None:
    QApplication.clipboard().setText(text)
    QTest.keyClick(harness.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.security("S69", "S98")
async def test_thirteen_accounts_move_house(qtbot: QtBot, tmp_path: Path) -> None:
    old, house = await old_home(qtbot, tmp_path), tmp_path / "house.keyrack"
    page = await export(old, house)
    await seen(lambda: "Desk 1, Desk 5, Desk 9: each renewal" in visible_texts(page))
    assert "Strong: nobody guesses it." in visible_texts(page)
    button(old, "export_hand_over").click()
    assert "signed out here" in visible_texts(page)
    QTest.keyClick(field(old, "export_path"), Qt.Key.Key_Return)
    await seen(lambda: f"13 accounts are in {house}." in visible_texts(page))
    assert "Ended here: Desk 1, Desk 5, Desk 9." in visible_texts(page)
    assert old.account("m1").state == LoggedOut(Reason.HANDED_OVER)
    assert field(old, "export_passphrase").text() == ""
    assert CANARY not in house.read_text()

    new = window(qtbot, tmp_path / "new", ())
    assert drop(new, file_mime(house))
    await seen(lambda: isinstance(new.contents.pages.currentWidget(), MovingPage))
    await focused(new, "import_passphrase")
    QTest.keyClicks(field(new, "import_passphrase"), PASSPHRASE + "x")
    QTest.keyClick(field(new, "import_passphrase"), Qt.Key.Key_Return)
    await seen(lambda: "This is not the passphrase of the export." in visible_texts(new.window))
    await focused(new, "import_passphrase")
    type_into(new, "import_passphrase", PASSPHRASE)
    QTest.keyClick(field(new, "import_passphrase"), Qt.Key.Key_Return)
    await focused(new, "import_go")
    QTest.keyClick(button(new, "import_go"), Qt.Key.Key_Return)
    await seen(lambda: "Desk 12 was added." in visible_texts(new.window))
    assert [account.settings.name for account in new.rack.accounts] == [each.name for each in THIRTEEN]
    for settings in THIRTEEN:
        record = await new.rack.parts.records.load(settings.id)
        assert record.client_secret == Secret(f"{CANARY}-secret-{settings.id}")
    assert isinstance(new.account("m1").state, Active)
    for harness in (old, new):
        assert not [text for text in shown_texts(harness.window) if CANARY in text]
        await harness.tasks.close()


async def test_an_export_that_ended_leaves_the_focus_at_the_button_that_was_pressed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    old, house = await old_home(qtbot, tmp_path), tmp_path / "house.keyrack"
    page = await export(old, house)
    for name, told in (("export", "accounts are in"), ("export_settings", "without any secret")):
        button(old, name).setFocus()
        QTest.keyClick(button(old, name), Qt.Key.Key_Return)
        await seen(lambda told=told: told in visible_texts(page))  # type: ignore[misc]
        await focused(old, name)
        house.unlink()


async def own_export_opened(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    """A home that has exported its accounts, and has pasted the file into its own window."""
    old, house = await old_home(qtbot, tmp_path), tmp_path / "house.keyrack"
    await export(old, house)
    button(old, "export").click()
    await seen(house.exists)
    await seen(lambda: old.tasks.idle)
    paste(old, house.read_text())
    await focused(old, "import_passphrase")
    QTest.keyClicks(field(old, "import_passphrase"), PASSPHRASE)
    button(old, "import_open").click()
    await focused(old, "import_keep")
    return old


async def test_an_export_that_is_pasted_opens_and_what_is_here_is_kept_or_replaced(
    qtbot: QtBot, tmp_path: Path
) -> None:
    old = await own_export_opened(qtbot, tmp_path)
    assert visible_texts(old.window).count("here already") == 14, "each account, and the choice"
    await old.rack.rename(old.account("m0"), "Mine")
    button(old, "import_replace").click()
    button(old, "import_go").click()
    await seen(lambda: "Desk 12 was replaced." in visible_texts(old.window))
    await old.tasks.close()


@pytest.mark.parametrize("way", ["import_keep", "import_replace"])
async def test_what_an_import_did_is_announced_and_the_focus_stays_on_its_page(
    qtbot: QtBot, tmp_path: Path, announced: list[str], way: str
) -> None:
    old = await own_export_opened(qtbot, tmp_path)
    button(old, way).click()
    button(old, "import_go").setFocus()
    announced.clear()
    QTest.keyClick(button(old, "import_go"), Qt.Key.Key_Return)
    summed = old.window.findChild(QLabel, "import_sum")
    assert isinstance(summed, QLabel)
    await seen(summed.isVisible)
    await focused(old, "import_path")
    laid_out()
    assert field(old, "import_path").hasFocus(), "also once the page is shown as a whole"
    did = {
        "import_keep": "13 accounts were here already and are as they were.",
        "import_replace": "13 accounts were replaced.",
    }
    assert announced.count(did[way]) == 1
    assert summed.text() == did[way]
    assert not [said for said in announced if CANARY in said]
    await old.tasks.close()


@pytest.mark.parametrize(
    ("entered", "again", "sentence"),
    [("short", "short", "at least 8 characters"), (PASSPHRASE, "another one of mine", "These are two different ones.")],
    ids=["short", "different"],
)
async def test_a_passphrase_that_will_not_do_is_said_at_its_field(
    qtbot: QtBot, tmp_path: Path, entered: str, again: str, sentence: str
) -> None:
    old = await old_home(qtbot, tmp_path)
    page = choose(old, "menu_export")
    type_into(old, "export_passphrase", entered)
    type_into(old, "export_again", again)
    button(old, "export").click()
    assert sentence in visible_texts(page)
    await seen(lambda: old.tasks.idle)
    assert not list(tmp_path.glob("*.keyrack"))
    await old.tasks.close()


async def test_the_settings_alone_need_no_passphrase(qtbot: QtBot, tmp_path: Path) -> None:
    old, file = await old_home(qtbot, tmp_path), tmp_path / "settings.json"
    page = choose(old, "menu_export")
    for at in range(1, 13):
        button(old, f"export:m{at}").click()
    type_into(old, "export_path", str(file))
    button(old, "export_settings").click()
    await seen(lambda: "without any secret" in visible_texts(page) and file.exists() and old.tasks.idle)
    assert CANARY not in file.read_text()
    new = window(qtbot, tmp_path / "new", ())
    assert drop(new, file_mime(file))
    await seen(lambda: "new, to be signed in again" in visible_texts(new.window))
    for harness in (old, new):
        await harness.tasks.close()


async def test_the_export_of_many_accounts_begins_at_its_top_and_ticks_all_or_none(
    qtbot: QtBot, tmp_path: Path
) -> None:
    many = tuple(replace(each, id=f"{each.id}-{turn}") for turn in range(9) for each in THIRTEEN)
    many = tuple(replace(each, name=f"Desk {at}") for at, each in enumerate(many))
    harness = window(qtbot, tmp_path, many)
    page = choose(harness, "menu_export")
    laid_out()
    assert page.page.verticalScrollBar().maximum() > 0
    assert page.page.verticalScrollBar().value() == 0
    await focused(harness, "export_all")
    count = page.findChild(QLabel, "export_count")
    boxes = [box for box in page.findChildren(CheckBox) if box.objectName().startswith("export:")]
    assert isinstance(count, QLabel)
    for name, ticked, said in (("export_none", 0, "0 of 117"), ("export_all", 117, "117 of 117")):
        button(harness, name).click()
        assert (sum(box.isChecked() for box in boxes), count.text()) == (ticked, said)
    boxes[0].click()
    assert count.text() == "116 of 117"
    assert len({box.x() for box in boxes}) > 1, "side by side where there is room"
    await harness.tasks.close()


async def test_the_file_of_an_export_is_chosen_in_a_dialog_that_leaves_a_refusal_to_the_export(
    qtbot: QtBot, tmp_path: Path
) -> None:
    harness = window(qtbot, tmp_path, THIRTEEN[:1])
    choose(harness, "menu_export")
    type_into(harness, "export_path", str(tmp_path / "house.keyrack"))
    button(harness, "export_browse").click()
    dialog = harness.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    assert dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.fileSelected.emit(str(tmp_path / "other.keyrack"))
    dialog.reject()
    assert field(harness, "export_path").text() == str(tmp_path / "other.keyrack")
    await harness.tasks.close()


async def test_what_an_import_did_is_one_line_and_then_what_differs(qtbot: QtBot, tmp_path: Path) -> None:
    old = await own_export_opened(qtbot, tmp_path)
    await old.rack.remove(old.account("m12"))
    button(old, "import_go").click()
    await seen(lambda: "Desk 12 was added." in visible_texts(old.window))
    said = visible_texts(old.window)
    assert "1 account was added. 12 accounts were here already and are as they were." in said
    assert "was left as it is" not in said
    row = next(text for text in old.window.findChildren(QLabel) if text.text() == "Desk 12 was added.")
    laid_out()
    card = row.parentWidget()
    assert card is not None
    assert row.width() == card.width(), "across the whole width"
    await old.tasks.close()


def credentials(harness: WindowHarness) -> CredentialsStep:
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    assert isinstance(page.step, CredentialsStep), page.step
    return page.step


APCA = "APCA_API_KEY_ID"
GOOGLE = '{"installed": {"client_id": "sample", "client_secret": "canary", "redirect_uris": ["http://localhost"]}}'
SHAPES = [
    ("Deribit's JSON", '{"name": "deribit", "client_id": "sample", "client_secret": "canary"}', "deribit"),
    ("WhiteBIT's .env", "WHITEBIT_CLIENT_ID=sample\nWHITEBIT_CLIENT_SECRET=canary", "whitebit"),
    (
        "Alpaca's .env",
        f"{APCA}=sample\nAPCA_API_SECRET_KEY=canary\nAPCA_API_BASE_URL=https://paper-api.alpaca.markets",
        "alpaca",
    ),
    ("a client file of Google's kind", GOOGLE, ""),
    ("two lines", "sample\ncanary", ""),
    ("tabs", "sample\tcanary", ""),
]


@pytest.mark.security("S98")
@pytest.mark.parametrize("way", ["drop", "paste", "file"])
@pytest.mark.parametrize(("text", "provider"), [shape[1:] for shape in SHAPES], ids=[shape[0] for shape in SHAPES])
async def test_credentials_open_the_form_filled(
    qtbot: QtBot, tmp_path: Path, way: str, text: str, provider: str
) -> None:
    harness = window(qtbot, tmp_path, ())
    come: dict[str, Callable[[], object]] = {
        "drop": lambda: drop(harness, text_mime(text)),
        "paste": lambda: paste(harness, text),
        "file": lambda: drop(harness, file_mime(tmp_path / "keys")),
    }
    (tmp_path / "keys").write_text(text)
    come[way]()
    await seen(lambda: isinstance(harness.contents.pages.currentWidget(), AddAccountWizard))
    if not provider:
        assert "Found id and secret. Choose the exchange" in visible_texts(harness.window)
        button(harness, "provider:deribit").click()
    region = {"alpaca": "region:paper", "whitebit": "region:global"}.get(provider, "region:test")
    button(harness, region).click()
    form = credentials(harness).form
    assert form.client_id.entered() == "sample"
    assert form.secret() == Secret("canary")
    assert "Found id and secret" in visible_texts(harness.window)
    assert not [shown for shown in shown_texts(harness.window) if "canary" in shown]
    assert not form.client_secret.edit.isUndoAvailable()
    await harness.tasks.close()


async def test_a_provider_file_that_is_dropped_is_read(qtbot: QtBot, tmp_path: Path) -> None:
    harness = window(qtbot, tmp_path, ())
    (tmp_path / "own.toml").write_text("id = 1\n")
    assert drop(harness, file_mime(tmp_path / "own.toml"))
    await seen(lambda: isinstance(harness.contents.pages.currentWidget(), AddAccountWizard))
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    assert isinstance(page.step, ImportStep)
    await seen(lambda: "own.toml, line" in visible_texts(harness.window))
    await harness.tasks.close()


@pytest.mark.parametrize("text", ["a text about nothing", "x" * 100_000, "\x00\xff"], ids=["words", "long", "binary"])
async def test_anything_else_is_a_sentence_and_is_never_shown(qtbot: QtBot, tmp_path: Path, text: str) -> None:
    harness = window(qtbot, tmp_path, THIRTEEN)
    before = harness.contents.pages.currentWidget()
    (tmp_path / "f").write_text(text)
    assert drop(harness, file_mime(tmp_path / "f"))
    await seen(lambda: "Keyrack found no id with a secret in it" in visible_texts(harness.window))
    assert harness.contents.pages.currentWidget() is before
    assert not [shown for shown in shown_texts(harness.window) if text in shown]
    await harness.tasks.close()


async def test_nothing_comes_in_while_locked(qtbot: QtBot, tmp_path: Path) -> None:
    harness = window(qtbot, tmp_path, THIRTEEN)
    harness.rack.lock.lock(by_hand=True)
    for come in (lambda: drop(harness, text_mime("sample\ncanary")), lambda: paste(harness, "sample\ncanary")):
        harness.contents.notice.hide()
        come()
        assert "Unlock first." in visible_texts(harness.window)
    assert not isinstance(harness.contents.pages.currentWidget(), AddAccountWizard)
    await harness.tasks.close()


async def test_a_field_that_has_the_focus_pastes_for_itself(qtbot: QtBot, tmp_path: Path) -> None:
    harness = window(qtbot, tmp_path, THIRTEEN)
    page = choose(harness, "menu_import")
    QApplication.clipboard().setText("sample:canary")
    field(harness, "import_path").setFocus()
    QTest.keyClick(field(harness, "import_path"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field(harness, "import_path").text() == "sample:canary"
    assert harness.contents.pages.currentWidget() is page
    await harness.tasks.close()
