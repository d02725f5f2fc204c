"""Locking, unlocking and the lock passphrase over the local socket (S91)."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.access.lock import Lock, LockRefused
from keyrack.core.rack import Rack
from keyrack.primitives.secret import Secret


async def show(call: Call) -> Mapping[str, object]:
    """Whether Keyrack is locked, and whether a passphrase is set."""
    return _shown(await _read(call.rack))


async def lock(call: Call) -> Mapping[str, object]:
    """Lock by hand; refused where nobody could unlock again."""
    known = await _read(call.rack)
    if call.host.running == "agent" and not known.has_passphrase:
        raise LockRefused("passphrase_not_set_for_agent")
    known.lock(by_hand=True)
    return _shown(known)


async def unlock(call: Call) -> Mapping[str, object]:
    """Unlock with the `passphrase`, which is always needed here."""
    given = _secret(call, "passphrase", "passphrase")
    if given is None:
        raise BadField("The passphrase is missing.", "Nothing was changed.", "Send it as “passphrase”.")
    await call.rack.background.finish(call.rack.lock.unlock(given))  # a caller that goes does not undo its try
    return _shown(call.rack.lock)


async def set_passphrase(call: Call) -> Mapping[str, object]:
    """Set, change or (`new` null) take away the passphrase; `old` is needed where one is set."""
    if "new" not in call.body:
        raise BadField("The new passphrase is missing.", "Nothing was changed.", "Send it as “new”, or null.")
    old, new = (_secret(call, name, "old", "new") for name in ("old", "new"))
    await call.rack.background.finish(call.rack.lock.set_passphrase(old, new))
    return _shown(call.rack.lock)


async def _read(rack: Rack) -> Lock:
    if rack.lock.load_failure is not None:
        await rack.lock.load()
    return rack.lock


def _shown(lock: Lock) -> Mapping[str, object]:
    return {
        "version": VERSION,
        "locked": lock.locked,
        "locked_by_hand": lock.by_hand,
        "passphrase": lock.has_passphrase,
    }


def _secret(call: Call, name: str, *known: str) -> Secret | None:
    """A field of the request, None for null and where it is not given."""
    fields = RequestFields(call.body, *known)
    return None if call.body.get(name) is None else Secret(fields.text(name))


ROUTES = (
    Route("GET", "/v1/lock", show, while_locked=True),
    Route("POST", "/v1/lock", lock, while_locked=True),
    Route("POST", "/v1/unlock", unlock, while_locked=True),
    Route("PUT", "/v1/lock/passphrase", set_passphrase),
)
