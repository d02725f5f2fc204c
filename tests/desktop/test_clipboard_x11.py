"""The clipboard on a real X server, seen by another program (xclip) and by a clipboard manager."""

import time
from collections.abc import Iterator

import pytest

from tests.desktop.screen import Screen, expect, tell

SECRET = "made-up-access-token-0001"


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@pytest.mark.security("S94")
def test_others_see_the_text_and_the_hint_and_the_selection_is_untouched(screen: Screen) -> None:
    screen.write("selected by hand", "primary")
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 60")
    expect(program, "holding")
    targets = screen.read("TARGETS").split()
    assert {"x-kde-passwordManagerHint", "UTF8_STRING", "text/plain"} <= set(targets)
    assert screen.read("x-kde-passwordManagerHint") == "secret"
    assert screen.read() == SECRET
    assert screen.read(selection="primary") == "selected by hand"


@pytest.mark.security("S95")
def test_it_is_gone_in_time(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    began = time.monotonic()
    tell(program, f"copy {SECRET} 1.5")
    expect(program, "holding")
    assert screen.read() == SECRET
    expect(program, "empty")
    assert 1.4 < time.monotonic() - began < 5
    assert screen.read() == ""


@pytest.mark.security("S95")
def test_a_second_copy_starts_the_delay_anew(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    tell(program, "copy made-up-access-token-0002 60")
    for _ in range(3):
        expect(program, "holding")
    assert screen.read() == "made-up-access-token-0002"


@pytest.mark.security("S95", "S96")
def test_what_somebody_else_copied_stays(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    screen.write("a shopping list")
    expect(program, "empty")
    tell(program, "quit")
    program.wait(10)
    assert screen.read() == "a shopping list"


@pytest.mark.security("S95")
def test_what_the_person_copied_from_our_own_window_stays(screen: Screen) -> None:
    """We own the selection then too: ownership alone would say that it is the secret."""
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    tell(program, "text account-name")
    expect(program, "empty")
    assert screen.read() == "account-name"


@pytest.mark.security("S96")
@pytest.mark.parametrize(("word", "asked"), [("quit", False), ("die", True)])
def test_a_clipboard_manager_gets_nothing_at_quit(screen: Screen, word: str, asked: bool) -> None:
    """Qt hands the clipboard over (SAVE_TARGETS) when it is left there, so it must be cleared before."""
    keeper = screen.run("x11_clipboard_keeper.py")
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 60")
    expect(program, "holding")
    assert screen.read() == SECRET
    tell(program, word)
    program.wait(20)
    keeper.kill()
    requests, _ = keeper.communicate()
    assert ("SAVE_TARGETS" in requests) is asked
    assert screen.read() == ""
