"""Bitport as its service answers (Q1-Q16): no state in the redirect, errors inside a 200, storage for a balance."""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.pages import page_frame
from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.bitport.bitport_people import PEOPLE
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes

PROVIDER = "bitport"
_USER_CODE_PAGE = "/get-access"
BRAND = Brand(
    "Bitport",
    "Bp",
    "#0d6e8a",
    "#6cc7e0",
    ("See your e-mail address and your plan", "See how much storage you use", "See the list of your files"),
    "It cannot add, change or delete files.",
)
_ACCESS = 315_360_000
_SIZES = {"sizes:text": "sizes as text (Q7)", "sizes:null": "sizes as null"}
_KINDS = {"authorization_code": "redirect", "code": "user code"}
_AUTHORIZE = "/v2/oauth2/authorize"


def app(world: World) -> Starlette:
    """Both sign-ins, the account and the root folder."""
    specs = (
        EndpointSpec(f"GET {_AUTHORIZE}", "authorize", authorize, "response_type client_id redirect_uri state"),
        EndpointSpec(
            f"POST {_AUTHORIZE}", "consent", answer, "response_type client_id redirect_uri state ask account answer"
        ),
        EndpointSpec(f"GET {_USER_CODE_PAGE}", "get-access", get_access),
        EndpointSpec(f"POST {_USER_CODE_PAGE}", "get-access", show_code, "account answer"),
        EndpointSpec("POST /v2/oauth2/access-token", "token", token, "client_id client_secret grant_type code"),
        EndpointSpec("GET /v2/me", "me", me),
        EndpointSpec("GET /v2/cloud", "cloud", cloud),
    )
    return Starlette(routes=routes(world, PROVIDER, error_response, specs))


def error_response(status: int, code: int | None = None, message: str = "") -> Response:
    """An error in the envelope that every endpoint but the token endpoint uses."""
    says = message or {401: "Unauthorized access", 404: "Not found"}.get(status, "Error")
    return JSONResponse(_envelope(None, [{"message": says, "code": code or status}]), status)


def authorize(call: Call) -> Response:
    """The consent page. A wrong client or address is shown to the person, and the browser is never redirected."""
    client = call.world.clients.find(PROVIDER, call.query.get("client_id"))
    if client is None or call.query.get("response_type") != "code":
        return consent.error_page(BRAND, "Unknown application", "This link does not name an application we know.")
    if client.redirect_uri is None or call.query.get("redirect_uri", client.redirect_uri) != client.redirect_uri:
        return consent.error_page(
            BRAND, "Wrong address", "The address to return to is not the one that was registered."
        )
    returned = consent.returned_state(call.query.get("state"), call.fault("state") or "dropped")
    return call.world.consents.show(BRAND, client, returned, call.faults)


def answer(call: Call) -> Response:
    """The person's choice: a redirect with a code, or with an error."""
    answer = call.world.consents.answer(call.fields)
    if answer is None:
        return consent.error_page(BRAND, "Nothing to answer", "This page was answered before, or waited too long.")
    call.row.client_id, call.row.account = answer.request.client.client_id, answer.account
    if answer.account is None:
        return consent.denied(BRAND, answer.request, error_description="The user denied the request")
    client_id = answer.request.client.client_id
    return consent.redirect_back(
        answer.request, code=call.world.grants.code("redirect", PROVIDER, client_id, answer.account)
    )


def get_access(_call: Call) -> Response:
    """The page where a signed-in person asks for a code."""
    return consent.html_response(page_frame.get_code_page(BRAND, PEOPLE))


def show_code(call: Call) -> Response:
    """The code itself. It is good for any application, once, for 60 seconds."""
    account = call.fields.get("account", "")
    if account not in PEOPLE:
        return consent.error_page(BRAND, "No such account", "Choose one of the accounts on the page before.")
    call.row.account = account
    code = call.world.grants.code("user code", PROVIDER, "", account)
    return consent.html_response(page_frame.code_page(BRAND, PEOPLE[account], code))


