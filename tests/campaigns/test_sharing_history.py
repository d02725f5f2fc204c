"""The checker of a shared record's history finds what a broken Keyrack would write."""

from dataclasses import replace

import pytest

from tests.campaigns.sharing_history import Version, faults

NOTED = Version(11, 10, 4, "desk-1", (5, "desk-1"), "desk-1")
STORED = Version(12, 11, 5, "desk-1", None, "desk-1")
GOOD = [Version(10, 9, 4, "desk-1", None, "desk-1"), NOTED, STORED]


def test_a_renewal_with_its_note_is_one_history() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("place", "bad", "said"),
    [
        (2, replace(STORED, follows=10), "follows 10, but 11 was the last"),
        (2, replace(STORED, generation=6), "has generation 6 after 4"),
        (2, replace(STORED, generation=3), "has generation 3 after 4"),
        (1, replace(NOTED, intent=None), "was renewed by desk-1, and the note was None"),
        (2, replace(STORED, leader="desk-2"), "was stored by desk-1, while desk-2 renewed"),
        (1, replace(NOTED, leader="desk-2"), "notes a renewal of desk-1, while desk-2 renewed"),
    ],
)
def test_what_a_host_may_not_write_is_found(place: int, bad: Version, said: str) -> None:
    history = [*GOOD]
    history[place] = bad
    assert any(said in fault for fault in faults(history))
