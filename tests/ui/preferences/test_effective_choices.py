"""Every setting acts where it is used, at once and whoever changed it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import Reason
from keyrack.core.preferences.all_settings import (
    AMOUNTS_AT_START,
    CLIPBOARD_SECONDS,
    IDLE_LOCK_MINUTES,
    LOCK_WITH_SCREEN,
    OVERVIEW,
    PROGRAMS,
    TELL_OF_ACCOUNTS,
    TELL_OF_CLIPBOARD,
    TELL_OF_PROGRAMS,
    TEXT_SIZE,
    THEME,
)
from keyrack.core.preferences.preferences import Preferences
from keyrack.primitives.secret import Secret
from keyrack.ui.frontend import Frontend
from keyrack.ui.preferences.choice_box import ChoiceBox
from keyrack.ui.preferences.preferences_page import PreferencesPage
from keyrack.ui.text.amount_text import HIDDEN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import delete_later
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.pages import Pages
from tests.ui.harness import WindowHarness, button, field, holdings, make_harness, seen, visible_texts
from tests.ui.question_harness import LONG


@pytest.fixture(autouse=True)
def _usual_theme_again() -> Iterator[None]:
    yield
    theme().use(None)


def chosen(harness: WindowHarness) -> Preferences:
    return harness.rack.preferences


def is_locked(harness: WindowHarness) -> bool:
    return harness.rack.lock.locked


async def test_a_copied_token_stays_as_long_as_was_chosen(harness: WindowHarness, frontend: Frontend) -> None:
    account = harness.active("w1", token=harness.token(left=1000, lifetime=1000))
    for seconds in (10, 120):
        chosen(harness).choose(CLIPBOARD_SECONDS, seconds)
        frontend.actions.copy(account)
        await seen(lambda: frontend.clipboard.holds_secret)
        assert round(frontend.clipboard.seconds_left) == seconds
        frontend.clipboard.clear()


@pytest.mark.security("S91")
async def test_it_locks_after_the_chosen_time_and_never_where_that_was_chosen(
    harness: WindowHarness, frontend: Frontend
) -> None:
    chosen(harness).choose(IDLE_LOCK_MINUTES, 0)
    assert [frontend.idle.timing] == [False]
    harness.clock.move(100_000)
    assert not frontend.idle.check()
    QTest.mouseMove(harness.window.windowHandle(), QPoint(300, 300))
    assert not harness.rack.lock.locked
    chosen(harness).choose(IDLE_LOCK_MINUTES, 5)
    assert frontend.idle.timing
    harness.clock.move(5 * 60 - 1)
    assert not frontend.idle.check()
    harness.clock.move(1)
    assert frontend.idle.check()


@pytest.mark.security("S91")
async def test_a_locked_screen_locks_only_where_that_is_wanted(harness: WindowHarness, frontend: Frontend) -> None:
    chosen(harness).choose(LOCK_WITH_SCREEN, value=False)
    frontend.session.active_changed(on=True)
    assert not is_locked(harness)
    chosen(harness).choose(LOCK_WITH_SCREEN, value=True)
    frontend.session.active_changed(on=True)
    assert is_locked(harness)


async def test_the_theme_follows_at_once_and_at_the_next_start(harness: WindowHarness, frontend: Frontend) -> None:
    for scheme in ("dark", "light"):
        chosen(harness).choose(THEME, scheme)
        assert theme().palette.name == scheme
    chosen(harness).choose(THEME, "dark")
    theme().use(None)
    again = Frontend(harness.window, harness.rack)
    assert theme().palette.name == "dark"
    await again.close()


@pytest.mark.parametrize("at_start", ["hidden", "shown", "as_left"])
def test_amounts_begin_as_was_chosen(at_start: str, qtbot: QtBot, tmp_path: Path) -> None:
    for left_hidden in (True, False):
        first = make_harness(tmp_path)
        first.contents.pages.hide_amounts(left_hidden)
        chosen(first).choose(AMOUNTS_AT_START, at_start)
        second = make_harness(tmp_path)
        second.contents.pages.privacy.begin()
        second.active("w1").show_balances(holdings(second.clock))
        second.window.show()
        second.tick()
        hidden = left_hidden if at_start == "as_left" else at_start == "hidden"
        said = visible_texts(second.window)
        assert (HIDDEN in said, "36.48" in said) == (hidden, not hidden)
        chosen(second).reset(AMOUNTS_AT_START)


@pytest.mark.parametrize("at_start", ["hidden", "shown"])
async def test_the_start_of_the_program_hides_them_and_a_window_made_anew_does_not(
    at_start: str, harness: WindowHarness
) -> None:
    chosen(harness).choose(AMOUNTS_AT_START, at_start)
    frontend = Frontend(harness.window, harness.rack)
    contents = harness.window.contents
    assert contents is not None
    assert contents.pages.privacy.on == (at_start == "hidden")
    contents.pages.hide_amounts(at_start != "hidden")
    try:
        chosen(harness).choose(TEXT_SIZE, 110)
        assert harness.window.contents is not contents
        assert (again := harness.window.contents) is not None
        assert again.pages.privacy.on == (at_start != "hidden")
    finally:
        theme().enlarge(100)
        await frontend.close()


async def test_notices_about_accounts_come_only_where_wanted(harness: WindowHarness, frontend: Frontend) -> None:
    chosen(harness).choose(TELL_OF_ACCOUNTS, value=False)
    harness.active("w1")
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    await seen(lambda: any(entry.needs for entry in frontend.entries()))
    assert frontend.notifications.due_in is None
    chosen(harness).choose(TELL_OF_ACCOUNTS, value=True)
    assert frontend.notifications.due_in is not None, "what waited is told"


async def test_a_snooze_keeps_them_back_and_what_waited_is_told_after_it(
    harness: WindowHarness, frontend: Frontend
) -> None:
    frontend.actions.snooze.begin(30)
    harness.active("w1")
    harness.signed_out("w1", Reason.REFRESH_EXPIRED)
    await seen(lambda: frontend.notifications.due_in is not None)
    assert (frontend.notifications.due_in or 0) > 29 * 60
    frontend.actions.snooze.end()
    assert (frontend.notifications.due_in or 99) < 3


async def test_notices_about_programs_come_only_where_wanted(harness: WindowHarness, frontend: Frontend) -> None:
    chosen(harness).choose(TELL_OF_PROGRAMS, value=False)
    account = harness.active("w1")
    harness.window.hide()
    frontend.tasks.start("ask", harness.rack.access.asking.ask, account, LONG)
    await seen(lambda: len(harness.rack.access.asking.pending) == 1)
    assert frontend.questions.notifications.due_in is None
    chosen(harness).choose(TELL_OF_PROGRAMS, value=True)
    assert frontend.questions.notifications.due_in is not None


@pytest.mark.parametrize("wanted", [True, False])
async def test_notices_about_the_clipboard_come_only_where_wanted(
    wanted: bool, harness: WindowHarness, frontend: Frontend
) -> None:
    chosen(harness).choose(TELL_OF_CLIPBOARD, wanted)
    assert frontend.choices.quiet_for(TELL_OF_CLIPBOARD) == (0.0 if wanted else float("inf"))
    frontend.actions.snooze.begin(60)
    assert frontend.choices.quiet_for(TELL_OF_CLIPBOARD) >= 3600


@pytest.mark.parametrize("policy", ["off", "ask", "allow"])
async def test_a_new_account_treats_programs_as_was_chosen(policy: str, harness: WindowHarness) -> None:
    chosen(harness).choose(PROGRAMS, policy)
    draft = Draft("probit", "global", "client_credentials", "New", "sample-client-9", Secret("canary-client-secret"))
    account = await harness.rack.add(draft)
    assert account.settings.scripts == policy


async def test_the_overview_follows_a_choice_from_elsewhere(harness: WindowHarness, frontend: Frontend) -> None:
    overview = harness.window.contents.pages.overview  # type: ignore[union-attr]
    chosen(harness).choose(OVERVIEW, "list")
    assert overview.head.list.isChecked()
    chosen(harness).choose(OVERVIEW, "cards")
    assert overview.head.cards.isChecked()


async def test_another_size_of_text_is_laid_out_at_once(harness: WindowHarness, frontend: Frontend) -> None:
    contents = harness.window.contents
    assert contents is not None
    contents.program.open_preferences()
    wide, high = button(harness, "preferences_back").width(), theme().font("body").pixelSize()
    box = contents.pages.findChild(QWidget, "setting:text_size")
    assert isinstance(box, QWidget)
    box.setFocus()
    try:
        chosen(harness).choose(TEXT_SIZE, 150)
        again = harness.window.contents
        assert again is not contents
        assert again is not None
        await seen(again.isVisible)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert button(harness, "preferences_back").width() == round(wide * 1.5)
        assert theme().font("body").pixelSize() == round(high * 1.5)
        assert isinstance(again.pages.currentWidget(), PreferencesPage)
        assert (focus := harness.window.focusWidget()) is not None
        assert focus.objectName() == "setting:text_size"
        harness.active("w1").show_balances(holdings(harness.clock))
        harness.rack.lock.lock(by_hand=True)
        assert again.cover.page is not None
    finally:
        theme().enlarge(100)


async def test_a_size_that_is_chosen_by_mouse_leaves_the_person_at_it(
    harness: WindowHarness, frontend: Frontend
) -> None:
    contents = harness.window.contents
    assert contents is not None
    harness.window.resize(1000, 480)
    contents.program.open_preferences()
    box = contents.pages.findChild(ChoiceBox, "setting:text_size")
    assert isinstance(box, ChoiceBox)
    assert harness.window.focusWidget().objectName() == "find_setting"
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    await seen(box.view().isVisible)
    try:
        QTest.keyClick(box.view(), Qt.Key.Key_End)
        QTest.keyClick(box.view(), Qt.Key.Key_Return)
        await seen(lambda: harness.window.contents is not contents)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
        focus = harness.window.focusWidget()
        assert isinstance(focus, ChoiceBox)
        assert focus.objectName() == "setting:text_size"
        assert focus.visibleRegion().boundingRect() == focus.rect(), "it is seen as a whole"
    finally:
        theme().enlarge(100)


def pages_of(harness: WindowHarness) -> Pages:
    """Those of the contents that the frontend has made."""
    assert harness.window.contents is not None
    return harness.window.contents.pages


def look() -> tuple[object, ...]:
    """What depends on the size of the text wherever something is laid out or painted."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return theme().scale, app.font().pixelSize(), app.styleSheet()


