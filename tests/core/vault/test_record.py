"""A record is read or refused, whatever the keyring returns."""

import json
import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.vault.record import SCHEMA, Record
from keyrack.core.vault.vault_errors import Corrupt, NewerSchema
from keyrack.primitives.secret import Secret

FULL = Record(
    generation=7,
    client_secret=Secret("cs-invented"),
    refresh=Secret("rt-invented"),
    refresh_issued_wall=1_800_000_000.5,
    refresh_lifetime=600.0,
    access=Secret("at-invented"),
    issued_wall=1_800_000_000.0,
    lifetime=300.0,
    sign_in_wall=1_799_999_000.0,
    sign_in_lifetime=604_800.0,
    code_verifier=Secret("cv-invented"),
    api="https://api02.example",
    scopes=("general", "balance.read"),
    signed_in=True,
    identity="m***@example.com",
    api_key=Secret("ak-invented"),
    api_secret=Secret("as-invented"),
    api_key_id="0b5a3c1e-1111-4222-8333-444455556666",
    api_key_issued_wall=1_800_000_000.25,
    fetching="0b5a3c1e-1111-4222-8333-444455557777",
    delivered=Secret("dk-invented"),
)


def changed(**values: object) -> Secret:
    return Secret(json.dumps({**json.loads(FULL.encode().reveal()), **values}))


@pytest.mark.security("S62")
def test_a_record_comes_back_as_it_was() -> None:
    assert Record.decode(FULL.encode()) == FULL
    assert Record.decode(Record(generation=1).encode()) == Record(generation=1)


@pytest.mark.security("S62")
def test_the_text_names_schema_generation_and_what_renews() -> None:
    found = json.loads(FULL.encode().reveal())
    assert found["schema"] == SCHEMA
    assert found["generation"] == 7
    assert found["refresh"] == "rt-invented"
    assert found["refresh_lifetime"] == 600


@pytest.mark.security("S104")
def test_a_record_shows_no_secret_and_is_not_pickled() -> None:
    assert "invented" not in repr(FULL)
    with pytest.raises(TypeError):
        pickle.dumps(FULL)


@pytest.mark.security("S68")
def test_a_newer_schema_is_told_apart_from_damage() -> None:
    with pytest.raises(NewerSchema):
        Record.decode(changed(schema=SCHEMA + 1, generation="of another kind"))


def test_keys_of_a_later_version_of_this_schema_are_ignored() -> None:
    assert Record.decode(changed(later="x")) == FULL


def test_a_record_of_0_1_0_is_read_without_its_field_that_is_gone() -> None:
    stored = (
        '{"access":"at-invented","client_secret":"cs-invented","generation":7,"identity":"m***@example.com",'
        '"intent":8,"issued_wall":1800000000.0,"lifetime":300.0,"refresh":"rt-invented",'
        '"refresh_issued_wall":1800000000.5,"refresh_lifetime":600.0,"schema":1,'
        '"scopes":["general","balance.read"],"signed_in":true}'
    )
    found = Record.decode(Secret(stored))
    assert found == replace(
        FULL,
        sign_in_wall=None,
        sign_in_lifetime=None,
        code_verifier=None,
        api="",
        api_key=None,
        api_secret=None,
        api_key_id="",
        api_key_issued_wall=None,
        fetching="",
        delivered=None,
    )
    assert "intent" not in found.encode().reveal()
    assert Record.decode(Secret(stored.replace('"intent":8', '"intent":"later"'))) == found


GARBAGE = [
    "",
    " ",
    "null",
    "[]",
    '"text"',
    "7",
    "{}",
    "{",
    FULL.encode().reveal()[:-5],
    "\ufeff{}",
    "\x00",
    "[" * 200_000,
    '{"a":' * 100_000,
    '{"schema":1,"schema":1,"generation":1}',
    '{"schema":1,"generation":' + "9" * 5_000 + "}",
    '{"schema":1,"generation":1,"lifetime":NaN}',
    '{"schema":1,"generation":1,"lifetime":1e999}',
    '{"schema":1,"generation":1,"lifetime":1' + "0" * 400 + "}",
    '{"schema":1,"generation":1,"refresh":"\\ud800"}',
    "x" * 2_000_000,
]


@pytest.mark.security("S60")
@pytest.mark.parametrize("text", GARBAGE, ids=lambda text: repr(text[:24]))
def test_garbage_is_corrupt(text: str) -> None:
    with pytest.raises(Corrupt):
        Record.decode(Secret(text))


@pytest.mark.parametrize(
    "values",
    [
        {"schema": 0},
        {"schema": True},
        {"schema": "1"},
        {"generation": None},
        {"generation": -1},
        {"generation": 1.5},
        {"generation": True},
        {"refresh": 7},
        {"refresh": ["x"]},
        {"access": ""},
        {"client_secret": {}},
        {"lifetime": "300"},
        {"lifetime": True},
        {"scopes": "general"},
        {"scopes": [1]},
        {"signed_in": "yes"},
        {"identity": None},
    ],
    ids=str,
)
def test_a_value_of_a_wrong_type_is_corrupt(values: dict[str, object]) -> None:
    with pytest.raises(Corrupt):
        Record.decode(changed(**values))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(st.text() | json_values.map(json.dumps))
def test_nothing_else_than_a_vault_failure_comes_out(text: str) -> None:
    with pytest.raises((Corrupt, NewerSchema)):
        Record.decode(Secret(text))


@given(st.dictionaries(st.sampled_from(sorted(json.loads(FULL.encode().reveal()))), json_values))
def test_a_record_with_odd_values_is_read_or_refused(values: dict[str, object]) -> None:
    try:
        found = Record.decode(changed(**values))
    except (Corrupt, NewerSchema):
        return
    assert Record.decode(found.encode()) == found
