"""Routes that lock and unlock Keyrack and set the lock passphrase (S91)."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.access.lock import Lock, LockRefused
from keyrack.core.rack import Rack
from keyrack.primitives.secret import Secret


async def show(call: Call) -> Mapping[str, object]:
    """Whether Keyrack is locked, and whether a passphrase is set."""
    return _lock_body(await _read_lock(call.rack))


async def lock(call: Call) -> Mapping[str, object]:
    """Lock by hand, and say whether that outlives a restart.

    An agent without a passphrase refuses, because it could not be unlocked again.
    """
    known = await _read_lock(call.rack)
    if call.host.running == "agent" and not known.has_passphrase:
        raise LockRefused("passphrase_not_set_for_agent")
    known.lock(by_hand=True)
    return {**_lock_body(known), "outlives_restart": known.has_passphrase and not known.unmarked}


async def unlock(call: Call) -> Mapping[str, object]:
    """Unlock with the `passphrase`, which is always needed here."""
    passphrase = _secret(call, "passphrase", "passphrase")
    if passphrase is None:
        raise BadField("passphrase_missing")
    await call.rack.background.finish(
        call.rack.lock.unlock(passphrase)
    )  # a caller that disconnects does not undo its try
    return _lock_body(call.rack.lock)


async def set_passphrase(call: Call) -> Mapping[str, object]:
    """Set, change or (`new` null) remove the passphrase. `old` is needed where one is set."""
    if "new" not in call.body:
        raise BadField("new_passphrase_missing")
    old, new = (_secret(call, name, "old", "new") for name in ("old", "new"))
    await call.rack.background.finish(call.rack.lock.set_passphrase(old, new))
    return _lock_body(call.rack.lock)


async def _read_lock(rack: Rack) -> Lock:
    if rack.lock.load_failure is not None:
        await rack.lock.load()
    return rack.lock


def _lock_body(lock: Lock) -> Mapping[str, object]:
    return {
        "version": VERSION,
        "locked": lock.locked,
        "locked_by_hand": lock.by_hand,
        "passphrase": lock.has_passphrase,
    }


def _secret(call: Call, name: str, *known: str) -> Secret | None:
    """A field of the request, or None for null and where it is missing."""
    fields = RequestFields(call.body, *known)
    return None if call.body.get(name) is None else Secret(fields.text(name))


ROUTES = (
    Route("GET", "/v1/lock", show, while_locked=True),
    Route("POST", "/v1/lock", lock, while_locked=True),
    Route("POST", "/v1/unlock", unlock, while_locked=True),
    Route("PUT", "/v1/lock/passphrase", set_passphrase),
)
