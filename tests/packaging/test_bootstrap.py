"""The set-up: once, from exactly the lock, and each failure is one sentence."""

import ast
import os
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checkout import ROOT
from tests.packaging.tiny_repository import QT, TinyRepository

STAMP = ".venv/keyrack-requirements.txt.stamp"


def assert_one_sentence(done: subprocess.CompletedProcess[str], *words: str) -> None:
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in last


def prepare_for_tests(repository: TinyRepository) -> list[str]:
    folder = str(repository.root / "packaging")
    code = f"import sys; sys.path.insert(0, {folder!r}); import bootstrap; print(bootstrap.prepare(tests=True))"
    return [repository.command()[0], "-c", code]


def test_a_fresh_clone_is_set_up_and_started(repository: TinyRepository) -> None:
    done = repository.start("--option", "fail")
    assert done.stdout == "started 1.0 --option fail\n"
    assert done.returncode == 7
    assert "1/1 tiny 1.0" in done.stderr
    assert "Set-up is complete." in done.stderr


def test_a_later_start_says_nothing_and_needs_no_pip(finished: TinyRepository) -> None:
    done = finished.start(PIP_FIND_LINKS=os.devnull, PATH="")
    assert (done.stdout, done.stderr) == ("started 1.0\n", "")


def test_a_later_start_imports_next_to_nothing(finished: TinyRepository) -> None:
    command = finished.command()
    command[1:1] = ["-S", "-Ximporttime"]  # without the site's own imports
    listed = subprocess.run(command, env=finished.environment(), capture_output=True, text=True, check=True).stderr
    imported = {line.split("|")[-1].strip() for line in listed.splitlines()}
    assert "bootstrap" in imported
    assert not imported & {"environment", "subprocess", "hashlib", "tempfile", "json"}


