"""Says how hard a passphrase is to guess, by its length and the kinds of its characters."""

import math
from itertools import pairwise
from typing import Literal

from keyrack.primitives.secret import Secret

Strength = Literal["short", "weak", "fair", "strong"]
_FAIR_BITS, _STRONG_BITS = 50.0, 75.0
_KINDS = ((str.islower, 26), (str.isupper, 26), (str.isdigit, 10))
_OTHER = 20
_BITS_OF_A_WORD = 11.0


def strength_of(passphrase: Secret, shortest: int) -> Strength:
    """How strong it is at best. A word from a book counts as a word, and a repeated character counts once."""
    text = passphrase.reveal()
    if len(text) < shortest:
        return "short"
    bits = min(_by_characters(text), _by_words(text))
    return "strong" if bits >= _STRONG_BITS else "fair" if bits >= _FAIR_BITS else "weak"


def _by_characters(text: str) -> float:
    alphabet = sum(size for is_kind, size in _KINDS if any(map(is_kind, text)))
    alphabet += _OTHER if any(not c.isalnum() for c in text) else 0
    alphabet += _OTHER if any(c.isalpha() and not c.isascii() for c in text) else 0
    changes = 1 + sum(ord(b) - ord(a) not in (-1, 0, 1) for a, b in pairwise(text))
    return min(changes, 2 * len(set(text))) * math.log2(max(alphabet, 2))


def _by_words(text: str) -> float:
    """Words of letters alone are from a list that others know, too. Everything else counts by its characters."""
    words = text.replace("-", " ").replace("_", " ").split()
    if not all(word.isalpha() for word in words):
        return math.inf
    return len({word.casefold() for word in words}) * _BITS_OF_A_WORD
