"""A record in the keyring's items: read back, split, and never half there."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from keyrack.core.vault import keyring_items
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Corrupt, Denied, Missing, NewerSchema
from keyrack.primitives.secret import Secret

ACCOUNT = "a1b2c3"
WINDOWS_CHARACTERS = 1_280
SHORT = Record(generation=1, refresh=Secret("rt-invented-1"), signed_in=True)
LONG = Record(generation=2, refresh=Secret("rt-invented-2-" + "x" * 5_000), signed_in=True)
LONGER = Record(generation=3, refresh=Secret("rt-invented-3-" + "y" * 9_000), signed_in=True)


class Killed(BaseException):
    """The process ends here."""


@dataclass
class MemoryItems:
    """A keyring with the limit of Windows. It can end the process before or after any write."""

    texts: dict[str, str] = field(default_factory=dict)
    steps_left: int = 1_000_000
    after: bool = False

    def get(self, name: str) -> Secret | None:
        text = self.texts.get(name)
        return None if text is None else Secret(text)

    def set(self, name: str, text: Secret) -> None:
        if len(text) > WINDOWS_CHARACTERS:
            raise Denied(detail="too long")
        self._step(lambda: self.texts.__setitem__(name, text.reveal()))

    def delete(self, name: str) -> None:
        self._step(lambda: self.texts.__delitem__(name))

    def renew(self) -> bool:
        return False

    def _step(self, write: Callable[[], object]) -> None:
        self.steps_left -= 1
        if self.steps_left < 0 and not self.after:
            raise Killed
        write()
        if self.steps_left < 0:
            raise Killed


@dataclass
class SessionItems(MemoryItems):
    """A keyring whose first `bad` sessions hand out nothing of a secret, and lose what is written over them."""

    bad: int = 0
    loses_writes: bool = False
    session: int = 0

    def get(self, name: str) -> Secret | None:
        text = super().get(name)
        return Secret("") if text is not None and self.session < self.bad else text

    def set(self, name: str, text: Secret) -> None:
        super().set(name, Secret("") if self.loses_writes and self.session < self.bad else text)

    def renew(self) -> bool:
        self.session += 1
        return True


@pytest.mark.security("S61")
@pytest.mark.parametrize("record", [SHORT, LONG], ids=["short", "long"])
def test_a_secret_that_reads_as_empty_is_read_again_over_a_new_session(record: Record) -> None:
    items = SessionItems()
    keyring_items.save(items, ACCOUNT, record)
    items.bad = 1
    assert keyring_items.load(items, ACCOUNT) == record
    items.bad, items.session = 1, 0
    keyring_items.save(items, ACCOUNT, replace(record, generation=9))
    assert f"{ACCOUNT}.aside" not in items.texts
    assert keyring_items.load(items, ACCOUNT).generation == 9


@pytest.mark.security("S58")
def test_a_write_that_a_session_loses_is_written_again_over_a_new_one() -> None:
    items = SessionItems(bad=1, loses_writes=True)
    keyring_items.save(items, ACCOUNT, SHORT)
    assert items.session == 1
    assert keyring_items.load(items, ACCOUNT) == SHORT


@pytest.mark.security("S58")
def test_what_two_sessions_do_not_keep_is_told_and_not_tried_for_ever() -> None:
    items = SessionItems(bad=99, loses_writes=True)
    with pytest.raises(Corrupt) as told:
        keyring_items.save(items, ACCOUNT, SHORT)
    assert told.value.code == "keyring_write_not_kept"
    with pytest.raises(Corrupt):
        keyring_items.load(items, ACCOUNT)
    assert items.session < 5


def test_a_short_record_is_one_item_written_once() -> None:
    backend = MemoryItems(steps_left=1)
    keyring_items.save(backend, ACCOUNT, SHORT)
    assert list(backend.texts) == [ACCOUNT]
    assert keyring_items.load(backend, ACCOUNT) == SHORT


@pytest.mark.security("S62")
def test_a_rotation_is_a_single_write() -> None:
    backend = MemoryItems()
    keyring_items.save(backend, ACCOUNT, SHORT)
    backend.steps_left = 1
    later = replace(SHORT, generation=2, refresh=Secret("rt-invented-later"))
    keyring_items.save(backend, ACCOUNT, later)
    assert keyring_items.load(backend, ACCOUNT) == later


@pytest.mark.security("S63")
@pytest.mark.parametrize("record", [SHORT, LONG, LONGER], ids=["short", "long", "longer"])
def test_every_length_fits_into_items_of_the_shortest_keyring(record: Record) -> None:
    backend = MemoryItems()
    keyring_items.save(backend, ACCOUNT, record)
    assert keyring_items.load(backend, ACCOUNT) == record
    assert all(len(text) <= keyring_items.LONGEST_ITEM for text in backend.texts.values())


@pytest.mark.security("S63")
def test_lengths_around_the_limit() -> None:
    backend = MemoryItems()
    frame = len(replace(SHORT, refresh=Secret("")).encode())
    for extra in range(-3, 30):
        record = replace(SHORT, refresh=Secret("z" * (keyring_items.LONGEST_ITEM - frame + extra - 10)))
        keyring_items.save(backend, ACCOUNT, record)
        assert keyring_items.load(backend, ACCOUNT) == record


@pytest.mark.security("S63")
def test_old_parts_are_removed_afterwards() -> None:
    backend = MemoryItems()
    for record in (LONGER, LONG, LONGER, LONG):
        keyring_items.save(backend, ACCOUNT, record)
    pointer = json.loads(backend.texts[ACCOUNT])
    assert len(backend.texts) == pointer["parts"] + 1
    keyring_items.save(backend, ACCOUNT, SHORT)
    assert list(backend.texts) == [ACCOUNT]


@pytest.mark.security("S63", "S61")
@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize(
    ("old", "new"), [(SHORT, LONG), (LONG, LONGER), (LONGER, LONG), (LONGER, SHORT), (SHORT, SHORT)]
)
def test_killed_between_any_two_steps_a_whole_generation_is_readable(old: Record, new: Record, after: bool) -> None:
    steps = 0
    while True:
        backend = MemoryItems()
        keyring_items.save(backend, ACCOUNT, old)
        backend.steps_left, backend.after = steps, after
        try:
            keyring_items.save(backend, ACCOUNT, new)
        except Killed:
            backend.steps_left = 1_000_000
            assert keyring_items.load(backend, ACCOUNT) in (old, new)
            keyring_items.save(backend, ACCOUNT, new)  # the next start writes again
            assert keyring_items.load(backend, ACCOUNT) == new
            keyring_items.delete(backend, ACCOUNT)
            assert backend.texts == {}
            steps += 1
            continue
        assert steps >= 1
        assert keyring_items.load(backend, ACCOUNT) == new
        return


@pytest.mark.security("S63")
@pytest.mark.parametrize("damage", ["part gone", "part of another write", "part changed"])
def test_a_reader_takes_nothing_but_a_whole_generation(damage: str) -> None:
    backend = MemoryItems()
    keyring_items.save(backend, ACCOUNT, LONG)
    part = f"{ACCOUNT}.1.1"
    if damage == "part gone":
        del backend.texts[part]
    elif damage == "part of another write":
        backend.texts[part] = backend.texts[f"{ACCOUNT}.1.0"]
    else:
        backend.texts[part] = "q" + backend.texts[part][1:]
    with pytest.raises(Corrupt):
        keyring_items.load(backend, ACCOUNT)


class KeepsNothing(MemoryItems):
    """Says yes and keeps nothing, as keyring's null backend does."""

    def set(self, name: str, text: Secret) -> None:
        return


