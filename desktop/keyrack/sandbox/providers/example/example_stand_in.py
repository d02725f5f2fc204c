"""A plain exchange that keeps to RFC 6749, 7009, 7636, 8414, 8628 and 9207, for a person's own provider file."""

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.example import example_file
from keyrack.sandbox.providers.example.example_oauth import (
    BRAND,
    PROVIDER,
    ExampleOAuth,
    error_response,
    get_token,
    metadata,
    show_token,
)
from keyrack.sandbox.providers.example.example_people import PEOPLE
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes

_CLIENT = "client_id client_secret"
_AUTHORIZE = "response_type client_id redirect_uri state scope code_challenge code_challenge_method"
_TOKEN = "grant_type code redirect_uri code_verifier refresh_token device_code scope"


def app(world: World) -> Starlette:
    """All endpoints. The issuer is the address of the request."""
    made = ExampleOAuth(world)
    specs = (
        EndpointSpec("GET /.well-known/oauth-authorization-server", "metadata", metadata),
        EndpointSpec("GET /oauth/authorize", "authorize", made.authorize, _AUTHORIZE),
        EndpointSpec("POST /oauth/authorize", "consent", made.answer, f"{_AUTHORIZE} ask account answer"),
        EndpointSpec("POST /oauth/token", "token", made.token, f"{_CLIENT} {_TOKEN}"),
        EndpointSpec("POST /oauth/device", "device", made.device, f"{_CLIENT} scope"),
        EndpointSpec("POST /oauth/revoke", "revoke", made.revoke, f"{_CLIENT} token token_type_hint"),
        EndpointSpec("GET /device", "verify", made.verify, "user_code"),
        EndpointSpec("POST /device", "verify", made.verified, "user_code ask account answer"),
        EndpointSpec("GET /tokens", "tokens", get_token),
        EndpointSpec("POST /tokens", "tokens", show_token, "account answer"),
        EndpointSpec("GET /api/v1/me", "me", me),
        EndpointSpec("GET /api/v1/balances", "balances", balances),
        EndpointSpec("GET /api/v1/prices", "prices", prices),
    )
    return Starlette(routes=routes(world, PROVIDER, error_response, specs))


def me(call: Call) -> Response:
    """The e-mail address of the token's account."""
    person = call.person()
    return error_response(401) if person is None else JSONResponse({"user": {"email": person.email}})


def balances(call: Call) -> Response:
    """The balances as an array."""
    person = call.person()
    if person is None:
        return error_response(401)
    rows = []
    for holding in person.holdings:
        available, held = portfolio.spot(person, holding, call.elapsed)
        figures = {"available": portfolio.text(available), "total": portfolio.text(available + held)}
        rows.append({"asset": holding.asset, **figures})
    return JSONResponse({"balances": rows})


def prices(call: Call) -> Response:
    """The public prices, keyed by pair."""
    last = portfolio.prices(call.elapsed)
    return JSONResponse({f"{asset}/USDT": {"last": portfolio.text(price)} for asset, price in last.items()})


def _announce(base: str, lifetimes: Lifetimes) -> dict[str, object]:
    return {"file": example_file.text(base, lifetimes), "token_page": f"{base}/tokens"}


STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-example", "", REDIRECT + PROVIDER),),
    endpoints={
        "metadata": {"issuer": "tells another issuer"},
        "authorize": {},
        "consent": {},
        "token": {
            "client": "refuses the client: invalid_client",
            "says:invalid_grant": "answers invalid_grant",
            "says:slow_down": "answers slow_down (RFC 8628)",
            "says:authorization_pending": "answers authorization_pending (RFC 8628)",
            "says:expired_token": "answers expired_token (RFC 8628)",
            "says:access_denied": "answers access_denied",
            "without": "renews without another refresh token",
        },
        "device": {
            "bare": "leaves out verification_uri_complete and interval",
            "elsewhere": "points to a page of another host",
        },
        "verify": {},
        "revoke": {},
        "tokens": {},
        "me": {},
        "balances": WITHDRAWN,
        "prices": {},
    },
    app=app,
    announce=_announce,
)
