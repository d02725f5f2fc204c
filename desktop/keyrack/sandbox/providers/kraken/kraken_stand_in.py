"""Kraken Connect: a public client by Basic, a refresh that ends the old token, a read-only key."""

import json
import secrets
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.code_flow import CodeFlow, Terms
from keyrack.sandbox.providers.kraken.kraken_keys import KrakenKeys
from keyrack.sandbox.providers.kraken.kraken_people import PEOPLE
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.consent import REDIRECT_FAULTS
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport import exact_json
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, basic, routes

PROVIDER = "kraken"
BRAND = Brand(
    "Kraken",
    "KR",
    "#5b3fd6",
    "#a996ff",
    ("Make an API key that may see your balances",),
    "It cannot trade, deposit or withdraw.",
)
_PARAMETERS = "client_id redirect_uri response_type scope state preferTheme code_challenge code_challenge_method"
_LONGEST_NAME = 32
_ACCESS = 14_400
_REFRESH = 2_592_000
_ERRORS = {
    f"error:{text}": f"answers 200 with {text}"
    for text in (
        *("EGeneral:Permission denied", "EAccount:Invalid permissions", "ESession:Invalid session"),
        *("EAccount:Too many API keys", "EAPI:Rate limit exceeded", "EGeneral:Temporary lockout"),
        *("EService:Unavailable", "EService:Busy"),
    )
}
_DOT = Decimal("6.1204")
# Kraken's own names of old pairs. What is not here is written plainly.
_OLD = {"BTC": "XXBTZUSD", "ETH": "XETHZUSD", "XRP": "XXRPZUSD", "XLM": "XXLMZUSD", "EUR": "ZEURZUSD"}


def app(world: World) -> Starlette:
    """Kraken's sign-in, its keys, and the balances that a key may see."""
    made = KrakenEndpoints(world.own(PROVIDER, KrakenKeys))
    specs = (
        EndpointSpec("GET /oauth/authorize", "authorize", made.flow.authorize, _PARAMETERS),
        EndpointSpec("POST /oauth/authorize", "consent", made.flow.answer, f"{_PARAMETERS} ask account answer"),
        EndpointSpec(
            "POST /oauth/token", "token", made.token, "grant_type code redirect_uri refresh_token code_verifier"
        ),
        EndpointSpec("POST /oauth/fast-api-key", "key", made.key, "api_key_name permissions"),
        EndpointSpec("DELETE /oauth/fast-api-key", "key deletion", made.delete_key, "api_key_name"),
        EndpointSpec("GET /oauth/fast-api-keys", "key list", made.list_keys),
        EndpointSpec("GET /oauth/userinfo", "userinfo", user_info),
        EndpointSpec("POST /0/private/BalanceEx", "balances", made.balances, "nonce"),
        EndpointSpec("GET /0/public/Ticker", "prices", prices),
    )
    return Starlette(routes=routes(world, PROVIDER, error_response, specs))


def error_response(status: int) -> Response:
    """An error of the API: a list of texts."""
    texts = {401: "EAPI:Invalid key", 404: "EGeneral:Unknown method", 429: "EAPI:Rate limit exceeded"}
    return JSONResponse({"error": [texts.get(status, "EService:Unavailable")]}, status)


