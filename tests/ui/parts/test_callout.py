"""The callout: one warning with what follows first, and the reasons on request."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from keyrack.ui.account.credentials_form import CredentialsForm
from keyrack.ui.parts.callout import Callout, split_warning
from tests.ui.harness import button, make_harness, seen, visible_texts


def test_the_reasons_are_shown_on_request(qtbot: QtBot) -> None:
    callout = Callout("Tick only reading.", "The key lies here.")
    qtbot.addWidget(callout)
    callout.show()
    assert callout.consequence.isVisible()
    assert not callout.reasons.isVisible()
    callout.why.setFocus()
    QTest.keyClick(callout.why, Qt.Key.Key_Space)
    assert callout.reasons.isVisible()
    callout.say("Tick only reading.")
    assert not callout.why.isVisible()
    assert not callout.reasons.isVisible()
    callout.say("")
    assert not callout.isVisible()


def test_the_first_sentence_of_a_warning_is_what_follows() -> None:
    assert split_warning("Look first. put.io says nothing. It may.") == ("Look first.", "put.io says nothing. It may.")
    assert split_warning("Look first.") == ("Look first.", "")
    assert split_warning("") == ("", "")


async def test_a_form_warns_in_one_place(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path)
    qtbot.addWidget(harness.window)
    harness.window.show()
    harness.contents.pages.add_account()
    button(harness, "provider:whitebit-fast-key").click()
    await seen(lambda: bool(harness.window.findChildren(CredentialsForm)))
    (form,) = harness.window.findChildren(CredentialsForm)
    assert [form.callout] == [each for each in harness.window.findChildren(Callout) if each.isVisible()]
    assert "Keyrack keeps it in your keyring" not in visible_texts(harness.window)
    form.callout.why.click()
    assert "Keyrack keeps it in your keyring" in visible_texts(harness.window)


def test_it_is_no_window_while_it_stands_in_no_page(qtbot: QtBot) -> None:
    callout = Callout("Tick only reading.", "The key lies here.")
    qtbot.addWidget(callout)
    assert not callout.isVisible()
