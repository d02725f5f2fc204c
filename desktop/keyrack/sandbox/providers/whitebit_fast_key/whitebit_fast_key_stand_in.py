"""WhiteBIT's sign-in that ends with an API key (Q1-Q18): its endpoints, its own faults and its people."""

from starlette.applications import Starlette

from keyrack.sandbox.providers.whitebit import whitebit_figures
from keyrack.sandbox.providers.whitebit_fast_key import fast_key_calls, fast_key_control, fast_key_push
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_endpoints import TOKEN_FIELDS, FastKeyEndpoints
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, PROVIDER, FastKeys
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.consent import REDIRECT_FAULTS
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, EndpointSpec, routes

_QUERY = "clientId redirect_uri state code_challenge code_challenge_method"
_BOXES = " ".join(f"allow_{name}" for name in GROUPS)

_DELETED = {"inactive:deleted": "a key that lay idle for a fortnight is deleted, not disabled (Q8)"}
_FOREIGN = {"foreign": "403: another client's key", "gone": "404: no such key"}
_SIGNED = {
    **_DELETED,
    "unknown": "does not know the key",
    "nonce": "says that the nonce is too low (Q6)",
    "disabled": "one text for a disabled key and a foreign address (Q7)",
    "clock": "says that the clock is off",
    "right": "the key may not do this",
    "forbidden": "the endpoint is not enabled for the key",
}


def app(world: World) -> Starlette:
    """The global site. The EU site has none of this (Q18)."""
    desk = FastKeyEndpoints(world)
    specs = (
        EndpointSpec("GET /auth/login", "login", desk.login, _QUERY),
        EndpointSpec(
            "POST /auth/login", "consent", desk.answer, f"{_QUERY} ask account answer totp understood {_BOXES}"
        ),
        EndpointSpec("POST /oauth2/token", "token", desk.token, " ".join(TOKEN_FIELDS)),
        EndpointSpec("GET /oauth2/api-key/info", "info", desk.info),
        EndpointSpec("GET /oauth2/api-key/{id}/secret", "secret", desk.secret),
        EndpointSpec("DELETE /oauth2/api-key/{id}", "delete", desk.delete),
        *fast_key_calls.SPECS,
        *whitebit_figures.PUBLIC_SPECS,
    )
    made = routes(world, PROVIDER, whitebit_figures.error_response, specs)
    return Starlette(routes=[fast_key_push.route(world), *made])


STAND_IN = StandIn(
    id=PROVIDER,
    title="WhiteBIT key",
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-whitebit-key", "invented key & secret", REDIRECT + PROVIDER),),
    endpoints={
        "login": REDIRECT_FAULTS,
        "consent": {
            "exists:active": "a key made elsewhere is in the way (partner_key_active_exists)",
            "exists:expired": "a disabled key is in the way (partner_key_expired_exists)",
            **_DELETED,
            "stuck": "a key in the way ends on a page that never returns",
            "late:5": "the key is known 5 seconds later",
            "late:40": "the key is known 40 seconds later",
            "deliver:info": "the public key comes with the key's facts (Q2)",
            "deliver:secret": "the public key comes with the secret (Q2)",
            "deliver:paste": "the public key is on WhiteBIT's page alone (Q2)",
        },
        "token": {
            "refused": "401 as for an address that is not on the list",
            "bare": "answers without the wrapper",
        },
        "info": {**WITHDRAWN, "confused": "enabled although it does not exist", **_DELETED},
        "secret": {
            **WITHDRAWN,
            "locked": "423: another retrieval runs",
            "locked:30": "the same for the key's first 30 seconds",
            "taken": "409: handed out before",
            **_FOREIGN,
        },
        "delete": {**WITHDRAWN, **_FOREIGN},
        "websocket_token": _SIGNED,
        "stream": {
            "drop": "drops the connection without a word",
            "refused": "refuses connections to the stream",
        },
        "main": _SIGNED,
        "trade": _SIGNED,
        "collateral": {**_SIGNED, "text": "amounts as text"},
        "summary": _SIGNED,
        **whitebit_figures.PUBLIC_FAULTS,
    },
    app=app,
    state=FastKeys,
    controls={
        "GET /keys": fast_key_control.listed,
        "POST /keys": fast_key_control.issue,
        "DELETE /keys": fast_key_control.delete,
    },
)
