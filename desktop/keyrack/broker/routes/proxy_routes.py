"""Routes that show and change through which proxy Keyrack connects (S52)."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION, RelayedFailure
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.rack import Rack
from keyrack.net.client.proxy import BadProxy


async def show(call: Call) -> Mapping[str, object]:
    """The choice, and the sentence that says how Keyrack connects."""
    return _body(call.rack)


async def choose(call: Call) -> Mapping[str, object]:
    """Choose "none", "system" or an address, from the next connection on."""
    fields = RequestFields(call.body, "proxy")
    if not fields.has("proxy"):
        raise BadField("proxy_missing")
    try:
        call.rack.proxy.choose(fields.text("proxy"))
    except BadProxy as why:
        raise RelayedFailure("unexpected" if why.code == "proxy_not_stored" else "usage", why) from None
    return _body(call.rack)


def _body(rack: Rack) -> Mapping[str, object]:
    return {"version": VERSION, "proxy": rack.proxy.chosen, "connects": rack.proxy.connects()}


ROUTES = (
    Route("GET", "/v1/proxy", show, while_locked=True),
    Route("PUT", "/v1/proxy", choose),
)
