"""What a passphrase is worth."""

import pytest

from keyrack.core.moving.strength import Strength, strength_of
from keyrack.primitives.secret import Secret


@pytest.mark.parametrize(
    ("passphrase", "strength"),
    [
        ("", "short"),
        ("aB3!x9", "short"),
        ("aaaaaaaaaaaaaaaa", "weak"),
        ("abcdefghijklmnop", "weak"),
        ("12345678901234567890", "weak"),
        ("password", "weak"),
        ("horse battery staple", "weak"),
        ("word word word word word word word word", "weak"),
        ("horse battery staple copper wind", "fair"),
        ("kR4!mPz8vQ", "fair"),
        ("horse battery staple copper wind lamp sea", "strong"),
        ("kR4!mPz8vQ7%hT", "strong"),
        ("горобець співає зранку біля хати моєї бабусі", "strong"),
    ],
)
def test_a_passphrase_is_worth_what_it_is_hard_to_guess(passphrase: str, strength: Strength) -> None:
    assert strength_of(Secret(passphrase), 8) == strength