class KeepsSomethingElse(MemoryItems):
    """Keeps something else."""

    def set(self, name: str, text: Secret) -> None:
        self.texts[name] = text.reveal()[:-1]


@pytest.mark.security("S58")
@pytest.mark.parametrize(
    "backend", [KeepsNothing(), KeepsSomethingElse()], ids=["keeps nothing", "keeps something else"]
)
@pytest.mark.parametrize("record", [SHORT, LONG], ids=["short", "long"])
def test_a_write_that_was_not_kept_is_not_called_saved(backend: MemoryItems, record: Record) -> None:
    with pytest.raises(Corrupt, match="did not keep"):
        keyring_items.save(backend, ACCOUNT, record)


@pytest.mark.security("S61")
def test_a_missing_item_is_told_and_nothing_is_written() -> None:
    backend = MemoryItems(steps_left=0)
    with pytest.raises(Missing):
        keyring_items.load(backend, ACCOUNT)
    keyring_items.delete(backend, ACCOUNT)
    assert backend.texts == {}


@pytest.mark.security("S68")
@pytest.mark.parametrize("step", ["load", "save", "delete"])
def test_a_newer_schema_is_left_untouched(step: str) -> None:
    newer = '{"schema":2,"of":"another kind"}'
    backend = MemoryItems({ACCOUNT: newer}, steps_left=0)
    with pytest.raises(NewerSchema):
        if step == "load":
            keyring_items.load(backend, ACCOUNT)
        elif step == "save":
            keyring_items.save(backend, ACCOUNT, SHORT)
        else:
            keyring_items.delete(backend, ACCOUNT)
    assert backend.texts == {ACCOUNT: newer}


