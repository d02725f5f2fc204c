"""A person moves thirteen accounts from one computer to another by the command line, with a real keyring on both."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack.sandbox.browser import Browser
from tests.agent.computer import Computer
from tests.keyring_session import missing_programs
from tests.sandbox_process import RunningSandbox

PASSPHRASE = "seven invented words for a test"
UNATTENDED = ("Main desk", "Seoul desk", "Deribit test")
LEFT_OUT = "Archive by code"


@pytest.fixture
def computers(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[tuple[Computer, Computer]]:
    if missing := missing_programs():
        pytest.skip(f"not installed: {missing}")
    announced = sandbox.announce(tmp_path / "sandbox.json")
    made = Computer(announced), Computer(announced)
    yield made
    for computer in made:
        computer.close()


@pytest.mark.security("S66", "S69", "S90")
def test_thirteen_accounts_move_house(
    computers: tuple[Computer, Computer], sandbox: RunningSandbox, tmp_path: Path
) -> None:
    old, new = computers
    assert old.type("accounts", "remove", LEFT_OUT, "--yes")[0] == 0
    for name in UNATTENDED:
        old.agent.sign_in(name)
    before = old.accounts()
    assert len(before) == 13
    new.empty()
    house = tmp_path / "house.keyrack"
    code, out, err = old.type("export", str(house), stdin=f"{PASSPHRASE}\n")
    assert (code, out) == (0, "")
    assert f"13 accounts exported into {house}." in err
    assert stat.S_IMODE(house.stat().st_mode) == 0o600
    code, out, err = old.type("export", str(house), stdin=f"{PASSPHRASE}\n")
    assert code == 2, "what is there is not replaced"

    assert new.type("import", str(house), stdin="another passphrase\n")[0] == 2
    assert new.accounts() == {}
    code, out, err = new.type("import", str(house), stdin=f"{PASSPHRASE}\n")
    assert (code, err) == (0, "")
    assert out.splitlines() == [f"{name} was added." for name in before]
    for name in UNATTENDED:
        new.agent.until_state(name, "ready")
        assert "access_token" in new.agent.token(name)
    assert list(new.accounts()) == list(before)
    assert old.accounts() == before, "nothing ended here"
    code, out, err = new.type("import", str(house), stdin=f"{PASSPHRASE}\n")
    assert out.splitlines() == [f"{name} is here already and was left as it is." for name in before]
    code, out, err = new.type("import", str(house), "--replace", stdin=f"{PASSPHRASE}\n")
    assert out.splitlines() == [f"{name} was replaced." for name in before]

    secrets = {client["client_secret"].encode() for client in sandbox.clients if client["client_secret"]}
    for computer in computers:
        for path in [*computer.files(), house]:
            text = path.read_bytes()
            assert not any(secret in text for secret in secrets), path
            assert PASSPHRASE.encode() not in text, path
    releases = (old.place.home / ".local/state/keyrack-sandbox/releases.jsonl").read_text().splitlines()
    assert {json.loads(line)["account"] for line in releases} == set(before)


@pytest.mark.security("S69")
def test_a_sign_in_is_handed_over_by_the_command_line(computers: tuple[Computer, Computer], tmp_path: Path) -> None:
    old, new = computers
    told = old.agent.ask("POST", "/v1/accounts/Trading/login", open_browser=False)
    Browser().answer(told["start_address"], "approve", None)
    old.agent.until_state("Trading", "ready")
    new.empty()
    house, words = tmp_path / "house.keyrack", ["--account", "Trading", "--account", "main DESK"]
    code, _, err = old.type("export", str(house), *words, stdin=f"{PASSPHRASE}\n")
    assert code == 0
    assert "To be signed in again there: “Trading”." in err
    assert old.accounts()["Trading"] == "ready"
    house.unlink()
    code, _, err = old.type("export", str(house), *words, "--hand-over", stdin=f"{PASSPHRASE}\n")
    assert code == 0
    assert "Ended here, and in the file: “Trading”. Import it soon." in err
    assert old.accounts()["Trading"] == "needs_login"
    assert new.type("import", str(house), stdin=f"{PASSPHRASE}\n")[0] == 0
    new.agent.until_state("Trading", "ready")
    assert "access_token" in new.agent.token("Trading")
    assert list(new.accounts()) == ["Trading", "Main desk"]


@pytest.mark.security("S69")
def test_a_lock_passphrase_guards_an_export(computers: tuple[Computer, Computer], tmp_path: Path) -> None:
    old, _ = computers
    assert old.type("lock", "--set-passphrase", stdin="\nsample phrase\n")[0] == 0
    house = tmp_path / "house.keyrack"
    code, _, err = old.type("export", str(house), stdin=f"{PASSPHRASE}\n{PASSPHRASE}\n")
    assert (code, house.exists()) == (8, False)
    assert "This is not the passphrase." in err
    body = {"file": str(house), "passphrase": PASSPHRASE}
    assert old.agent.ask("POST", "/v1/export", **body)["error"]["code"] == "usage"
    assert not house.exists()
    assert old.type("export", str(house), stdin=f"sample phrase\n{PASSPHRASE}\n")[0] == 0
    assert old.type("lock")[0] == 0
    assert old.type("export", str(tmp_path / "2"), stdin=f"sample phrase\n{PASSPHRASE}\n")[0] == 8
    assert not (tmp_path / "2").exists()


@pytest.mark.security("S90")
def test_a_script_hands_its_passphrases_over_by_a_descriptor(
    computers: tuple[Computer, Computer], tmp_path: Path
) -> None:
    old, new = computers
    words = ("export", str(tmp_path / "house"), "--account", "Main desk")
    code, _, err = old.type_with_passphrase(*words, lines=f"{PASSPHRASE}\nthe rest is left\n")
    assert code == 0, err
    assert new.type_with_passphrase("import", str(tmp_path / "house"), lines="another passphrase\n")[0] == 2
    code, out, err = new.type_with_passphrase("import", str(tmp_path / "house"), "--replace", lines=PASSPHRASE)
    assert (code, out) == (0, "Main desk was replaced.\n"), err
    assert old.type_with_passphrase("lock", "--set-passphrase", lines="\nsample phrase\n")[0] == 0
    assert old.type("lock")[0] == 0
    assert old.type_with_passphrase("unlock", lines="sample phrase\n")[0] == 0
    code, out, err = old.type("unlock", "--passphrase-fd", "999")
    assert (code, out, err) == (2, "", "Passphrase: nothing could be read from descriptor 999.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["export"], "The file's name is missing."),
        (["export", "a", "b"], "is one argument too many."),
        (["export", "a", "--hand-over", "--settings-only"], "are not given together"),
        (["export", "a", "--account", "Nobody"], "There is no account “Nobody”."),
        (["export", "a", "--passphrase-fd", "three"], "needs the number of an open descriptor."),
        (["lock", "--passphrase-fd", "3"], "is given together with --set-passphrase."),
        (["import", "nowhere"], "could not be read: No such file or directory."),
        (["import", "/dev/null"], "it is no plain file."),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_a_sentence(
    computers: tuple[Computer, Computer], words: list[str], sentence: str
) -> None:
    code, out, err = computers[0].type(*words)
    assert (code, out) == (3 if "Nobody" in words else 2, "")
    assert sentence in err
