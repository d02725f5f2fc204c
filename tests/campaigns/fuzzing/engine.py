"""Lets inputs into one target for a while: the corpus first, then changed ones, and those that hypothesis makes.

An input that reaches a new line joins the ones that are changed. One that breaks a promise is shortened and kept in
the corpus, where the tests find it.
"""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.campaigns.fuzzing import corpus
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.line_coverage import LineCoverage
from tests.campaigns.fuzzing.mutation import Mutator
from tests.campaigns.fuzzing.target import Target

_AT_ONCE = 100  # inputs between two looks at what one alone does not show
_MOST_TRIES = 300
_MOST_FAULTS = 5


@dataclass
class Fuzzed:
    """What a run came to."""

    inputs: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    lines_of_corpus: int = 0
    new_lines: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)


class Fuzzer:
    """One run at one target. `complaints` hears what is logged meanwhile. It ends early at `most_faults`."""

    def __init__(self, target: Target, complaints: Complaints, number: int) -> None:
        self._target = target
        self._complaints = complaints
        self._number = number
        self._random = random.Random(number)
        self._pool: list[bytes] = []
        self.most_faults = _MOST_FAULTS
        self.result = Fuzzed()

    async def run(self, seconds: float) -> Fuzzed:
        """Try the corpus, and then inputs of every kind for so long."""
        began, result, coverage = time.monotonic(), self.result, LineCoverage(self._target.rooms)
        with coverage if seconds else contextlib.nullcontext():  # the corpus alone needs no lines
            for name, data in corpus.kept(self._target.name).items():
                self._pool.append(data)
                await self.one(data, name)
            result.lines_of_corpus = known = coverage.seen
            for data in self._changed_and_drawn():
                if time.monotonic() - began >= seconds or len(result.faults) >= self.most_faults:
                    break
                await self.one(data)
                if coverage.seen > known:
                    known = coverage.seen
                    self._pool.append(data)
            result.new_lines = known - result.lines_of_corpus
        result.seconds = time.monotonic() - began
        return result

    async def one(self, data: bytes, name: str = "") -> None:
        """Let one input in, and note what came of it. `name` is that of its file in the corpus."""
        result = self.result
        result.inputs += 1
        try:
            result.outcomes[await self._tried(data)] += 1
            if result.inputs % _AT_ONCE == 0:
                await self._target.settle()
        except Exception as fault:  # noqa: BLE001 - whatever gets out is what is looked for
            words = f"{type(fault).__name__}: {fault}"
            result.faults[words[:60]] += 1
            if result.faults[words[:60]] == 1:
                result.told.append(await self._told(data, words, name))

    async def _tried(self, data: bytes) -> str:
        outcome = await self._target.outcome(data)
        self._complaints.raise_any()
        return outcome

    async def _fails(self, data: bytes) -> bool:
        try:
            await self._tried(data)
        except Exception:  # noqa: BLE001 - as above
            return True
        return False

    async def _told(self, data: bytes, words: str, name: str) -> str:
        target, alone = self._target.name, await self._fails(data)
        short = await shortened(data, self._fails) if alone and not name else data
        name = name or corpus.keep(target, short)
        again = f"python3 tests tests/campaigns/test_corpus.py -k {target}, which reads corpus/{target}/{name}"
        what = "input" if alone else "input, which did no harm by itself"
        return f"{target}, seed {self._number}: {words}\n  {what}: {short[:2000]!r}\n  again: {again}"

    def _changed_and_drawn(self) -> Iterator[bytes]:
        mutator = Mutator(self._random, self._target.words)
        while True:
            for data in drawn(self._target, self._random.randrange(2**32), _AT_ONCE):
                yield data
                for _ in range(2):
                    yield mutator.changed(self._random.choice(self._pool), self._random.choice(self._pool))


def drawn(target: Target, number: int, count: int) -> list[bytes]:
    """Inputs that hypothesis makes for the target, the same for the same number."""
    found: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs())
    def collect(data: bytes) -> None:
        found.append(data)

    collect()
    return found


async def shortened(data: bytes, fails: Callable[[bytes], Awaitable[bool]]) -> bytes:
    """The input without what it does not need to fail."""
    size, tries = len(data) // 2, 0
    while size and tries < _MOST_TRIES:
        at = 0
        while at < len(data) and tries < _MOST_TRIES:
            tries += 1
            without = data[:at] + data[at + size :]
            if await fails(without):
                data = without
            else:
                at += size
        size = min(size // 2, len(data) // 2) if len(data) > 1 else 0
    return data
