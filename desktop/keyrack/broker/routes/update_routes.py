"""Routes that say whether there is a newer Keyrack, and look for one."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.updates.installation import installation
from keyrack.core.updates.update_check import Found
from keyrack.core.updates.update_words import as_values, how_words, newer_words


async def show(call: Call) -> Mapping[str, object]:
    """What the last look found. Nobody is asked."""
    return _body(await call.rack.updates.last())


async def look(call: Call) -> Mapping[str, object]:
    """Ask for the release list now."""
    return _body(await call.rack.background.finish(call.rack.updates.look()))


def _body(found: Found) -> Mapping[str, object]:
    here = installation()
    return {"version": VERSION, **as_values(found, here), "says": newer_words(found), "how": how_words(found, here)}


ROUTES = (
    Route("GET", "/v1/updates", show, while_locked=True),
    Route("POST", "/v1/updates/look", look, while_locked=True),
)
