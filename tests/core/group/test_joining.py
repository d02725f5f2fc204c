"""The group's key reaches the host that has the code and that a person let in, and nobody else."""

from dataclasses import replace

import msgspec
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.group.group_failures import GroupFailure, InvitationFailure
from keyrack.core.group.invitation import SUITE, HandedKey, JoinAnswer, JoinRequest, places, purpose_of
from keyrack.core.group.joining_code import LETTERS, JoiningCode, new_code, read_code
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import StoredEntry
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.secret import Secret
from tests.core.group.conftest import Hosts, OneHost, Write


async def entries(store: EtcdStore, prefix: str) -> dict[str, StoredEntry]:
    return {entry.key: entry for entry in (await store.read(prefix)).entries}


async def test_a_host_with_the_code_that_is_let_in_has_the_same_key(
    first: OneHost, host: Hosts, store: EtcdStore, prefix: str
) -> None:
    second = host("desk-2")
    await first.let_in(second)
    one, other = await first.membership.open(), await second.membership.open()
    assert other.settings.group_id == one.settings.group_id
    assert other.settings.host_id != one.settings.host_id
    sealed = one.seal.close(f"{prefix}accounts/a", 3, b"what both may read")
    assert other.seal.open(f"{prefix}accounts/a", sealed).plain == b"what both may read"
    # Nothing of the invitation stays.
    assert [key for key in await entries(store, prefix) if "joining" in key] == []


