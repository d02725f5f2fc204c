"""`keyrack providers`: checks a file without a window, says which line is wrong, and never loads Qt."""

import subprocess
import sys
from pathlib import Path

import pytest

from keyrack import providers_command
from keyrack.providers.registry import built_in
from tests.checkout import FROM_SOURCE
from tests.core.sites.test_user_files import FILE


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
    assert capsys.readouterr().err == "none.toml could not be read or stored: No such file or directory.\n"


@pytest.mark.parametrize("given", [[], ["check"], ["open"], ["list", "more"]])
def test_a_wrong_command_line_is_2(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        providers_command.run(given)
    assert ended.value.code == 2
    assert "usage: keyrack providers" in capsys.readouterr().err


def run(home: Path, *given: str) -> "subprocess.CompletedProcess[str]":
    """The real program, where an import of Qt would end it."""
    block = "import sys; sys.modules['PySide6'] = None; from keyrack.__main__ import main; sys.exit(main())"
    environment = {**FROM_SOURCE, "HOME": str(home), "PATH": ""}
    command = [sys.executable, "-c", block, *given]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_list_names_one_s_own_files_and_what_is_wrong_with_others(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "keyrack" / "providers"
    folder.mkdir(parents=True)
    (folder / "sample.toml").write_text(FILE)
    done = run(tmp_path, "providers", "list")
    assert done.returncode == 0, done.stderr
    ids = [line.split()[0] for line in done.stdout.splitlines()]
    assert ids == [*(provider.id for provider in built_in()), "sample"]
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
