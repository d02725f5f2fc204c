"""The fuzzer finds a fault that is there, shortens what shows it, keeps it, and counts it."""

import logging
import random
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.campaigns.fuzzing import corpus
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.engine import Fuzzed, Fuzzer, drawn, shortened
from tests.campaigns.fuzzing.mutation import Mutator

GOOD = b'{"name": "x", "number": 12, "list": [1, 2, 3]}\n{"name": "y"}'


class BrokenTarget:
    """Cannot bear a NUL, or logs an error or a secret where a brace stands twice."""

    name = "sample"
    rooms = ("primitives",)
    words = (b"word",)

    def __init__(self, says: str = "") -> None:
        self._says = says

    def inputs(self) -> SearchStrategy[bytes]:
        return st.binary(max_size=5)

    async def outcome(self, data: bytes) -> str:
        if self._says and b"{{" in data:
            logging.getLogger("sample").log(logging.ERROR if "error" in self._says else logging.DEBUG, self._says)
        if not self._says and b"\0" in data:
            raise ValueError("NUL")
        return "fine"

    async def settle(self) -> None:
        """Nothing to look at."""


@pytest.fixture(autouse=True)
def own_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(corpus, "FOLDER", tmp_path)
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "good").write_bytes(GOOD)
    return tmp_path / "sample"


async def fuzzed(target: BrokenTarget, seconds: float = 20.0) -> Fuzzed:
    with Complaints() as complaints:
        complaints.secrets = {"canary"}
        fuzzer = Fuzzer(target, complaints, 1)
        fuzzer.most_faults = 1
        return await fuzzer.run(seconds)


async def test_a_fault_is_found_shortened_and_kept(own_corpus: Path) -> None:
    found = await fuzzed(BrokenTarget())
    assert found.faults == {"ValueError: NUL": 1}
    (told,) = found.told
    assert "sample, seed 1: ValueError: NUL\n  input: b'\\x00'\n" in told
    (kept,) = own_corpus.glob("fault-*")
    assert kept.read_bytes() == b"\0"
    assert kept.name in told


@pytest.mark.parametrize("says", ["an error came", "a canary was here"])
async def test_what_is_logged_counts_too(says: str) -> None:
    found = await fuzzed(BrokenTarget(says))
    assert says in found.told[0]
    assert "b'{{'" in found.told[0]


async def test_the_corpus_alone_takes_no_time_and_finds_nothing_here() -> None:
    found = await fuzzed(BrokenTarget(), seconds=0)
    assert (found.inputs, found.told, found.outcomes) == (1, [], {"fine": 1})


async def test_an_input_is_shortened_to_what_it_needs() -> None:
    async def fails(data: bytes) -> bool:
        return b"a" in data and b"b" in data

    assert await shortened(b"x" * 60 + b"a" + b"y" * 33 + b"b" + b"z" * 50, fails) == b"ab"


def test_the_same_seed_makes_the_same_inputs() -> None:
    target = BrokenTarget()
    assert drawn(target, 5, 20) == drawn(target, 5, 20) != drawn(target, 6, 20)
    first, second = (Mutator(random.Random(3), (b"word",)) for _ in range(2))
    changed = [first.changed(GOOD, b"other\nlines") for _ in range(300)]
    assert changed == [second.changed(GOOD, b"other\nlines") for _ in range(300)]
    assert len(set(changed)) > 250
    assert any(b"word" in data for data in changed)


def test_text_of_the_corpus_stands_for_bytes(own_corpus: Path) -> None:
    (own_corpus / "a.http").write_text("GET / HTTP/1.1\nX: \\x00\\\\\n\n")
    assert corpus.kept("sample")["a.http"] == b"GET / HTTP/1.1\r\nX: \0\\\r\n\r\n"
