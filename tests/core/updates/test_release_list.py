"""The list of releases: what it says is read, and everything else is refused."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyrack.core.updates.release_list import list_of
from keyrack.core.updates.update_failures import ListRefused
from tests.core.updates.published import FILE, RELEASE, Desk


def refusal(text: bytes) -> str:
    with pytest.raises(ListRefused) as caught:
        list_of(text)
    return caught.value.code


def test_what_a_list_says(desk: Desk) -> None:
    other = {**RELEASE, "version": "0.10.0", "security": True, "note": "One\nline\x1b[31m\u202e"}
    found = list_of(desk.publisher.text(7, releases=[RELEASE, other, {**RELEASE, "version": "0.1.0"}]))
    assert (found.number, found.made) == (7, datetime(2026, 12, 1, tzinfo=UTC))
    assert [each.version for each in found.after("0.1.0")] == ["0.10.0", "0.2.0"]
    assert found.after("0.10.0") == ()
    assert found.after("0.1.0")[0].note == "One line [31m"
    assert found.releases[0].files[0].name == FILE["name"]
    assert found.next_key is None


def test_fields_that_are_not_known_are_left_out(desk: Desk) -> None:
    """A later Keyrack may add some without another format."""
    assert list_of(desk.publisher.text(channel="stable")).number == 1


def test_a_newer_format_is_told_apart(desk: Desk) -> None:
    assert refusal(desk.publisher.text(keyrack_releases=2)) == "update_list_newer"


@pytest.mark.parametrize(
    "wrong",
    [
        {"keyrack_releases": True},
        {"keyrack_releases": "1"},
        {"number": 0},
        {"number": 1.5},
        {"number": 10**12},
        {"made": "2026-12-01"},
        {"made": "2026-13-01T00:00:00Z"},
        {"good_until": "2026-12-01T00:00:00Z"},
        {"good_until": "2027-12-01T00:00:00Z"},
        {"good_until": "9999-12-31T23:59:59Z"},
        {"page": "http://desk.example/"},
        {"page": "https://desk.example/ and more"},
        {"next_key": "no key"},
        {"releases": [RELEASE, RELEASE]},
        {"releases": [{**RELEASE, "version": "0.2"}]},
        {"releases": [{**RELEASE, "version": "0.2.0-rc1"}]},
        {"releases": [{**RELEASE, "version": "00.2.0"}]},
        {"releases": [{**RELEASE, "version": "0.2.0\n"}]},
        {"releases": [{**RELEASE, "date": "2026-12-01\n"}]},
        {"releases": [{**RELEASE, "date": "2026-99-99"}]},
        {"page": "https://desk.example/\n"},
        {"releases": [{**RELEASE, "files": [{**FILE, "name": "keyrack.deb\n"}]}]},
        {"releases": [{**RELEASE, "files": [{**FILE, "sha256": "ab" * 32 + "\n"}]}]},
        {"releases": [{**RELEASE, "security": "yes"}]},
        {"releases": [{**RELEASE, "note": "long " * 100}]},
        {"releases": [{**RELEASE, "files": [{**FILE, "name": "../keyrack.deb"}]}]},
        {"releases": [{**RELEASE, "files": [{**FILE, "name": "a;b.deb"}]}]},
        {"releases": [{**RELEASE, "files": [{**FILE, "name": "-rf.deb"}]}]},
        {"releases": [{**RELEASE, "files": [{**FILE, "sha256": "AB" * 32}]}]},
        {"releases": [{**RELEASE, "files": [{**FILE, "size": -1}]}]},
        {"releases": [RELEASE["version"]]},
        {"releases": None},
    ],
)
def test_what_does_not_hold_is_refused(wrong: dict[str, Any], desk: Desk) -> None:
    assert refusal(desk.publisher.text(**wrong)) == "update_list_unreadable"


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"1", b"\xff\xfe", b"{" * 5000, b'{"keyrack_releases": 1}', b'{"keyrack_releases": 1, "number": NaN}'],
)
def test_what_is_no_list_is_refused(text: bytes) -> None:
    assert refusal(text) == "update_list_unreadable"


def test_a_key_that_stands_twice_is_refused(desk: Desk) -> None:
    twice = desk.publisher.text(3).replace(b'"number": 3', b'"number": 3, "number": 4')
    assert refusal(twice) == "update_list_unreadable"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_WHOLE = json.loads('{"keyrack_releases":1,"number":1,"made":"","good_until":"","page":"","next_key":"","releases":[]}')


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(list(_WHOLE)), _JSON), st.dictionaries(st.sampled_from(list(RELEASE)), _JSON))
def test_no_values_break_it(whole: dict[str, Any], release: dict[str, Any]) -> None:
    made = {"keyrack_releases": 1, "number": 1, "made": "2026-12-01T00:00:00Z", "good_until": "2026-12-02T00:00:00Z"}
    text = {**made, "page": "https://desk.example/", "releases": [{**RELEASE, **release}], **whole}
    try:
        found = list_of(json.dumps(text).encode())
    except ListRefused:
        return
    assert all(each.note.isprintable() for each in found.releases)
