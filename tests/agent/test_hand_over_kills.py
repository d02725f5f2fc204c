"""A process that is killed while it hands a sign-in over: afterwards exactly one place holds that sign-in (S69)."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.sandbox.browser import Browser
from tests.agent.computer import Computer
from tests.agent.killed_before import SCRIPT
from tests.keyring_session import missing_programs
from tests.sandbox_process import RunningSandbox
from tests.until import wait_for

PASSPHRASE = "seven invented words for a test"
ACCOUNT = "Trading"
NOTES = ".local/state/keyrack-sandbox/handing-over"
FRESH, WHOLE = r"/\.house\.keyrack\.new$", r"/house\.keyrack$"


@pytest.fixture(scope="module")
def computers(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Computer, Computer]]:
    if missing := missing_programs():
        pytest.skip(f"not installed: {missing}")
    announced = sandbox.announce(tmp_path_factory.mktemp("announced") / "sandbox.json")
    made = Computer(announced), Computer(announced)
    yield made
    for computer in made:
        computer.close()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    return tmp_path / "house.keyrack"


def sign_in(computer: Computer) -> None:
    told = computer.agent.ask("POST", f"/v1/accounts/{ACCOUNT}/login", open_browser=False)
    Browser().answer(told["start_address"], "approve", None)
    computer.agent.until_state(ACCOUNT, "ready")


def export(computer: Computer, house: Path) -> None:
    """Hand over. The process that does it is killed, so that nothing answers."""
    words = ("export", str(house), "--account", ACCOUNT, "--hand-over")
    assert computer.type(*words, stdin=f"{PASSPHRASE}\n")[0] != 0


def id_of(computer: Computer) -> str:
    found = json.loads((computer.place.home / ".config/keyrack-sandbox/accounts.json").read_text())
    return next(str(account["id"]) for account in found["accounts"] if account["name"] == ACCOUNT)


def activity(computer: Computer) -> str:
    folder = computer.place.home / ".local/state/keyrack-sandbox/activity"
    return "".join(path.read_text() for path in folder.glob("[!.]*"))


def told(computer: Computer) -> Counter[str]:
    """How often the activity says what became of a hand-over."""
    said = activity(computer)
    return Counter({code: said.count(f'"{code}"') for code in ("hand_over_not_written", "hand_over_unknown")})


def notes(computer: Computer) -> list[Path]:
    return list((computer.place.home / NOTES).glob("*"))


def is_written(note: Path) -> bool:
    """Whether a note says so. One that is still being made is none."""
    return note.suffix == ".json" and json.loads(note.read_bytes())["written"] is True


def is_here(computer: Computer) -> None:
    wait_for(lambda: "access_token" in computer.agent.token(ACCOUNT), "a token, for which WhiteBIT may ask to wait")


def is_gone(computer: Computer) -> None:
    computer.agent.until_state(ACCOUNT, "needs_login")
    account = computer.agent.account(ACCOUNT)
    assert (account["state"], account["reason"]) == ("needs_login", "handed_over")
    stored = computer.keyring.search(service="Keyrack Sandbox", username=id_of(computer))
    assert '"client_secret"' in stored
    assert '"refresh"' not in stored
    assert '"handed_over"' in activity(computer)


def goes_on(computer: Computer, house: Path) -> None:
    code, out, err = computer.type("import", str(house), "--replace", stdin=f"{PASSPHRASE}\n")
    assert (code, out) == (0, f"{ACCOUNT} was replaced.\n"), err
    computer.agent.until_state(ACCOUNT, "ready")
    is_here(computer)


def killed(computer: Computer, event: str, pattern: str, count: int, house: Path) -> None:
    computer.restart(SCRIPT, event, pattern, str(count))
    sign_in(computer)
    export(computer, house)
    assert computer.agent.ended() == -9


@pytest.mark.security("S69", "S73")
@pytest.mark.parametrize(
    ("event", "pattern", "said"),
    [
        ("open", NOTES, ""),
        ("open", FRESH, "hand_over_unknown"),
        ("os.rename", FRESH, "hand_over_not_written"),
    ],
    ids=["before the note", "before the file", "before the file is in its place"],
)
def test_without_a_whole_file_the_sign_in_goes_on_here(
    computers: tuple[Computer, Computer], house: Path, event: str, pattern: str, said: str
) -> None:
    old, _ = computers
    before = told(old)
    killed(old, event, pattern, 1, house)
    old.restart()
    is_here(old)
    assert list(house.parent.iterdir()) == [], "what was begun is removed"
    assert notes(old) == []
    assert told(old) - before == Counter([said] if said else [])


@pytest.mark.security("S69", "S73")
@pytest.mark.parametrize(
    ("event", "pattern", "count", "carried"),
    [
        ("open", WHOLE, 1, False),
        ("os.rename", NOTES, 2, False),
        ("os.remove", NOTES, 1, False),
        ("os.remove", NOTES, 1, True),
    ],
    ids=["before it is read back", "before it is noted", "after the end here", "after the end here, file carried away"],
)
def test_with_a_whole_file_the_next_start_ends_the_sign_in_here(
    computers: tuple[Computer, Computer], house: Path, event: str, pattern: str, count: int, carried: bool
) -> None:
    old, new = computers
    killed(old, event, pattern, count, house)
    if carried:
        house = house.rename(house.with_name("carried"))
    old.restart()
    is_gone(old)
    assert notes(old) == []
    goes_on(new, house)


@pytest.mark.security("S69", "S73")
def test_a_kill_while_the_keyring_does_not_answer(computers: tuple[Computer, Computer], house: Path) -> None:
    """The file is carried away besides, so that only the note tells that it was whole."""
    old, new = computers
    old.restart()
    sign_in(old)
    old.keyring.freeze()
    exporting = threading.Thread(target=export, args=(old, house))
    exporting.start()
    wait_for(lambda: any(map(is_written, notes(old))), "the file to be noted")
    old.agent.process.kill()
    old.agent.ended()
    exporting.join()
    old.keyring.kill_daemon()  # what it was asked for meanwhile is not done
    old.keyring.start_daemon()
    house = house.rename(house.with_name("carried"))
    old.restart()
    is_gone(old)
    assert notes(old) == []
    goes_on(new, house)


@pytest.mark.security("S69")
@pytest.mark.parametrize("away", ["carried away", "disk pulled out"])
def test_a_whole_file_that_is_away_before_it_is_noted_is_named(
    computers: tuple[Computer, Computer], house: Path, away: str
) -> None:
    """Nothing tells that it was written, and nothing that it was not."""
    old, _ = computers
    before = told(old)
    stick = house.parent / "stick"
    stick.mkdir()
    killed(old, "os.rename", NOTES, 2, stick / house.name)
    moved = stick / house.name if away == "carried away" else stick
    assert (stick / house.name).exists()
    moved.rename(house.parent / "elsewhere")
    old.restart()
    is_here(old)
    assert told(old) - before == Counter(["hand_over_unknown"])
    assert notes(old) == []


@pytest.mark.security("S69")
def test_other_bytes_in_its_place_show_that_it_was_not_written(
    computers: tuple[Computer, Computer], house: Path
) -> None:
    old, _ = computers
    before = told(old)
    killed(old, "open", FRESH, 1, house)
    house.write_text("of the person")
    old.restart()
    is_here(old)
    assert told(old) - before == Counter(["hand_over_not_written"])
    assert house.read_text() == "of the person"
    assert notes(old) == []
