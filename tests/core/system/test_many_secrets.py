"""Text is searched for thousands of live secrets, and each one is found in each of its spellings."""

import base64
import random
import threading
from urllib.parse import quote

import pytest

from keyrack.primitives.redaction import without_secrets
from keyrack.primitives.secret import MASK, Secret

_MANY = 4000


def invented(number: int) -> str:
    return f"{random.Random(number).randbytes(9).hex()}/invented"


@pytest.mark.security("S102")
def test_one_of_thousands_is_found_wherever_it_stands() -> None:
    kept = [Secret(invented(number)) for number in range(_MANY)]
    for number in (0, 1, _MANY // 2, _MANY - 1):
        text = kept[number].reveal()
        for form in (text, quote(text, ""), text.encode().hex(), base64.b64encode(text.encode()).decode()):
            for line in (form, f"before {form}", f"{form} after", f"before {form} after"):
                assert without_secrets(line).count(MASK) == 1, line
    assert without_secrets("a line that holds none") == "a line that holds none"


@pytest.mark.security("S102")
def test_a_secret_is_found_after_thousands_are_gone() -> None:
    kept = Secret(invented(-1))
    for turn in range(3):
        others = [Secret(invented(turn * _MANY + number)) for number in range(_MANY)]
        assert MASK in without_secrets(others[0].reveal())
        del others
    assert without_secrets(f"a {kept.reveal()}") == f"a {MASK}"
    late = Secret(invented(-2))
    assert without_secrets(f"a {late.reveal()}") == f"a {MASK}"


@pytest.mark.security("S102")
def test_a_short_part_of_a_header_is_found() -> None:
    header = Secret("Bearer x~9Q&")
    assert without_secrets("value x~9Q& there") == f"value {MASK} there"
    assert header


@pytest.mark.security("S102")
def test_threads_that_log_at_once_miss_none() -> None:
    missed: list[str] = []

    def work(seed: int) -> None:
        for number in range(300):
            secret = Secret(invented(seed * 10_000 + number))
            if MASK not in without_secrets(f"line {secret.reveal()}"):
                missed.append(secret.reveal())

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missed == []
