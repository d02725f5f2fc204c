"""The letters of the narrow sidebar: an account's own where an exchange has several."""

import pytest

from keyrack.ui.text.rail_letters import rail_letters


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (["Trading"], ["WB"]),
        (["Trading", "Trading EU"], ["TR", "TE"]),
        (["Main desk", "Seoul desk"], ["MD", "SD"]),
        (["Archive", "Archive by code"], ["AR", "AC"]),
        (["WhiteBIT", "WhiteBIT EU", "WhiteBIT 2"], ["WB", "EU", "W2"]),
        (["Desk 1", "Desk 2", "Desk 12"], ["D1", "D2", "D12"]),
        (["Desk 109", "Desk 009", "Desk 9"], ["109", "009", "D9"]),
        (["Desk 1109", "Desk 0109"], ["109", "DE"]),
        (["Same", "Same", "Same", "Same"], ["SA", "SM", "SE", "S4"]),
        (["…", "?"], ["WB", "W2"]),
        (["Торговля", "Архив"], ["ТО", "АР"]),
        (["東京", "大阪"], ["東京", "大阪"]),
        ([], []),
    ],
)
def test_each_account_of_an_exchange_has_letters_of_its_own(names: list[str], letters: list[str]) -> None:
    assert rail_letters(names, "WhiteBIT", "WB") == letters


def test_a_hundred_accounts_of_one_exchange_have_a_hundred_different_ones() -> None:
    found = rail_letters([f"Desk {at}" for at in range(100)], "WhiteBIT", "WB")
    assert len(set(found)) == 100
    assert max(map(len, found)) == 3
