"""Fish itself, asked for its completions of a line as it would offer them at Tab."""

import shutil
import subprocess

import pytest

from tests.cli.fake_socket import FakeSocket, answering, reply
from tests.manual.conftest import Home

pytestmark = pytest.mark.skipif(shutil.which("fish") is None, reason="no fish; sudo apt install fish")


def offered(home: Home, line: str) -> dict[str, str]:
    """Each word that fish offers for the line, with its description."""
    folder = home.folder / "config/fish/completions"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "keyrack.fish").write_text(home.keyrack("completion", "fish").stdout)
    command = ["fish", "--private", "-c", "complete -C $argv[1]", line]
    done = subprocess.run(
        command, env=home.env, cwd=home.folder, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.stderr == ""
    return dict(each.partition("\t")[::2] for each in done.stdout.splitlines())


def test_fish_takes_every_line_of_it(home: Home) -> None:
    script = home.keyrack("completion", "fish").stdout
    done = subprocess.run(["fish", "-n"], env=home.env, input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_verbs_options_and_words(home: Home) -> None:
    assert offered(home, "keyrack lo") == {
        "lock": "Locks Keyrack",
        "login": "Signs in to the account NAME in the browser and waits until that has ended",
        "logout": "Forgets the tokens of the account NAME and keeps its credentials",
    }
    assert set(offered(home, "keyrack accounts ")) == {"add", "list", "remove", "set"}
    assert set(offered(home, "keyrack accounts set x --scripts ")) == {"off", "ask", "allow"}
    assert "--own-keyring" in offered(home, "keyrack --sandbox agent --")
    assert set(offered(home, "keyrack completion ")) == {"bash", "zsh", "fish"}
    assert "--min-valid" not in offered(home, "keyrack lock --")
    assert "config/" in offered(home, "keyrack providers check con")


def test_accounts_and_the_command_after_them(home: Home, running: FakeSocket) -> None:
    assert {"Trading", "Zürich"} <= set(offered(home, "keyrack token "))
    assert [*offered(home, "keyrack refresh Main\\ d")] == ["Main\\ desk"] or [
        *offered(home, "keyrack refresh Main\\ d")
    ] == ["Main desk"]
    assert "Trading" not in offered(home, "keyrack accounts add ")
    assert "keyrack" in offered(home, "keyrack run Trading -- keyr")
    assert "Trading" not in offered(home, "keyrack run Trading -- T")


def test_the_sandbox_is_asked_for_its_own(home: Home) -> None:
    assert offered(home, "keyrack token ") == {}
    with answering(home.socket("keyrack-sandbox")) as sandbox:
        sandbox.answer = reply({"version": 1, "accounts": [{"name": "Stand-in"}]})
        assert set(offered(home, "keyrack --sandbox token ")) == {"Stand-in"}
        assert offered(home, "keyrack token ") == {}
