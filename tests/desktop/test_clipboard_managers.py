"""Clipboard managers that bring back what was cleared, each a real one, beside Keyrack's clipboard on an X server."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.desktop.environment import Environment
from tests.desktop.programs import Programs, end, in_the_end, wait_until
from tests.desktop.screen import Screen, expect, tell
from tests.desktop.session import Session

SECRET = "made-up-access-token-0001"
HARMLESS = "Cleared by Keyrack"
EARLIER = "earlier"
NOTICED_WITHIN = 2.0
STARTED_WITHIN = 10.0
BROUGHT_BACK_WITHIN = 5.0
MANAGERS = ("parcellite", "xfce4-clipman")


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture(scope="module", params=MANAGERS)
def managed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen with a manager, which has a home and a session bus of its own."""
    name = str(request.param)
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed: apt install {name}")
    home = tmp_path_factory.mktemp(name)
    folders = {"XDG_CONFIG_HOME": ".config", "XDG_CACHE_HOME": ".cache", "XDG_DATA_HOME": ".local/share"}
    places = {key: str(home / folder) for key, folder in folders.items()}
    screen = Screen()
    own = {**screen.environment, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), **places}
    programs = Programs(home, own)
    try:
        in_the_end(lambda: _started(name, programs, screen))
        yield screen
    finally:
        programs.close()
        screen.close()


def _started(name: str, programs: Programs, screen: Screen) -> None:
    """Start the manager anew: at times Clipman comes up without taking part in the clipboard."""
    programs.close()
    programs.start(["dbus-run-session", "--", name])
    _until_it_brings_back(screen)


def _until_it_brings_back(screen: Screen) -> None:
    """Wait until a text outlives the program that copied it, which only the manager can bring about.

    The program is one of Qt's: Clipman brings nothing of xclip's back.
    """

    def outlives() -> bool:
        copying = screen.run("x11_clipboard_program.py")
        tell(copying, f"text {EARLIER}")
        wait_until(lambda: screen.read() == EARLIER, "a copy")
        with contextlib.suppress(subprocess.TimeoutExpired):
            copying.wait(NOTICED_WITHIN)
        tell(copying, "quit")  # killed amid a question of the manager, it would keep that waiting
        copying.wait(20)
        with contextlib.suppress(AssertionError):
            return wait_until(lambda: screen.read() == EARLIER, "the manager", NOTICED_WITHIN)
        return False

    wait_until(outlives, "a clipboard manager", STARTED_WITHIN)


def _never_the_secret(screen: Screen) -> None:
    """Read what the manager brings back, until it is the harmless text or the manager has had its time.

    A manager that looks now and then may miss the harmless text on a busy machine, and then brings nothing back.
    """
    seen: set[str] = set()

    def harmless() -> bool:
        seen.add(screen.read())
        return HARMLESS in seen

    with contextlib.suppress(AssertionError):
        wait_until(harmless, "the harmless text", BROUGHT_BACK_WITHIN)
    assert seen <= {"", HARMLESS}, f"the manager brought back {seen}"


@pytest.mark.security("S95", "S96")
def test_a_cleared_secret_stays_away_while_keyrack_runs_and_after_it_has_ended(managed: Screen) -> None:
    program = managed.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 2")
    expect(program, "holding")
    assert managed.read() == SECRET
    expect(program, "empty")
    expect(program, "looked: gone")
    assert managed.read() == ""
    tell(program, "quit")
    program.wait(20)
    _never_the_secret(managed)


@pytest.mark.security("S96")
def test_a_secret_that_is_there_at_quit_is_not_brought_back(managed: Screen) -> None:
    program = managed.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 60")
    expect(program, "holding")
    assert managed.read() == SECRET
    tell(program, "quit")
    program.wait(20)
    _never_the_secret(managed)


@pytest.mark.security("S97")
def test_a_secret_that_a_manager_brings_back_after_a_plain_clear_is_seen(managed: Screen) -> None:
    """The tour's check of the clipboard is this look."""

    def seen() -> None:
        program = managed.run("x11_clipboard_program.py")
        tell(program, f"copy {SECRET} 60")
        expect(program, "holding")
        wait_until(lambda: managed.read() == SECRET, "the secret")
        with contextlib.suppress(subprocess.TimeoutExpired):
            program.wait(NOTICED_WITHIN)
        tell(program, "wipe")
        expect(program, "looked: back")

    in_the_end(seen)


@pytest.mark.security("S97")
def test_a_secret_that_is_brought_back_is_seen(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    expect(program, "empty")
    screen.write(SECRET)
    expect(program, "looked: back")


@pytest.mark.security("S96")
def test_the_window_leaves_a_manager_the_harmless_text_when_it_is_ended(
    environment: Environment, session: Session
) -> None:
    if shutil.which("parcellite") is None:
        pytest.skip("parcellite is not installed: apt install parcellite")
    parcellite = session.programs.start(["parcellite"], env=environment.home.env)
    try:
        driver = environment.start()
        environment.sign_in(driver, "Main desk")
        driver.click("copy_token")
        environment.clipboard.until_copied()
        assert driver.terminate() == 0
        wait_until(lambda: environment.clipboard.read() == HARMLESS, "Parcellite to bring back the harmless text")
    finally:
        end(parcellite)
