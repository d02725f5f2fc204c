"""Credentials that are pasted as one text."""

import pytest

from keyrack.ui.account.pasted_credentials import recognise

PAIRS = [
    ("a pair", "sample-id:canary/secret+=", "sample-id", "canary/secret+="),
    ("a tab", "sample-id\tcanary:with,marks", "sample-id", "canary:with,marks"),
    ("a row of CSV", "sample-id,canary", "sample-id", "canary"),
    ("a quoted row of CSV", '"sample-id", "canary"', "sample-id", "canary"),
    ("a row of CSV with semicolons", "sample-id;canary", "sample-id", "canary"),
    ("two lines", "sample-id\ncanary=\n", "sample-id", "canary="),
    ("two lines of Windows with space around", "  sample-id \r\n\r\n canary \r\n", "sample-id", "canary"),
    ("JSON with a number", '{"client_id": 40127, "client_secret": "canary"}', "40127", "canary"),
    (
        "a client file of Google's kind",
        '{"web": {"clientId": "sample", "clientSecret": "canary", "redirect_uri": "http://127.0.0.1:1/cb"}}',
        "sample",
        "canary",
    ),
    ("JSON with apiKey", '{"apiKey": "sample", "secret": "canary"}', "sample", "canary"),
    (
        "JSON with apiKey and apiSecret",
        '{"name": "desk", "apiKey": "sample", "apiSecret": "canary"}',
        "sample",
        "canary",
    ),
    ("JSON with key and secret", '{"key": "sample", "secret": "canary"}', "sample", "canary"),
    ("a list in JSON", '[{"id": "sample", "client_secret": "canary"}]', "sample", "canary"),
    (".env lines", "# Deribit\nDERIBIT_CLIENT_ID=sample\nDERIBIT_CLIENT_SECRET='canary=='\n", "sample", "canary=="),
    (".env lines with export", 'export API_KEY="sample"\nexport API_SECRET="canary"', "sample", "canary"),
    (".env lines in the other order", "SECRET_KEY=canary\nACCESS_KEY=sample", "sample", "canary"),
    ("labels as on a page", "Client ID: sample\nClient Secret: canary", "sample", "canary"),
    ("labels with an address", "App key: sample\nApp secret: canary\nWebsite: https://x.example/", "sample", "canary"),
    ("rows of a name and a value", "client_id,sample\nclient_secret,canary", "sample", "canary"),
    ("names above values", "API Key,API Secret\nsample,canary", "sample", "canary"),
    ("names above values with tabs", "label\tclient_id\tclient_secret\ndesk\tsample\tcanary", "sample", "canary"),
    ("lines of JSON without its braces", '"client_id": "sample",\n"client_secret": "canary",', "sample", "canary"),
]


@pytest.mark.parametrize(("text", "client_id", "secret"), [p[1:] for p in PAIRS], ids=[p[0] for p in PAIRS])
def test_pasted_credentials_are_recognised(text: str, client_id: str, secret: str) -> None:
    found = recognise(text)
    assert found is not None
    assert found.secret is not None
    assert (found.client_id, found.secret.reveal()) == (client_id, secret)
    assert secret not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        '{"client_id": "sample", "client_secret": "canary", "redirect_uris": ["http://127.0.0.1:1/cb"]}',
        "client_id=sample\nclient_secret=canary\nredirect_uri=http://127.0.0.1:1/cb",
    ],
    ids=["JSON", ".env"],
)
def test_an_address_beside_them_is_found_too(text: str) -> None:
    found = recognise(text)
    assert found is not None
    assert (found.client_id, found.redirect_uri) == ("sample", "http://127.0.0.1:1/cb")


def test_a_loopback_address_is_the_one_to_register() -> None:
    found = recognise("http://127.0.0.1:17463/cb/x")
    assert found is not None
    assert (found.client_id, found.secret, found.redirect_uri) == ("", None, "http://127.0.0.1:17463/cb/x")


@pytest.mark.parametrize(
    "text",
    [
        "sample-id",
        "https://x.example:1/",
        "a:b c",
        "{",
        "[1]",
        "{}",
        "x" * 9000,
        "[" * 900,
        "one\ntwo\nthree",
        "a sentence of words\nand one more",
        "CLIENT_ID=sample",
        "CLIENT_ID=\nCLIENT_SECRET=canary",
        "id,\n",
        ":canary",
        "API Key,API Secret\nsample",
        '{"client_id": true, "client_secret": "canary"}',
        "",
    ],
)
def test_what_is_no_pair_is_left_alone(text: str) -> None:
    assert recognise(text) is None