async def test_the_person_sees_who_asks_and_may_refuse(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    invitation = await first.entrances.invite()
    assert (await first.entrances.look("", 0)).guest == ""
    joining = await second.entrances.join(second.door, read_code(invitation.code.text))
    assert joining.inviting == "desk-1"
    assert (await first.entrances.look("waiting", 5)).guest == "desk-2"
    assert not await second.entrances.wait_for_answer(0)
    assert (await first.entrances.decide(let_in=False)).step == "ended"
    with pytest.raises(InvitationFailure) as refused:
        await second.entrances.wait_for_answer(5)
    assert refused.value.code == "share_invitation_refused"
    assert not second.membership.file.exists()
    assert second.vault.names() == set()


async def test_a_code_is_good_for_one_host(first: OneHost, host: Hosts) -> None:
    second, third = host("desk-2"), host("desk-3")
    code = (await first.entrances.invite()).code
    await second.entrances.join(second.door, code)
    with pytest.raises(InvitationFailure) as late:
        await third.entrances.join(third.door, code)
    assert late.value.code == "share_invitation_used"


async def test_a_wrong_code_finds_nothing_to_try(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    await first.entrances.invite()
    with pytest.raises(InvitationFailure) as wrong:
        await second.entrances.join(second.door, new_code())
    assert wrong.value.code == "share_invitation_none"
    assert (await first.entrances.look("", 0)).step == "waiting"


async def test_a_request_without_the_code_ends_the_invitation(
    first: OneHost, store: EtcdStore, prefix: str, write: Write
) -> None:
    invitation = await first.entrances.invite()
    place = places(prefix, invitation.code)["request"]
    request = JoinRequest("desk-2", X25519PrivateKey.generate().public_key().public_bytes_raw())
    await write(place, Seal([new_code().key], None).close(place, 1, msgspec.json.encode(request)))
    with pytest.raises(InvitationFailure) as tried:
        await first.entrances.look("waiting", 5)
    assert tried.value.code == "share_invitation_tried"
    with pytest.raises(InvitationFailure):
        await first.entrances.decide(let_in=True)
    assert [key for key in await entries(store, prefix) if key.endswith(("offer", "answer"))] == []


async def test_a_request_that_was_exchanged_after_the_person_saw_it_gets_no_key(
    first: OneHost, host: Hosts, store: EtcdStore, prefix: str, write: Write
) -> None:
    second = host("desk-2")
    invitation = await first.entrances.invite()
    await second.entrances.join(second.door, invitation.code)
    await first.entrances.look("waiting", 5)
    place = places(prefix, invitation.code)["request"]
    await write(place, (await entries(store, prefix))[place].value)
    with pytest.raises(InvitationFailure) as over:
        await first.entrances.decide(let_in=True)
    assert over.value.code == "share_invitation_over"
    assert [key for key in await entries(store, prefix) if key.endswith("answer")] == []


async def test_a_code_that_is_found_later_opens_no_old_copy(
    first: OneHost, host: Hosts, store: EtcdStore, prefix: str
) -> None:
    second = host("desk-2")
    code = (await first.entrances.invite()).code
    await second.entrances.join(second.door, code)
    await first.entrances.look("waiting", 5)
    await first.entrances.decide(let_in=True)
    place = places(prefix, code)["answer"]
    kept = (await entries(store, prefix))[place].value
    answer = msgspec.json.decode(Seal([code.key], None).open(place, kept).plain, type=JoinAnswer)
    with pytest.raises(InvalidTag):
        SUITE.decrypt(answer.sealed, X25519PrivateKey.generate(), purpose_of(place))
    key = (await first.membership.secrets.load()).newest.raw()
    assert key not in kept
    assert key.hex().encode() not in kept


async def test_an_answer_that_was_exchanged_is_not_kept(first: OneHost, host: Hosts, prefix: str, write: Write) -> None:
    second = host("desk-2")
    code = (await first.entrances.invite()).code
    await second.entrances.join(second.door, code)
    await write(places(prefix, code)["answer"], b"KRSH\x01 of whoever may write there")
    with pytest.raises(InvitationFailure) as changed:
        await second.entrances.wait_for_answer(5)
    assert changed.value.code == "share_invitation_changed"
    assert not second.membership.file.exists()


async def test_a_new_invitation_ends_the_one_before(first: OneHost, host: Hosts) -> None:
    old = (await first.entrances.invite()).code
    await first.entrances.invite()
    second = host("desk-2")
    with pytest.raises(InvitationFailure):
        await second.entrances.join(second.door, old)


async def test_the_invitation_hangs_on_a_lease_of_ten_minutes(first: OneHost, store: EtcdStore, prefix: str) -> None:
    await first.entrances.invite()
    (lease,) = {entry.lease for key, entry in (await entries(store, prefix)).items() if "joining" in key}
    assert 590 < await store.keep_alive(lease) <= 600


async def test_a_host_that_stops_waiting_gives_the_code_up(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    code = (await first.entrances.invite()).code
    await second.entrances.join(second.door, code)
    await second.entrances.give_up()
    assert (await first.entrances.look("waiting", 5)).step == "ended"
    with pytest.raises(InvitationFailure) as none:
        await second.entrances.wait_for_answer(0)
    assert none.value.code == "share_not_joining"


async def test_a_host_of_a_group_joins_no_other(first: OneHost) -> None:
    with pytest.raises(GroupFailure) as there:
        await first.entrances.join(first.door, new_code())
    assert there.value.code == "share_in_group"


async def test_a_group_that_was_made_while_a_host_waited_to_join_keeps_its_key(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    await second.entrances.join(second.door, (await first.entrances.invite()).code)
    await first.entrances.look("waiting", 5)
    await second.membership.create(replace(second.door, group=f"{second.door.group}-own"))
    key = (await second.membership.secrets.load()).newest.secret
    await first.entrances.decide(let_in=True)
    with pytest.raises(GroupFailure) as there:
        await second.entrances.wait_for_answer(5)
    assert there.value.code == "share_in_group"
    assert (await second.membership.secrets.load()).newest.secret == key
    await second.membership.check()


async def test_a_keyring_that_refuses_leaves_no_half_joined_host(first: OneHost, host: Hosts) -> None:
    second = host("desk-2")
    invitation = await first.entrances.invite()
    await second.entrances.join(second.door, invitation.code)
    await first.entrances.look("waiting", 5)
    await first.entrances.decide(let_in=True)
    second.vault.refuses_saves = Locked()
    with pytest.raises(Locked):
        await second.entrances.wait_for_answer(5)
    assert not second.membership.file.exists()
    second.vault.refuses_saves = None
    assert await second.entrances.wait_for_answer(5)

    assert (await second.membership.open()).settings.host == "desk-2"


@given(st.data())
def test_a_slip_in_a_code_is_told_before_anything_is_asked(data: st.DataObject) -> None:
    text = new_code().text.reveal().replace("-", "")
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = text[:at] + data.draw(st.sampled_from(LETTERS.replace(text[at], ""))) + text[at + 1 :]
    told = ""
    try:
        # One of a thousand slips passes, and names another place.
        assert read_code(Secret(wrong)).place != JoiningCode(Secret(text)).place
    except InvitationFailure as why:
        told = why.code
    assert told in ("", "share_code_slip")


def test_a_code_is_read_as_it_is_shown_and_in_small_letters() -> None:
    code = new_code()
    for shown in (code.text.reveal().replace("-", "-\u200b"), code.text.reveal().lower(), f" {code.text.reveal()}\n"):
        assert read_code(Secret(shown)).place == code.place


@given(st.text(max_size=60))
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(InvitationFailure) as refused:
        read_code(Secret(text))
    assert text == "" or len(text) < 5 or text not in refused.value.sentences()


def test_a_code_may_be_written_in_many_ways() -> None:
    code = new_code()
    text = code.text.reveal()
    assert [len(part) for part in text.split("-")] == [5] * 6
    for way in (text.lower(), text.replace("-", ""), f"  {text.replace('-', ' ')}\n", text.replace("0", "o")):
        assert read_code(Secret(way)).place == code.place
        assert read_code(Secret(way)).key.secret == code.key.secret


@pytest.mark.security("S104")
def test_place_and_key_of_a_code_tell_nothing_of_each_other() -> None:
    code = new_code()
    assert code.place not in code.key.secret.reveal()
    assert code.text.reveal() not in repr(code)
    assert "0f0f" not in f"{HandedKey('0123456789abcdef', 1, '0f' * 32)}"
    assert new_code().place != code.place
