"""Where cards stand: in their order, on one grid, and without holes."""

from random import Random

import pytest

from keyrack.ui.overview.card_places import above_or_below, placed

GAP = 16


def test_equal_cards_stand_in_rows() -> None:
    for low, height in ((True, 96), (False, 208)):
        places = placed([low] * 5, 2, (208, 96), GAP)
        assert [(place.column, place.top, place.height) for place in places] == [
            (at % 2, at // 2 * (height + GAP), height) for at in range(5)
        ]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_mixed_cards_leave_no_hole_and_keep_their_order(seed: int, columns: int) -> None:
    chance = Random(seed)
    low = [chance.random() < 0.5 for _ in range(40)]
    places = placed(low, columns, (208, 96), GAP)
    assert [place.top for place in places] == sorted(place.top for place in places)
    for column in range(columns):
        mine = [place for place in places if place.column == column]
        assert [place.top for place in mine] == [0, *(place.end + GAP for place in mine[:-1])]
    ends = [max(place.end for place in places if place.column == column) for column in range(columns)]
    assert max(ends) - min(ends) <= 208 + GAP


def test_a_high_card_is_as_high_as_two_low_ones_beside_it() -> None:
    high, upper, lower = placed([False, True, True], 2, (209, 96), GAP)
    assert (upper.column, lower.column) == (1, 1)
    assert high.end == lower.end
    assert upper.height == lower.height >= 96
    assert high.height >= 209


def test_one_column_gives_each_card_its_own_height() -> None:
    assert [place.height for place in placed([False, True, False], 1, (300, 96), GAP)] == [300, 96, 300]


def test_arrows_go_up_and_down_in_a_column() -> None:
    places = placed([False, True, True, False, True], 2, (208, 96), GAP)
    assert [place.column for place in places] == [0, 1, 1, 0, 1]
    assert above_or_below(places, 0, down=True) == 3
    assert above_or_below(places, 2, down=False) == 1
    assert above_or_below(places, 0, down=False) == 0
    assert above_or_below(places, 4, down=True) == 4
    shorter = placed([True] * 3, 2, (208, 96), GAP)
    assert above_or_below(shorter, 1, down=True) == 2, "there is a row below, if not in this column"
