"""The folders of the files: the platform's own, and never a shared one."""

import os
import sys
from pathlib import Path

import pytest

from keyrack.core.system.paths import paths

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the folders of the other systems are platformdirs' own"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_folders_of_the_product(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    found = paths(sandbox=False)
    assert found.config == home / ".config/keyrack"
    assert found.state == home / ".local/state/keyrack"
    assert found.runtime == home / "run/keyrack"
    assert found.logs == home / ".local/state/keyrack/log"
    assert list(home.iterdir()) == [], "naming the folders makes none"


def test_the_sandbox_shares_none_of_them(home: Path) -> None:
    real, sandbox = paths(sandbox=False), paths(sandbox=True)
    for name in ("config", "state", "runtime", "logs"):
        assert getattr(real, name) not in (getattr(sandbox, name), *getattr(sandbox, name).parents)
        assert getattr(sandbox, name) not in getattr(real, name).parents


def test_the_xdg_variables_move_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "c"))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "s"))
    found = paths(sandbox=False)
    assert (found.config, found.state) == (home / "c/keyrack", home / "s/keyrack")


def test_a_variable_that_names_no_whole_path_counts_as_unset(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("XDG_STATE_HOME", "")
    found = paths(sandbox=False)
    assert (found.config, found.state) == (home / ".config/keyrack", home / ".local/state/keyrack")


@pytest.mark.security("S82")
@pytest.mark.parametrize("value", [None, "", "relative/path"])
def test_without_a_runtime_folder_of_the_session_it_is_never_tmp(
    home: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    found = paths(sandbox=False).runtime
    assert found in (home / ".local/state/keyrack/run", Path(f"/run/user/{os.getuid()}/keyrack"))
