"""One request at one endpoint: read, written to the log, made to fail when a fault says so, else answered."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from keyrack.sandbox.people.person import Person
from keyrack.sandbox.state.issued_grants import IssuedToken
from keyrack.sandbox.state.request_log import LogRow
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport import broken_responses

_LARGEST_BODY = 64 * 1024
WITHDRAWN = {"withdrawn": "refuses every access token as if it had been withdrawn"}

Handler = Callable[["Call"], Awaitable[Response] | Response]
ErrorResponse = Callable[[int], Response]


@dataclass(frozen=True)
class Call:
    """What a handler gets.

    `query` are the parameters of the address, `fields` those of the body, `faults` the faults that are on.
    `format` is the format of the body: "form", "json", "broken" or "".
    """

    world: World
    request: Request
    row: LogRow
    faults: dict[str, str]
    query: dict[str, str]
    fields: dict[str, str]
    format: str
    body: bytes = b""

    def fault(self, kind: str) -> str | None:
        """The value of a fault that is on ("" when it has none), or None."""
        return self.faults.get(kind)

    @property
    def elapsed(self) -> float:
        """Sandbox seconds since the start."""
        return self.world.clock.now()

    @property
    def address(self) -> str:
        """The caller's IP address, for limits that count by it."""
        return self.request.client.host if self.request.client else ""

    def bearer(self) -> IssuedToken | None:
        """What the access token in the Authorization header stands for. None when it is refused."""
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        found = self.world.grants.bearer(self.row.provider, token) if scheme == "Bearer" else None
        if found:
            self.row.client_id, self.row.account = found.client_id, found.account
        return None if self.fault("withdrawn") is not None else found

    def person(self) -> Person | None:
        """The account's person for the access token in the Authorization header. None when it is refused."""
        found = self.bearer()
        return self.world.people[self.row.provider][found.account] if found else None


class Endpoint:
    """One documented endpoint of a provider.

    `parameters` are the names that its documents know, separated by spaces.
    """

    def __init__(
        self, world: World, provider: str, error_response: ErrorResponse, name: str, handler: Handler, parameters: str
    ) -> None:
        self._world = world
        self._provider = provider
        self._error_response = error_response
        self._name = name
        self._handler = handler
        self._parameters = frozenset(parameters.split())

    async def answer(self, request: Request) -> Response:
        """Answer one request and complete its row of the log."""
        faults = self._world.faults.consume(self._provider, self._name)
        row = LogRow(self._world.clock.now(), self._provider, self._name, request.method, faults=sorted(faults))
        self._world.log.add(row)
        call = await self._read(request, row, faults)
        answer = response_instead(call.faults, self._error_response) or await self._work(call)
        row.status = (
            0 if isinstance(answer, broken_responses.Reset | broken_responses.Truncated) else answer.status_code
        )
        return answer

    async def _read(self, request: Request, row: LogRow, faults: dict[str, str]) -> Call:
        body = b""
        async for chunk in request.stream():
            body += chunk[: _LARGEST_BODY - len(body)]
        form, fields = _parsed(request.headers.get("content-type", ""), body)
        query = dict(request.query_params)
        row.client_id = _claimed(request, query, fields)
        row.unexpected = [name for name in (*query, *fields) if name not in self._parameters]
        return Call(self._world, request, row, faults, query, fields, form, body)

    async def _work(self, call: Call) -> Response:
        await asyncio.sleep(float(call.fault("delay") or 0))
        answer = self._handler(call)
        answer = answer if isinstance(answer, Response) else await answer
        await asyncio.sleep(float(call.fault("hold") or 0))
        return response_after(call, answer)


def response_instead(faults: dict[str, str], error_response: ErrorResponse) -> Response | None:
    """The response of a fault that keeps the request from being processed, or None."""
    made: dict[str, Callable[[str], Response]] = {
        "reset": lambda _: broken_responses.Reset(),
        "html": lambda value: broken_responses.gateway(int(value or 502)),
        "status": lambda value: error_response(int(value)),
        "retry": lambda value: broken_responses.gateway(429, **{"Retry-After": value}),
        "closed": lambda _: broken_responses.closed(),
        "redirect": lambda value: RedirectResponse(value, 302),
        "body": broken_responses.json_response,
        "big": lambda _: broken_responses.big(),
        "bomb": lambda _: broken_responses.bomb(),
    }
    return next((make(faults[kind]) for kind, make in made.items() if kind in faults), None)


def response_after(call: Call, answer: Response) -> Response:
    """The response, or what a fault makes of it after the request was processed."""
    body = bytes(answer.body)
    if "lost" in call.faults:
        return broken_responses.Reset()
    if "truncated" in call.faults:
        return broken_responses.Truncated(body, answer.status_code)
    if "malformed" in call.faults:
        return Response(body[: len(body) // 2], answer.status_code, media_type=answer.media_type)
    if "drip" in call.faults:
        return broken_responses.Drip(body, answer.status_code, media_type=answer.media_type)
    return answer


@dataclass(frozen=True)
class EndpointSpec:
    """One endpoint: "GET /path", its name in the log and among the faults, its handler and its parameters."""

    route: str
    name: str
    handler: Handler
    parameters: str = ""


def routes(world: World, provider: str, error_response: ErrorResponse, specs: tuple[EndpointSpec, ...]) -> list[Route]:
    """The routes of a provider. Undocumented paths get `error_response(404)` and are logged as "unknown".

    Raises ValueError for an endpoint that the stand-in does not declare: no fault could be switched on there.
    """
    undeclared = [place.name for place in specs if not world.faults.declares(provider, place.name)]
    if undeclared:
        raise ValueError(f"{provider} does not declare {', '.join(undeclared)}")
    every = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
    unknown = EndpointSpec("ANY /{rest:path}", "unknown", lambda _: error_response(404))
    made = []
    for place in (*specs, unknown):
        method, _, path = place.route.partition(" ")
        end = Endpoint(world, provider, error_response, place.name, place.handler, place.parameters)
        made.append(Route(path, end.answer, methods=every if method == "ANY" else [method]))
    return made


def _claimed(request: Request, query: dict[str, str], fields: dict[str, str]) -> str | None:
    found = basic(request)
    if found:
        return found[0]
    return fields.get("client_id") or query.get("client_id") or query.get("clientId")


def basic(request: Request) -> tuple[str, str] | None:
    """Client id and secret of HTTP Basic as they were sent, without unescaping (security S50)."""
    scheme, _, packed = request.headers.get("authorization", "").partition(" ")
    if scheme != "Basic":
        return None
    try:
        client_id, colon, secret = b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        return None
    return (client_id, secret) if colon else None


def _parsed(kind: str, body: bytes) -> tuple[str, dict[str, str]]:
    if kind.startswith("application/x-www-form-urlencoded"):
        return "form", dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    if not kind.startswith("application/json"):
        return "", {}
    try:
        content = json.loads(body or b"null")
    except (ValueError, RecursionError):
        return "broken", {}
    if not isinstance(content, dict):
        return "broken" if body else "", {}
    return "json", {name: str(value) for name, value in content.items()}
