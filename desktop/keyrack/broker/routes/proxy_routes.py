"""Routes that show, try and change through which proxy Keyrack connects (S52)."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION, RelayedFailure
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.core.connection.proxy_setting import ProxyChoice, choice_of
from keyrack.core.rack import Rack
from keyrack.net.proxy.proxy_address import BadProxy, login_of
from keyrack.primitives.secret import Secret

_FIELDS = ("proxy", "user", "password")


async def show(call: Call) -> Mapping[str, object]:
    """The choice, and the sentences that say how Keyrack connects."""
    return await _body(call.rack)


async def choose(call: Call) -> Mapping[str, object]:
    """Choose "none", "system" or an address, with or without a login, from the next connection on."""
    try:
        where = await call.rack.background.finish(call.rack.proxy.choose(_choice(call)))
    except BadProxy as why:
        raise RelayedFailure("unexpected" if why.code == "proxy_not_stored" else "usage", why) from None
    return {**await _body(call.rack), "kept": where}


async def attempt(call: Call) -> Mapping[str, object]:
    """Try a choice at a provider without choosing it."""
    try:
        choice = _choice(call)
    except BadProxy as why:
        raise RelayedFailure("usage", why) from None
    return {"version": VERSION, "tried": await call.rack.parts.proxy_trial.run(choice)}


def _choice(call: Call) -> ProxyChoice:
    fields = RequestFields(call.body, *_FIELDS)
    if not fields.has("proxy"):
        raise BadField("proxy_missing")
    entered = fields.has("user") or fields.has("password")
    login = login_of(fields.text("user"), Secret(fields.text("password"))) if entered else None
    return choice_of(fields.text("proxy"), login)


async def _body(rack: Rack) -> Mapping[str, object]:
    return {
        "version": VERSION,
        "proxy": rack.proxy.chosen,
        "connects": await rack.proxy.connects(),
        "with_password": await rack.proxy.has_login(),
    }


ROUTES = (
    Route("GET", "/v1/proxy", show, while_locked=True),
    Route("PUT", "/v1/proxy", choose),
    Route("POST", "/v1/proxy/try", attempt),
)
