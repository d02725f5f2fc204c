"""The card of a sign-in that waits: ways out, the questions it asks, and the code that is typed."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing, Reason
from keyrack.core.sign_in.sign_ins import SignIns
from keyrack.oauth.oauth_errors import BrowserMissing, WrongAddressPasted
from keyrack.primitives.secret import Secret
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, shown_texts, visible_texts

CODE = "canary-user-code"


class RecordedSignIns(SignIns):
    """Sign-ins that record what the widgets call. The real ones run in tests/core and tests/desktop."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def open_again(self, account: Account) -> None:
        self.asked.append(f"open again {account.id}")

    def copy_link(self, account: Account) -> str:
        self.asked.append(f"copy link {account.id}")
        return "http://127.0.0.1:17463/start/canary-nonce"

    def paste(self, account: Account, text: str) -> None:
        self.asked.append(f"paste {account.id}")
        raise WrongAddressPasted("pasted_of_other_sign_in")

    def confirm(self, account: Account, yes: bool) -> None:
        self.asked.append(f"confirm {account.id} {yes}")

    def cancel(self, account: Account) -> None:
        self.asked.append(f"cancel {account.id}")


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.rack.sign_ins = RecordedSignIns()
    made.window.show()
    return made


def asked(harness: WindowHarness) -> list[str]:
    assert isinstance(harness.rack.sign_ins, RecordedSignIns)
    return harness.rack.sign_ins.asked


def test_waiting_shows_ways_out_and_the_time_that_is_left(harness: WindowHarness) -> None:
    harness.waiting("w1", left=174.0)
    harness.contents.open("w1")
    for name in ("open_again", "copy_link", "paste_address", "cancel"):
        assert button(harness, name).accessibleName() or button(harness, name).text()
    assert "2:54 left" in visible_texts(harness.window)
    harness.tick(10)
    assert "2:44 left" in visible_texts(harness.window)


def test_where_no_browser_opened_the_card_says_so_and_the_link_is_filled(harness: WindowHarness) -> None:
    account = harness.waiting("w1")
    harness.contents.open("w1")
    link = button(harness, "copy_link")
    assert link.property("role") == "plain"
    assert isinstance(account.state, Authorizing)
    harness.feed("w1", replace(account.state, why=BrowserMissing()))
    said = visible_texts(harness.window)
    assert "No browser opened" in said
    assert "Use Copy link and open it in a browser on this computer." in said
    assert link.property("role") == "primary"
    harness.waiting("w1")
    assert link.property("role") == "plain"
    assert "No browser opened" not in visible_texts(harness.window)


async def test_each_way_out_does_what_it_says(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.waiting("w1")
    harness.contents.open("w1")
    button(harness, "open_again").click()
    button(harness, "copy_link").click()
    button(harness, "cancel").click()
    await seen(lambda: len(asked(harness)) == 3)
    assert set(asked(harness)) == {"open again w1", "copy link w1", "cancel w1"}
    assert harness.clipboard.owner == "w1:link"
    assert button(harness, "copy_link").text() == "Link copied"
    harness.signed_out("w1")
    assert harness.clipboard.owner == "", "the address of a sign-in that is over is of no use to anybody"


@pytest.mark.security("S36")
def test_the_link_is_in_no_text_of_the_window(harness: WindowHarness) -> None:
    harness.waiting("w1")
    harness.contents.open("w1")
    button(harness, "copy_link").click()
    assert not any("canary-nonce" in text for text in shown_texts(harness.window))


def test_a_wrong_address_is_told_beside_the_line(harness: WindowHarness) -> None:
    harness.waiting("w1")
    harness.contents.open("w1")
    button(harness, "paste_address").click()
    button(harness, "use_address").click()
    assert "Paste the whole address first." in visible_texts(harness.window)
    QTest.keyClicks(field(harness, "pasted_address"), "http://127.0.0.1:17463/cb?code=other")
    button(harness, "use_address").click()
    assert "This is not the address that Keyrack waits for." in visible_texts(harness.window)
    assert field(harness, "pasted_address").accessibleDescription().startswith("This is not the address")


def test_what_was_pasted_is_forgotten_when_the_wait_ends(harness: WindowHarness) -> None:
    harness.waiting("w1")
    harness.contents.open("w1")
    button(harness, "paste_address").click()
    line = field(harness, "pasted_address")
    QTest.keyClicks(line, "http://127.0.0.1:17463/cb?code=canary")
    harness.waiting("w1", "exchanging")
    assert line.text() == ""


@pytest.mark.security("S33", "S34")
def test_the_person_is_asked_which_account_it_is_before_it_is_kept(harness: WindowHarness) -> None:
    harness.waiting("b1", "confirming", "s…m@example.org")
    harness.contents.open("b1")
    assert "Bitport signed in s…m@example.org. Is this the account you meant?" in visible_texts(harness.window)
    assert [button(harness, name).text() for name in ("answer_yes", "answer_no")] == ["Keep", "Discard"]
    button(harness, "answer_no").click()
    button(harness, "answer_yes").click()
    assert asked(harness) == ["confirm b1 False", "confirm b1 True"]


@pytest.mark.security("S33")
def test_a_refusal_without_state_ends_nothing_by_itself(harness: WindowHarness) -> None:
    harness.waiting("b1", "refusal")
    harness.contents.open("b1")
    assert "Bitport reported a refusal" in visible_texts(harness.window)
    assert button(harness, "answer_yes").text() == "End sign-in"
    button(harness, "answer_no").click()
    assert asked(harness) == ["confirm b1 False"]


@pytest.mark.security("S55", "S98")
def test_a_user_code_is_masked_sent_once_and_forgotten(harness: WindowHarness) -> None:
    harness.signed_out("b2", Reason.NEW)
    harness.contents.open("b2")
    sent: list[Secret] = []

    def sign_in(_account: Account, code: Secret | None = None) -> None:
        assert code is not None
        sent.append(code)

    harness.actions.sign_in = sign_in  # type: ignore[method-assign, assignment]
    line = field(harness, "user_code")
    assert line.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClicks(line, f" {CODE} ")
    assert not any(CODE in text for text in shown_texts(harness.window))
    button(harness, "sign_in").click()
    button(harness, "sign_in").click()
    assert [code.reveal().strip() for code in sent] == [CODE]
    assert line.text() == ""
    assert "Paste the code first." in visible_texts(harness.window)


def test_return_in_the_line_sends_it_and_a_button_opens_the_page(harness: WindowHarness) -> None:
    harness.signed_out("b2", Reason.NEW)
    harness.contents.open("b2")
    button(harness, "user_code_page").click()
    assert harness.opened == ["https://bitport.io/get-access"]
    QTest.keyClick(field(harness, "user_code"), Qt.Key.Key_Return)
    assert "Paste the code first." in visible_texts(harness.window)
