"""Whether memory grows, and what the kernel says of a process."""

import os
import random

from tests.campaigns.process_figures import growth, look

MEGABYTE = 1e6


def sizes(grows: float) -> list[float]:
    """Two hundred looks at a process that needs more at times, and grows by so much with each."""
    source = random.Random(3)
    return [60 * MEGABYTE + grows * n + source.choice((0, 0, 0, 200)) * MEGABYTE for n in range(200)]


def test_a_leak_is_seen_beside_what_is_needed_for_a_moment() -> None:
    moments = [5.0 * n for n in range(200)]
    steady, leaking = growth(moments, sizes(0)), growth(moments, sizes(0.02 * MEGABYTE))
    assert steady.none
    assert not leaking.none
    assert abs(leaking.whole - 4 * MEGABYTE) < MEGABYTE / 2
    assert growth(moments, sizes(-0.02 * MEGABYTE)).none, "what shrinks does not grow"


def test_a_heap_that_settles_at_first_does_not_grow() -> None:
    measured = (74.8, 75.0, 76.2, 76.0, 76.4, 76.4, 76.4, 76.4, 76.4, 76.4, 76.4, 76.5)
    sizes = [size * MEGABYTE for size in measured for _ in range(10)]
    assert growth([5.0 * n for n in range(len(sizes))], sizes).none


def test_the_figures_are_those_of_the_process() -> None:
    kept = bytearray(os.urandom(1)) * 40_000_000
    found = look(os.getpid(), 7.0)
    assert found.at == 7.0
    assert found.rss > len(kept)
    assert found.threads >= 1
    assert found.descriptors is None or found.descriptors >= 3
    assert found.cpu > 0
