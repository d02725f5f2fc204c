"""Checks the lock passphrase before something leaves Keyrack that opens more than one account (S90)."""

from keyrack.broker.protocol.request_fields import RequestFields
from keyrack.core.rack import Rack
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

FIELD = "lock_passphrase"


def needs_passphrase(rack: Rack) -> bool:
    """Whether one is set, or may be."""
    return rack.lock.load_failure is not None or rack.lock.has_passphrase


async def check_lock(rack: Rack, fields: RequestFields, missing: Failure) -> None:
    """Raise `missing` where the passphrase is needed and not given, and LockRefused for a wrong one."""
    if not needs_passphrase(rack):
        return
    entered = fields.text(FIELD)
    if not entered:
        raise missing
    await rack.background.finish(rack.lock.confirm(Secret(entered)))
