"""What the group stores of an account, before it is sealed."""

import msgspec
import pytest

from keyrack.core.sharing.shared_record import SharedRecord, SharedSettings, StoredShare
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret

SETTINGS = SharedSettings("desk", "whitebit", "global", "authorization_code", "an-invented-client")


@pytest.mark.security("S104")
def test_a_record_shows_no_token() -> None:
    made = SharedRecord(
        settings=SETTINGS,
        record=Record(generation=3, refresh=Secret("an-invented-refresh-token")),
        written=1_790_000_000.0,
        writer="desk-1",
        access=Secret("an-invented-access-token"),
    )
    plain = made.encode()
    stored = msgspec.json.decode(plain, type=StoredShare)
    assert (SharedRecord.decode(plain), stored.access) == (made, "an-invented-access-token")
    for shown in (f"{made!r}", f"{stored!r}", f"{stored}"):
        assert "token" not in shown.replace("SharedRecord", "")
