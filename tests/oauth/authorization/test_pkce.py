"""Verifier, challenge and state come from the system's random source and are never repeated."""

import re

import pytest

from keyrack.oauth.authorization import pkce
from keyrack.oauth.authorization.response_check import new_state
from keyrack.primitives.secret import Secret
from tests.checkout import DESKTOP

SOURCE = DESKTOP / "keyrack"


@pytest.mark.security("S28")
def test_the_challenge_is_that_of_the_rfc() -> None:
    """RFC 7636, appendix B."""
    pair = pkce.of(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))

    assert pair.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert pkce.METHOD == "S256"


@pytest.mark.security("S28", "S27")
def test_a_verifier_has_the_length_and_the_letters_of_the_rfc() -> None:
    verifier = pkce.make().verifier.reveal()

    assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier)


@pytest.mark.security("S27")
def test_ten_thousand_starts_show_no_repeat() -> None:
    verifiers = {pkce.make().verifier.reveal() for _ in range(10_000)}
    states = {new_state().reveal() for _ in range(10_000)}

    assert len(verifiers) == len(states) == 10_000
    assert all(len(state) >= 43 for state in states)  # 256 bit in base64


@pytest.mark.security("S27")
def test_no_other_random_source_and_no_oauth_of_qt_is_used() -> None:
    text = "\n".join(path.read_text() for path in SOURCE.rglob("*.py") if "sandbox" not in path.parts)

    assert not re.search(r"QOAuth|QtNetworkAuth", text)
    oauth = "\n".join(path.read_text() for path in (SOURCE / "oauth").rglob("*.py"))
    assert not re.search(r"^\s*(import random|from random)", oauth, re.MULTILINE)


@pytest.mark.security("S29", "S104")
def test_a_verifier_does_not_show_itself() -> None:
    pair = pkce.make()

    assert pair.verifier.reveal() not in f"{pair} {pair!r}"
