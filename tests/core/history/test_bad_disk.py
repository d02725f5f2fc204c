"""The history on a small real disk that is full, has no room for a file, or is read-only."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.campaigns.disk_campaign import namespace_of_mounts
from tests.checkout import ROOT

TRIED = """
    import json, sys
    from pathlib import Path
    from keyrack.core.history.history_failures import HistoryFailure, HistoryNotKept
    from keyrack.core.history.history_file import HistoryFile
    from keyrack.core.history.periods import PERIODS
    from tests.campaigns.disk.small_disk import SmallDisk
    from tests.core.history.rows import NOW, row

    disk = SmallDisk(Path(sys.argv[1]) / "disk")
    def said(work):
        try:
            work()
        except HistoryNotKept as why:
            return why.sentences()
        return "done"
    found = {}
    for name, make_bad in disk.ways.items():
        state = disk.path / name.replace(" ", "-")
        file = HistoryFile(state)
        state.mkdir()
        (state / "accounts.json").write_text("{}")
        make_bad()
        first = said(lambda: file.append([row("a", NOW - 600)]))
        left = sorted(path.name for path in state.iterdir())
        disk.good()
        file.append([row("a", NOW - 1200), row("a", NOW - 600)])
        make_bad()
        again = said(lambda: [file.append([row("a", NOW + at) for at in range(3000)])])
        thinned, forgot = said(lambda: file.thin(NOW + 86_400 * 400, end=True)), said(lambda: file.forget(["b"]))
        disk.good()
        kept = [each.at - NOW for each in file.rows("a", 0, NOW + 9999, 10)]
        file.append([row("a", NOW)])
        beside = sorted(path.name for path in state.iterdir())
        found[name] = [first, left, again, kept, len(file.rows("a", 0, NOW + 9999, 10)), beside, thinned, forgot]
        file.forget(["a"])
    disk.close()
    print(json.dumps(found))
"""


@pytest.mark.security("S67")
def test_a_bad_disk_is_a_sentence_and_costs_what_was_not_written(tmp_path: Path) -> None:
    namespace = namespace_of_mounts(tmp_path)
    if namespace is None:
        pytest.skip("no namespace of mounts may be made here")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'desktop'}"}
    command = [*namespace, sys.executable, "-c", textwrap.dedent(TRIED), str(tmp_path)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"full", "no room for a file", "read-only"}
    for name, (first, left, again, kept, count, beside, _thinned, _forgot) in found.items():
        assert first.startswith("The history is not available."), name
        assert left == ["accounts.json"], name
        assert again.startswith("The history is not available."), name
        assert kept == [-1200, -600], f"{name}: all of a write or nothing of it"
        assert count == 3, name
        assert beside == ["accounts.json", "history.sqlite"], name
