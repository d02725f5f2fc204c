"""`keyrack providers`: checks a file without a window, says which line is wrong, and never loads Qt."""

import asyncio
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keyrack import providers_command
from keyrack.language.terminal_width import width_of
from keyrack.language.translation import speaking
from keyrack.providers.registry import built_in
from tests.checkout import FROM_SOURCE
from tests.core.sites.test_user_files import FILE
from tests.recording_server import Write, answer, pieces, recording


def test_a_right_file_is_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE)
    assert providers_command.run(["check", str(path)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith("sample.toml is right. Keyrack understood:\n")
    assert "  Addresses:    https://auth.example.org/token (tokens)\n" in said.out
    assert "  Sign-in:      Key (client_credentials)\n" in said.out


def test_a_wrong_file_is_told_with_file_line_key_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE.replace("token_endpoint", "tokn_endpoint"))
    assert providers_command.run(["check", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    told = "key regions.main.tokn_endpoint: is not a key of this table; did you mean token_endpoint?"
    assert said.err == f"{path}, line 9: {told}\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "Main"', "", "line 7: key regions.main.name: is missing"),
        ("checked = 2026-11-21", 'checked = "today"', "line 5: key checked: needs a day such as 2026-11-21"),
        ('title = "Key"', "title = 7", "line 13: key flows.client_credentials.title: needs text in quotation marks,"),
        ('renewal = "again"', 'renewal = "maybe"', "line 17: key dialect.renewal: “maybe” is none of the choices"),
        ("[flows.client_credentials]", "[flows.magic]", "line 12: key flows.magic: “magic” is none of the choices"),
    ],
)  # fmt: skip
def test_why_is_said_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE.replace(old, new, 1))
    assert providers_command.run(["check", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"{path}, {told}")


def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert providers_command.run(["check", str(tmp_path / "none.toml")]) == 1
    assert capsys.readouterr().err == "none.toml could not be read: No such file or directory.\n"


@pytest.mark.parametrize("given", [[], ["check"], ["add"], ["open"], ["list", "more"], ["add", "x", "y"], ["remove"]])
def test_a_wrong_command_line_is_2(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        providers_command.run(given)
    assert ended.value.code == 2
    assert "usage: keyrack providers" in capsys.readouterr().err


def run(home: Path, *given: str, stdin: int = subprocess.DEVNULL) -> "subprocess.CompletedProcess[str]":
    """The real program, where an import of Qt would end it."""
    block = "import sys; sys.modules['PySide6'] = None; from keyrack.__main__ import main; sys.exit(main())"
    environment = {**FROM_SOURCE, "HOME": str(home), "PATH": ""}
    command = [sys.executable, "-c", block, *given]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, stdin=stdin, timeout=60, check=False
    )


METADATA = {"issuer": "{base}", "token_endpoint": "{base}/token", "revocation_endpoint": "{base}/revoke"}


def by_metadata(base: str) -> str:
    """The sample file with an issuer in the place of the address for tokens, on a test port."""
    issuer = FILE.replace('token_endpoint = "https://auth.example.org/token"', f'issuer = "{base}"\ntest = true')
    return issuer.replace("https://api.example.org", f"{base}/api")


Made = Callable[[str], bytes | Write]


async def add(home: Path, text: str, made: Made, *given: str) -> tuple["subprocess.CompletedProcess[str]", list[str]]:
    """Add a file by the real program. Returns how it ended and the addresses that were asked."""
    async with recording() as port:
        path = home / "mine.toml"
        path.write_text(text.replace("{base}", port.base))
        port.then(made(port.base))
        done = await asyncio.to_thread(run, home, "providers", "add", str(path), *given)
        return done, [request.target for request in port.requests]


def metadata(**changes: str) -> Made:
    def made(base: str) -> bytes:
        return answer({name: value.replace("{base}", base) for name, value in {**METADATA, **changes}.items()})

    return made


@pytest.mark.security("S38", "S41")
async def test_add_asks_the_metadata_once_shows_every_address_and_stores_them(tmp_path: Path) -> None:
    text = by_metadata("{base}")
    done, asked = await add(tmp_path, text, metadata(), "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert asked == ["/.well-known/oauth-authorization-server"]
    assert "/token (tokens)" in done.stdout
    assert "/revoke (revocation)" in done.stdout
    stored = (tmp_path / ".config" / "keyrack" / "providers" / "sample.toml").read_text()
    assert "/token" in stored
    again = run(tmp_path, "providers", "list")
    assert (again.returncode, "sample" in again.stdout) == (0, True)
    done, asked = await add(tmp_path, text, metadata(), "--yes")
    assert (done.returncode, asked) == (1, []), "its id is taken"


async def test_add_stores_nothing_without_a_yes(tmp_path: Path) -> None:
    done, _ = await add(tmp_path, FILE, metadata())
    assert done.returncode == 2
    assert "https://auth.example.org/token (tokens)" in done.stdout
    assert done.stderr.endswith("say so with --yes.\nNothing was added.\n")
    assert not (tmp_path / ".config" / "keyrack" / "providers" / "sample.toml").exists()


@pytest.mark.security("S38")
@pytest.mark.parametrize(
    ("answered", "code", "told"),
    [
        (metadata(issuer="https://other.example"), 6, "belongs to another issuer"),
        (metadata(token_endpoint="http://other.example/token"), 6, "is not a bare https address"),
        (lambda _: answer(None, 404), 6, "status 404"),
        (lambda _: answer("<html>"), 6, "HTML page"),
        (lambda _: pieces(), 6, "without a usable answer"),
    ],
)
async def test_add_takes_nothing_from_bad_metadata(tmp_path: Path, answered: Made, code: int, told: str) -> None:
    done, _ = await add(tmp_path, by_metadata("{base}"), answered, "--yes")
    assert done.returncode == code
    assert told in done.stderr
    assert not (tmp_path / ".config" / "keyrack" / "providers" / "sample.toml").exists()


def test_a_wrong_file_is_not_added(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE.replace("token_endpoint", "tokn_endpoint"))
    done = run(tmp_path, "providers", "add", str(path), "--yes")
    assert (done.returncode, done.stdout) == (1, "")
    assert "did you mean token_endpoint?" in done.stderr


@pytest.mark.parametrize(("typed", "code"), [("y\n", 0), ("n\n", 2), ("\n", 2)])
def test_add_asks_at_a_terminal(tmp_path: Path, typed: str, code: int) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE)
    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    done = run(tmp_path, "providers", "add", str(path), stdin=theirs)
    os.close(theirs)
    os.close(ours)
    assert done.returncode == code, done.stderr
    assert "go to these addresses. Add it? [y/N] " in done.stderr


def test_the_list_names_one_s_own_files_and_what_is_wrong_with_others(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "keyrack" / "providers"
    folder.mkdir(parents=True)
    (folder / "sample.toml").write_text(FILE)
    done = run(tmp_path, "providers", "list")
    assert done.returncode == 0, done.stderr
    ids = [line.split()[0] for line in done.stdout.splitlines()]
    assert ids == [*(provider.id for provider in built_in()), "sample"]
    ended = [line.split()[0] for line in done.stdout.splitlines() if "it has closed" in line]
    assert ended == ["probit"]
    (folder / "broken.toml").write_text("id = 1")
    done = run(tmp_path, "providers", "list")
    assert done.returncode == 1
    assert done.stderr.startswith("broken.toml, line 1: key ")


def test_a_check_by_the_real_program_needs_neither_qt_nor_a_display(tmp_path: Path) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE)
    assert run(tmp_path, "providers", "check", str(path)).returncode == 0
    path.write_text(FILE + "[dialect]\n")
    done = run(tmp_path, "providers", "check", str(path))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{path}, line " in done.stderr


def test_a_file_of_ones_own_is_removed_while_no_account_uses_it(tmp_path: Path) -> None:
    config = tmp_path / ".config" / "keyrack"
    (config / "providers").mkdir(parents=True)
    (config / "providers" / "sample.toml").write_text(FILE)
    account = {
        "id": "s1",
        "name": "Own",
        "provider": "sample",
        "region": "main",
        "flow": "client_credentials",
        "client_id": "sample-client",
    }
    accounts = config / "accounts.json"
    accounts.write_text(json.dumps({"schema": 1, "accounts": [account]}))
    before = accounts.read_bytes()
    refused = run(tmp_path, "providers", "remove", "sample")
    told = "Sample was not removed. The account Own is signed in there. Remove its accounts first.\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", told)
    shipped = run(tmp_path, "providers", "remove", "whitebit")
    assert (shipped.returncode, shipped.stderr[:31]) == (1, "whitebit comes with Keyrack. On")
    assert run(tmp_path, "providers", "remove", "nobody").stderr.startswith("There is no provider nobody. ")
    assert accounts.read_bytes() == before
    accounts.write_text("{ damaged")
    removed = run(tmp_path, "providers", "remove", "sample")
    assert (removed.returncode, removed.stderr[:28]) == (1, "The accounts file is damaged")
    assert accounts.read_text() == "{ damaged"
    accounts.unlink()
    accounts.symlink_to(tmp_path / "not_mounted" / "accounts.json")
    removed = run(tmp_path, "providers", "remove", "sample")
    assert (removed.returncode, removed.stderr[:30]) == (1, "The accounts file is a link to")
    accounts.unlink()
    removed = run(tmp_path, "providers", "remove", "sample")
    assert (removed.returncode, removed.stderr) == (0, "")
    assert removed.stdout.startswith("sample was removed. Its file is now called sample.toml.removed.")
    assert [path.name for path in (config / "providers").iterdir()] == ["sample.toml.removed"]


def test_what_is_understood_stands_in_one_column_also_in_wide_letters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sample.toml"
    path.write_text(FILE)
    with speaking("ko"):
        assert providers_command.run(["check", str(path)]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    begins = {width_of(found[0]) for line in lines if (found := re.match(r"  [^:]+: +", line))}
    assert lines[0].startswith("  이름: ")
    assert len(begins) == 1