def test_code_in_the_current_folder_is_not_run(repository: TinyRepository, tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text("VERSION = 'foreign'\n")
    (tmp_path / "keyrack.py").write_text("print('foreign')\n")
    assert repository.start(cwd=tmp_path, PYTHONPATH=str(tmp_path)).stdout == "started 1.0\n"


@pytest.mark.security("S109")
def test_a_package_with_another_hash_is_refused(repository: TinyRepository) -> None:
    repository.wheel("tiny", "1.0", {"tiny.py": "VERSION = 'evil'\n", **QT})
    done = repository.start()
    assert_one_sentence(done, "hash differs")
    assert done.stdout == ""
    assert not (repository.root / STAMP).exists()


@pytest.mark.security("S109")
def test_a_package_without_a_hash_is_refused(repository: TinyRepository) -> None:
    (repository.root / "packaging/requirements.txt").write_text("tiny==1.0\n")
    done = repository.start()
    assert_one_sentence(done, "lock file is incomplete")
    assert not (repository.root / STAMP).exists()


def test_a_changed_lock_rebuilds_from_nothing(repository: TinyRepository) -> None:
    repository.lock(
        {"tiny": repository.wheels / "tiny-1.0-py3-none-any.whl", "old": repository.wheel("old", "1.0", {"old.py": ""})}
    )
    repository.start()
    assert list((repository.root / ".venv").rglob("old.py"))
    repository.lock({"tiny": repository.wheel("tiny", "2.0", {"tiny.py": "VERSION = '2.0'\n", **QT})})
    done = repository.start()
    assert done.stdout == "started 2.0\n"
    assert not list((repository.root / ".venv").rglob("old.py"))


def test_another_python_rebuilds(changeable: TinyRepository) -> None:
    stamp = changeable.root / STAMP
    stamp.write_bytes(stamp.read_bytes().replace(b"\npython 3.", b"\npython 2."))
    assert "Set-up is complete." in changeable.start().stderr


def test_a_moved_repository_rebuilds(changeable: TinyRepository) -> None:
    changeable.root = changeable.root.rename(changeable.root.with_name("moved"))
    done = changeable.start()
    assert "Set-up is complete." in done.stderr
    assert done.stdout == "started 1.0\n"
    assert [path.read_text().strip() for path in (changeable.root / ".venv").rglob("keyrack.pth")] == [
        str(changeable.root / "desktop")
    ]


def test_an_environment_of_somebody_else_is_left_alone(repository: TinyRepository) -> None:
    theirs = repository.root / ".venv" / "theirs"
    theirs.parent.mkdir()
    theirs.write_text("mine")
    assert_one_sentence(repository.start(), "was not made by Keyrack")
    assert theirs.read_text() == "mine"


@pytest.mark.parametrize("whole_group", [True, False], ids=["with its pip", "while its pip lives on"])
def test_a_killed_set_up_is_done_again(repository: TinyRepository, whole_group: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as index:
        silent = {
            "PIP_NO_INDEX": "0",
            "PIP_FIND_LINKS": "",
            "PIP_INDEX_URL": f"http://127.0.0.1:{index.getsockname()[1]}/",
        }
        killed = repository.begin(**silent, PIP_RETRIES="0")
        connection, _ = index.accept()  # its pip has begun, and hangs
        if whole_group:
            os.killpg(killed.pid, signal.SIGKILL)
        else:
            killed.kill()
        assert not (repository.root / STAMP).exists()
        following = repository.begin()
        assert following.stdout is not None
        if not whole_group:
            assert "Another start" in following.stdout.readline()
        connection.close()
    output, _ = following.communicate(timeout=90)
    assert output.endswith("started 1.0\n")
    assert ("Another start" in output) is False
    killed.wait(timeout=30)
    assert killed.stdout is not None
    killed.stdout.close()


def test_killed_while_it_changes_a_finished_environment_is_not_finished(changeable: TinyRepository) -> None:
    changeable.lock({"tool": changeable.wheel("tool", "1.0", {"tool.py": ""})}, "requirements-tests.txt")
    with socket.create_server(("127.0.0.1", 0)) as index:
        address = f"http://127.0.0.1:{index.getsockname()[1]}/"
        environment = changeable.environment(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=address)
        command = prepare_for_tests(changeable)
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True) as killed:
            connection, _ = index.accept()
            os.killpg(killed.pid, signal.SIGKILL)
        connection.close()
    assert not (changeable.root / STAMP).exists()
    assert "Set-up is complete." in changeable.start().stderr


def test_two_starts_at_once_set_up_once(repository: TinyRepository) -> None:
    outputs = [start.communicate(timeout=90)[0] for start in [repository.begin() for _ in range(3)]]
    assert "".join(outputs).count("Setting up Keyrack") == 1
    assert all(output.endswith("started 1.0\n") for output in outputs)


def test_no_network_is_one_sentence_without_an_address(repository: TinyRepository) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://name:password@127.0.0.1:{closed.getsockname()[1]}/"
        done = repository.start(PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=address, PIP_RETRIES="0")
    assert_one_sentence(done, "check the network")
    assert "password" not in done.stderr
    assert "http" not in done.stderr


def test_a_missing_library_of_qt_is_one_sentence_and_not_a_new_set_up(repository: TinyRepository) -> None:
    broken = "raise ImportError('libEGL.so.1: cannot open shared object file: No such file or directory')\n"
    repository.lock(
        {
            "tiny": repository.wheel(
                "tiny", "1.0", {"tiny.py": "VERSION = '1.0'\n", **QT, "PySide6/QtWidgets.py": broken}
            )
        }
    )
    assert_one_sentence(repository.start(), "libEGL.so.1", "libegl1" if sys.platform == "linux" else "")
    for verb in (["agent"], ["--sandbox", "token", "--uninstall"]):
        assert repository.start(*verb).stdout == f"started 1.0 {' '.join(verb)}\n", "only the window needs Qt"
    second = repository.start()
    assert_one_sentence(second, "libEGL.so.1")
    assert "Setting up" not in second.stderr
    for path in (repository.root / ".venv").rglob("QtWidgets.py"):
        path.write_text("")
    assert repository.start().stdout == "started 1.0\n"


def test_the_test_tools_are_added_to_a_finished_environment(changeable: TinyRepository) -> None:
    kept = changeable.root / ".venv" / "kept"
    kept.touch()
    wheels = {
        "tiny": changeable.wheels / "tiny-1.0-py3-none-any.whl",
        "tool": changeable.wheel("tool", "1.0", {"tool.py": ""}),
    }
    changeable.lock(wheels, "requirements-tests.txt")
    done = subprocess.run(
        prepare_for_tests(changeable), env=changeable.environment(), capture_output=True, text=True, check=True
    )
    assert subprocess.run([done.stdout.strip(), "-I", "-c", "import tool, tiny"], check=False).returncode == 0
    assert kept.exists()
    assert "Setting up" not in changeable.start().stderr


@pytest.mark.parametrize("program", ["desktop/__main__.py", "tests/__main__.py"])
def test_an_old_python_is_told_so(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse((ROOT / program).read_text(encoding="utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit, match=r"needs? Python 3\.11 or newer; this is Python 3\.10"):
        runpy.run_path(str(ROOT / program), run_name="__main__")