@pytest.mark.security("S61")
def test_an_entry_that_cannot_be_read_is_kept_aside_by_the_next_save() -> None:
    backend = MemoryItems({ACCOUNT: '{"schema":1,"refresh":"half'})
    with pytest.raises(Corrupt):
        keyring_items.load(backend, ACCOUNT)
    keyring_items.save(backend, ACCOUNT, SHORT)
    assert keyring_items.load(backend, ACCOUNT) == SHORT
    assert backend.texts[f"{ACCOUNT}.aside"] == '{"schema":1,"refresh":"half'
    keyring_items.delete(backend, ACCOUNT)
    assert backend.texts == {}


@pytest.mark.security("S61")
def test_a_record_with_one_bad_field_is_kept_aside_by_the_next_save() -> None:
    """Its head can be read, and still nothing of it may be lost."""
    damaged = '{"schema":1,"generation":1,"refresh":7}'
    backend = MemoryItems({ACCOUNT: damaged})
    keyring_items.save(backend, ACCOUNT, SHORT)
    assert backend.texts[f"{ACCOUNT}.aside"] == damaged


@pytest.mark.security("S63")
def test_the_parts_of_a_damaged_record_are_deleted_with_it() -> None:
    backend = MemoryItems()
    keyring_items.save(backend, ACCOUNT, LONG)
    backend.texts[ACCOUNT] = backend.texts[ACCOUNT].replace('"sha256":"', '"sha256":"x')
    keyring_items.delete(backend, ACCOUNT)
    assert backend.texts == {}


@dataclass
class NoText(MemoryItems):
    """A keyring in which some items hold no text, so that the library cannot hand them over."""

    broken: set[str] = field(default_factory=set)

    def get(self, name: str) -> Secret | None:
        if name in self.broken and name in self.texts:
            raise Corrupt
        return super().get(name)


@pytest.mark.security("S61")
@pytest.mark.parametrize("name", [ACCOUNT, f"{ACCOUNT}.1.0", f"{ACCOUNT}.1.2", f"{ACCOUNT}.aside"])
def test_an_account_can_be_deleted_whatever_its_items_hold(name: str) -> None:
    backend = NoText()
    keyring_items.save(backend, ACCOUNT, LONG)
    backend.texts.setdefault(name, "")
    backend.broken = {name}
    keyring_items.delete(backend, ACCOUNT)
    assert backend.texts == {}


@pytest.mark.parametrize(
    "head",
    [
        '{"schema":1,"parts":-1,"write":1}',
        '{"schema":1,"parts":1e9,"write":1}',
        '{"schema":1,"parts":100000,"write":1}',
        '{"schema":1,"parts":true,"write":1}',
        '{"schema":1,"parts":2,"write":"1","sha256":""}',
        '{"schema":1,"parts":2,"write":1,"sha256":7}',
    ],
)
def test_a_wrong_pointer_is_corrupt(head: str) -> None:
    with pytest.raises(Corrupt):
        keyring_items.load(MemoryItems({ACCOUNT: head}), ACCOUNT)


@pytest.mark.security("S64")
def test_item_names_hold_only_the_id_and_counts() -> None:
    backend = MemoryItems()
    keyring_items.save(backend, ACCOUNT, LONG)
    assert {name.split(".")[0] for name in backend.texts} == {ACCOUNT}
    assert all(part.isdigit() for name in backend.texts for part in name.split(".")[1:])


def test_a_record_longer_than_all_parts_is_refused() -> None:
    backend = MemoryItems(steps_left=0)
    with pytest.raises(Exception, match="too long"):
        keyring_items.save(backend, ACCOUNT, replace(SHORT, refresh=Secret("x" * 400_000)))
