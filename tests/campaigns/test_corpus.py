"""Every input of the corpus once: what broke a promise before, and every form that hostile bytes have."""

from pathlib import Path

import pytest

from tests.campaigns.fuzz_campaign import TARGETS, fuzz
from tests.campaigns.fuzzing import corpus


@pytest.mark.parametrize("target", TARGETS)
async def test_every_input_of_the_corpus_keeps_the_promises(target: str, tmp_path: Path) -> None:
    fuzzed = await fuzz(target, tmp_path, seed=0, seconds=0)
    assert fuzzed.told == []
    assert fuzzed.inputs == len(corpus.kept(target)) >= 25
    assert len(fuzzed.outcomes) >= 4


def test_each_folder_of_the_corpus_belongs_to_a_target() -> None:
    assert {path.name for path in corpus.FOLDER.iterdir()} == set(TARGETS)


def test_inputs_are_small() -> None:
    assert {path.name: size for path in corpus.FOLDER.glob("*/*") if (size := path.stat().st_size) > 4_096} == {}