class KrakenEndpoints:
    """The endpoints that issue tokens and keys, and the balances that a key reads."""

    def __init__(self, keys: KrakenKeys) -> None:
        self.flow = CodeFlow(Terms(PROVIDER, BRAND, pkce=True))
        self.keys = keys

    def token(self, call: Call) -> Response:
        """A form, and Basic with the client id and an empty password (Q5)."""
        call.row.grant = grant = call.fields.get("grant_type", "")
        client_id, password = basic(call.request) or ("", "?")
        client = call.world.clients.find(PROVIDER, client_id)
        if client is None or password:
            return JSONResponse({"error": "invalid_client"}, 401)
        if call.format != "form":
            return JSONResponse({"error": "invalid_request"}, 400)
        if grant not in ("authorization_code", "refresh_token"):
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        account = self.flow.redeem(call, client) if grant == "authorization_code" else _refreshed(call, client)
        account = account if call.fault("refused") is None else None
        call.row.account = account
        return _pair(call, client, account) if account else JSONResponse({"error": "invalid_grant"}, 400)

    def key(self, call: Call) -> Response:
        """Make a key with the rights that the program chose, of those that the person granted.

        Its name is used once.
        """
        found = call.bearer()
        if found is None:
            return JSONResponse({"error": "invalid_token"}, 401)
        content = json.loads(call.body) if call.format == "json" else {}
        name, rights = content.get("api_key_name"), content.get("permissions")
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_NAME or not isinstance(rights, dict):
            return JSONResponse({"error": ["EGeneral:Invalid arguments"]}, 400)
        if call.fault("error") is not None:
            return JSONResponse({"error": [call.fault("error")]})
        if self.keys.has_name(found.account, name) or {right for right, on in rights.items() if on} != {"funds_query"}:
            return JSONResponse({"error": ["EGeneral:Permission denied"]}, 403)
        made = self.keys.make(found.account, name)
        return JSONResponse({"error": [], "result": {"api_key": made.key, "secret": made.secret}})

    def list_keys(self, call: Call) -> Response:
        """Every key without its secret."""
        found = call.bearer()
        if found is None:
            return JSONResponse({"error": ["ESession:Invalid session"]})
        rows = [
            {"api_key_name": key.name, "id": key.name, "oauth_client": found.client_id}
            for key in self.keys.of(found.account)
        ]
        return JSONResponse({"result": rows})

    def delete_key(self, call: Call) -> Response:
        """Delete a key by its name."""
        found = call.bearer()
        if found is None:
            return JSONResponse({"error": ["ESession:Invalid session"]})
        if not self.keys.delete(found.account, call.fields.get("api_key_name", "")):
            return JSONResponse({"error": ["EGeneral:Invalid arguments"]})
        return JSONResponse({"result": True})

    def balances(self, call: Call) -> Response:
        """The balances, for a request signed with a key.

        Old names carry a letter (Q8), failures come with status 200.
        """
        if call.fault("error") is not None:
            return JSONResponse({"error": [call.fault("error")]})
        if call.fault("keys") is not None:
            self.keys.forget_all()
        key = self.keys.find(call.request.headers.get("api-key", ""))
        refused = self.keys.problem_of(key, call.request.url.path, call.body, call.request.headers.get("api-sign", ""))
        if key is None or refused:
            return JSONResponse({"error": [refused]})
        call.row.account = key.account
        person = PEOPLE[key.account]
        rows: dict[str, dict[str, Any]] = {}
        for holding in person.holdings:
            available, held = portfolio.spot(person, holding, call.elapsed)
            rows[holding.asset] = {"balance": available + held, "hold_trade": held}
        if call.fault("figures") == "text":
            rows = {asset: {k: portfolio.text(v) for k, v in row.items()} for asset, row in rows.items()}
        return exact_json.response({"error": [], "result": rows})


def user_info(call: Call) -> Response:
    """Whose account it is."""
    person = call.person()
    if person is None:
        return JSONResponse({"error": ["ESession:Invalid session"]})
    return JSONResponse({"result": {"email": person.email, "iban": "AA00 INVE NTED 0000"}})


def _refreshed(call: Call, client: Client) -> str | None:
    """The account of a refresh token. It is used up, and every running access token with it (Q6)."""
    account = call.world.grants.rotate(call.fields.get("refresh_token", ""), client)
    if account is not None:
        call.world.grants.drop_all("access", client, account)
    return account


def _pair(call: Call, client: Client, account: str) -> Response:
    """JSON under the wrong content type, as the reference has it. A client has to look at the content."""
    grants, lifetimes = call.world.grants, call.world.lifetimes
    lifetime = lifetimes.access(_ACCESS)
    answer: dict[str, Any] = {
        "access_token": grants.access(client, account, lifetime, _opaque),
        "token_type": "bearer",
        "expires_in": lifetime,
        "refresh_token": grants.refresh(client, account, lifetimes.refresh(_REFRESH), _opaque),
    }
    return Response(json.dumps(answer), media_type="application/x-www-form-urlencoded")


def _opaque() -> str:
    return secrets.token_urlsafe(32)


def prices(call: Call) -> Response:
    """Keyed by pair. Each figure is in a list, the last price with its volume in `c`."""
    rows: dict[str, Any] = {}
    for asset, last in {**portfolio.prices(call.elapsed), "DOT": _DOT}.items():
        ask, bid = portfolio.ask_and_bid(last)
        figures = {"a": [ask, "1", "1.000"], "b": [bid, "1", "1.000"], "c": [portfolio.text(last), "0.00150000"]}
        rows[_OLD.get(asset, f"{asset}USD")] = {**figures, "v": ["12.5", "120.7"], "t": [91, 870]}
    return JSONResponse({"error": [], "result": rows})


def _announce(_base: str, lifetimes: Lifetimes) -> dict[str, object]:
    return {"refresh_lifetime": lifetimes.refresh(_REFRESH)}


STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-kraken", "", REDIRECT + PROVIDER),),
    endpoints={
        "authorize": REDIRECT_FAULTS,
        "consent": {},
        "token": {"refused": "refuses code and refresh token: invalid_grant"},
        "key": {**WITHDRAWN, **_ERRORS},
        "key deletion": WITHDRAWN,
        "key list": WITHDRAWN,
        "userinfo": WITHDRAWN,
        "balances": {
            "keys:gone": "forgets every key first, as if the person had deleted them",
            "figures:text": "figures as text instead of numbers",
            **_ERRORS,
        },
        "prices": {},
    },
    app=app,
    state=lambda _clock: KrakenKeys(),
    announce=_announce,
)
