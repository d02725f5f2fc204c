"""Rights in plain words, and which of them are risky."""

import pytest

from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider
from keyrack.ui.text.scope_text import rights


@pytest.mark.parametrize("found", [found for found in built_in() if found.scope], ids=lambda found: found.id)
def test_the_rights_that_keyrack_asks_for_are_words_and_none_is_risky(found: Provider) -> None:
    """Deribit's trade:none is the opposite of trading."""
    shown = rights(found.scope.split())
    assert not [right for right in shown if right.risky]
    assert all(right.words != right.scope for right in shown)
    assert rights(["trade:read_write", "wallet:none"])[0].risky


def test_rights_are_in_plain_words_and_risky_ones_first() -> None:
    found = rights(("users.balances.read", "orders.create", "balances.read", "x.withdraw"), ("orders.create",))
    assert [(right.words, right.risky) for right in found][:2] == [("Can place orders", True), ("x.withdraw", True)]
    assert not found[2].risky
    assert len(rights(f"s{n}" for n in range(10_000))) == 10_000


@pytest.mark.security("S49")
def test_a_foreign_right_is_cleaned_and_cut() -> None:
    hostile = rights(("<b>orders</b>\u202e\n" + "x" * 5000,))[0]
    assert "\u202e" not in hostile.words
    assert "\n" not in hostile.words
    assert len(hostile.words) <= 40
