"""The identity of an account is shown without its full spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.accounts.masking import mask


@pytest.mark.parametrize(
    ("identity", "shown"),
    [
        ("sam@example.org", "s…m@example.org"),
        ("a@example.org", "…@example.org"),
        ("@example.org", "…@example.org"),
        ("1234567890", "12…90"),
        ("1234", "…"),
        ("", ""),
    ],
)
def test_a_masked_identity_can_be_recognised_but_not_copied(identity: str, shown: str) -> None:
    assert mask(identity) == shown


@given(st.text(min_size=5))
def test_no_more_than_four_characters_of_a_name_are_shown(name: str) -> None:
    before, at, _ = mask(name).partition("@")
    assert len(before.replace("…", "", 1)) <= 4 or (not at and len(name) <= 4)
