"""The frame of the campaigns: names, the table, the exit code. No campaign runs here."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.campaigns import run
from tests.campaigns.campaign import Options
from tests.campaigns.table import Count


def campaign_of(*counts: Count) -> Callable[[str], run.Campaign]:
    """Every name is a campaign that counted this."""

    def counted(home: Path, options: Options) -> list[Count]:
        assert home.is_dir()
        return [*counts, Count("the part that ran", f"{options.share:g}")]

    return lambda name: cast(run.Campaign, SimpleNamespace(TITLE=f"Of {name}", counted=counted))


def test_a_broken_promise_is_marked_and_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    kept, broken = Count("tokens lost", "0", "0", good=True), Count("sign-ins lost", "3", "0", good=False)
    assert run.main(["kills", "--seed", "7"], campaign_of(kept, broken)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Of kills (seed 7)"
    assert [line.split()[-1] for line in lines if line.startswith("sign-ins lost")] == ["BROKEN"]
    assert [line.split()[-1] for line in lines if line.startswith("tokens lost")] == ["0"]


def test_without_a_name_all_of_them_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--share", "0.25"], campaign_of(Count("kills", "12"))) == 0
    said = capsys.readouterr().out
    assert [name for name in run.CAMPAIGNS if f"Of {name} (seed" not in said] == []
    assert said.count("the part that ran  0.25") == len(run.CAMPAIGNS)


def test_an_unknown_name_is_told_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run.main(["thrills"], campaign_of())
    assert ended.value.code == 2
    assert "there is no campaign thrills; there are kills, soak, fuzz, disk" in capsys.readouterr().err