async def enlarged_once(harness: WindowHarness, said: str, finish: Callable[[], object]) -> None:
    """Choose larger text, which waits and says for what, until the person has finished and is on the overview."""
    pages, before = pages_of(harness), look()
    try:
        chosen(harness).choose(TEXT_SIZE, 125)
        assert pages_of(harness) is pages
        assert said in visible_texts(harness.window)
        assert look() == before, "no part of the window changes before the whole of it"
        finish()
        pages.show_overview()
        await seen(lambda: pages_of(harness) is not pages)
        assert all(now != old for now, old in zip(look(), before, strict=True))
    finally:
        theme().enlarge(100)


async def test_a_half_filled_form_is_worth_more_than_the_layout(harness: WindowHarness, frontend: Frontend) -> None:
    pages_of(harness).add_account()
    await enlarged_once(harness, "no form is half filled", lambda: None)


async def test_the_forms_that_the_layout_waits_for_are_named(harness: WindowHarness, frontend: Frontend) -> None:
    pages = pages_of(harness)
    pages.lock_passphrase()
    line = field(harness, "passphrase_new")
    QTest.keyClicks(line, "half")
    pages.show_overview()

    def finish() -> None:
        pages.lock_passphrase()
        line.clear()

    await enlarged_once(harness, "once these forms are done or empty: Lock passphrase.", finish)


async def test_a_window_that_is_gone_hears_of_nothing(harness: WindowHarness, frontend: Frontend) -> None:
    signals = (harness.rack.accounts.touched, harness.rack.lock.changed, harness.rack.preferences.changed)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    before = [signal.listener_count for signal in signals]
    again = Contents(harness.rack, frontend.actions, lambda: None)
    assert [signal.listener_count for signal in signals] > before
    delete_later(again)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert [signal.listener_count for signal in signals] == before
