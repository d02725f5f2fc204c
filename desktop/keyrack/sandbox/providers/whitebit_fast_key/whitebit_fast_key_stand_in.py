"""WhiteBIT's sign-in that ends with an API key (Q1-Q20): its endpoints, its own faults and its people."""

from starlette.applications import Starlette
from starlette.responses import Response

from keyrack.sandbox.providers.whitebit import whitebit_figures
from keyrack.sandbox.providers.whitebit_fast_key import (
    fast_key_calls,
    fast_key_control,
    fast_key_endpoints,
    fast_key_push,
    fast_key_tokens,
)
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_consent import FastKeyConsent
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, PROVIDER, FastKeys
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.consent import REDIRECT_FAULTS
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes

_QUERY = "clientId redirect_uri state code_challenge code_challenge_method"
_BOXES = " ".join(f"allow_{name}" for name in GROUPS)

_DELETED = {"inactive:deleted": "a key that lay idle for a fortnight is deleted, not disabled (Q8)"}
_IN_THE_WAY = {
    "exists:active": "a key made elsewhere is in the way (partner_key_active_exists)",
    "exists:expired": "a disabled key is in the way (partner_key_expired_exists)",
    **_DELETED,
}
_MAKING = {
    "late:2": "the key is known 2 seconds later",
    "late:5": "the key is known 5 seconds later",
    "late:40": "the key is known 40 seconds later",
    "deliver:callback": "the public key is another one, and comes with the callback of the older order (Q2)",
    "deliver:info": "the public key is another one, and comes with the key's facts (Q2)",
    "deliver:secret": "the public key is another one, and comes with the secret (Q2)",
    "deliver:paste": "the public key is another one, on WhiteBIT's page alone (Q2)",
}
_FOREIGN = {"foreign": "403: another client's key", "gone": "404: no such key"}
_SIGNED = {
    **_DELETED,
    "unknown": "does not know the key",
    "nonce": "says that the nonce is too low (Q6)",
    "disabled": "says that the key is disabled (Q7)",
    "clock": "says that the clock is off",
    "right": "the key may not do this",
    "forbidden": "the endpoint is not enabled for the key",
}


def app(world: World) -> Starlette:
    """The global site. The EU site has none of this (Q18)."""
    pages = FastKeyConsent(world)

    def token(call: Call) -> Response:
        return fast_key_tokens.token(call, pages.challenges)

    specs = (
        EndpointSpec("GET /auth/login", "login", pages.login, _QUERY),
        EndpointSpec(
            "POST /auth/login", "consent", pages.answer, f"{_QUERY} ask account answer totp understood {_BOXES}"
        ),
        EndpointSpec("GET /api-keys/new", "new", pages.new, "ask"),
        EndpointSpec("POST /api-keys/new", "create", pages.create, f"ask answer totp understood {_BOXES}"),
        EndpointSpec("POST /oauth2/token", "token", token, " ".join(fast_key_tokens.TOKEN_FIELDS)),
        EndpointSpec(
            "POST /oauth2/refresh_token", "refresh", fast_key_tokens.refresh, " ".join(fast_key_tokens.REFRESH_FIELDS)
        ),
        EndpointSpec("GET /oauth2/api-key/info", "info", fast_key_endpoints.info),
        EndpointSpec("GET /oauth2/api-key/{id}/secret", "secret", fast_key_endpoints.secret),
        EndpointSpec("DELETE /oauth2/api-key/{id}", "delete", fast_key_endpoints.delete),
        *fast_key_calls.SPECS,
        *whitebit_figures.PUBLIC_SPECS,
    )
    made = routes(world, PROVIDER, whitebit_figures.error_response, specs)
    return Starlette(routes=[fast_key_push.route(world), *made])


def _announce(_base: str, lifetimes: Lifetimes) -> dict[str, object]:
    return {"refresh_lifetime": lifetimes.refresh(fast_key_tokens.REFRESH)}


STAND_IN = StandIn(
    id=PROVIDER,
    title="WhiteBIT key",
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-whitebit-key", "invented key & secret", REDIRECT + PROVIDER),),
    endpoints={
        "login": {
            **REDIRECT_FAULTS,
            "order:old": "makes the key before the callback, as older documents have it (Q19)",
            "gate:2fa": "stops because two-factor is off (Q19)",
            "gate:kyc": "stops because the person is not verified (Q19)",
            "gate:region": "stops because of the region (Q19)",
            "gate:key": "stops because a key exists (Q19)",
        },
        "consent": {**_IN_THE_WAY, **_MAKING, "stuck": "in the older order: a key in the way ends on a page"},
        "new": {},
        "create": {**_IN_THE_WAY, **_MAKING},
        "token": {
            "refused": "401 for a wrong secret or code",
            "bare": "answers without the wrapper",
            "old": "four hours and no refresh token, as older documents have it (Q1)",
        },
        "refresh": {"refused": "400: the refresh token is no longer good"},
        "info": {**WITHDRAWN, "foreign": "403: the right is missing", "confused": "enabled although it does not exist"}
        | _DELETED,
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
    announce=_announce,
    state=FastKeys,
    controls={
        "GET /keys": fast_key_control.listed,
        "POST /keys": fast_key_control.issue,
        "DELETE /keys": fast_key_control.delete,
    },
)