def token(call: Call) -> Response:
    """The token endpoint: two grants, each for its own kind of code only."""
    call.row.grant = grant = call.fields.get("grant_type")
    missing = [name for name in ("client_id", "client_secret", "grant_type", "code") if not call.fields.get(name)]
    if missing or call.format != "form":
        return _token_error(call, f"Missing parameter {', '.join(missing)}")
    client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
    if client is None or call.fault("refused") is not None:
        return _token_error(call, "Invalid Client Secret")
    if grant not in _KINDS:
        return _token_error(call, "Invalid grant type")
    call.row.account = account = call.world.grants.redeem_code(call.fields["code"], _KINDS[grant], client)
    return _token_error(call, "Invalid code") if account is None else _token_answer(call, client, account)


def _token_answer(call: Call, client: Client, account: str) -> Response:
    made = call.world.grants.access(client, account, _ACCESS, lambda: secrets.token_hex(20))
    content: dict[str, Any] = {"access_token": made}
    if call.fault("bare") is None:
        content |= {"expires_in": _ACCESS, "token_type": "bearer", "scope": "full"}
    if call.fault("expires") is not None:
        content.pop("expires_in", None)
    if call.fault("refresh") is not None:
        content["refresh_token"] = secrets.token_hex(20)
    return JSONResponse(content)


def _token_error(call: Call, text: str) -> Response:
    """An error without envelope, inside a 200 (Q2, Q5), unless a fault says otherwise."""
    mode = call.fault("errors")
    if mode == "envelope":
        return error_response(200, 102, text)
    content = {"error": "invalid_parameter", "error_description": text}
    return JSONResponse(content, 401 if mode == "401" else 200)


def me(call: Call) -> Response:
    """The person's e-mail address, plan and storage."""
    person = call.person()
    if person is None:
        return error_response(int(call.fault("withdrawn") or 401), 401, "Unauthorized access")
    data: dict[str, Any] = {
        "email": person.email,
        "plan_name": person.plan,
        "plan_expired": False,
        "plan_expiration": {"date": "2031-08-16 00:00:00", "timezone_type": 3, "timezone": "UTC"},
    }
    if call.fault("disk") is None:
        used = portfolio.used(person, call.elapsed)
        sizes = {"size": person.storage, "available": person.storage - used, "used": used}
        data["disk"] = {name: _size(call, value) for name, value in sizes.items()}
    return JSONResponse(_envelope([data] if call.fault("shape") == "array" else data))


def cloud(call: Call) -> Response:
    """The root folder. Its size is what is used."""
    person = call.person()
    return error_response(401) if person is None else JSONResponse(_envelope([_root(call, person)]))


def _root(call: Call, person: Person) -> dict[str, Any]:
    made = {"date": "2031-01-29 16:32:48.000000", "timezone_type": 3, "timezone": "UTC"}
    talks = {"name": "Talks", "code": "ELx6tNh", "size": "1290549103", "files_count": "2", "created_at": made}
    empty = {"code": None, "files_count": None, "created_at": None, "parent_folder_code": None}
    size = _size(call, portfolio.used(person, call.elapsed))
    return {"name": "My files", **empty, "size": size, "folders": [talks], "files": []}


def _size(call: Call, value: int) -> int | str | None:
    return {"text": str(value), "null": None}.get(call.fault("sizes") or "", value)


def _envelope(data: object, errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"status": "error" if errors else "success", "data": data, "errors": errors}


def _announce(base: str, _lifetimes: Lifetimes) -> dict[str, object]:
    return {"user_code_page": base + _USER_CODE_PAGE}


STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    clients=(Client(PROVIDER, "90210", "inventedbitportsecret", REDIRECT + PROVIDER),),
    endpoints={
        "authorize": {
            "state:echoed": "the redirect carries the state",
            "state:foreign": "the redirect carries somebody else's state",
            "slash": "a slash before the question mark of the redirect (Q11)",
            "refusal:silent": "a refusal never returns to the application",
        },
        "consent": {},
        "get-access": {},
        "token": {
            "refused": "refuses the client: Invalid Client Secret",
            "errors:401": "errors with status 401",
            "errors:envelope": "errors in the envelope of the other answers",
            "refresh": "adds a refresh token",
            "expires:absent": "leaves expires_in out",
            "bare": "answers with access_token alone",
        },
        "me": {
            **WITHDRAWN,
            "withdrawn:200": "the same, inside a 200",
            "shape:array": "data as an array of one (Q6)",
            **_SIZES,
            "disk:absent": "leaves disk out",
        },
        "cloud": {**WITHDRAWN, **_SIZES},
    },
    app=app,
    announce=_announce,
)
