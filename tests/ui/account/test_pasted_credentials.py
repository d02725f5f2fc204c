"""Credentials that are pasted as one text."""

import pytest

from keyrack.ui.account.pasted_credentials import recognise


@pytest.mark.parametrize(
    ("text", "client_id", "secret"),
    [
        ("sample-id:canary/secret+=", "sample-id", "canary/secret+="),
        ('{"client_id": 40127, "client_secret": "canary"}', "40127", "canary"),
        ('{"web": {"clientId": "sample", "clientSecret": "canary", "redirect_uri": "http://127.0.0.1:1/cb"}}',
         "sample", "canary"),
    ],
)  # fmt: skip
def test_pasted_credentials_are_recognised(text: str, client_id: str, secret: str) -> None:
    found = recognise(text)
    assert found is not None
    assert found.secret is not None
    assert (found.client_id, found.secret.reveal()) == (client_id, secret)
    assert secret not in repr(found)


@pytest.mark.parametrize(
    "text", ["sample-id", "https://x.example:1/", "a:b c", "{", "[1]", "{}", "x" * 9000, "[" * 900]
)
def test_what_is_no_pair_is_left_alone(text: str) -> None:
    assert recognise(text) is None
