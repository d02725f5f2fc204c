"""The control port: JSON for tests, and a page on which a person switches faults on and off."""

import json
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from keyrack.sandbox.control import control_page
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.stand_in import ControlCall, StandIn
from keyrack.sandbox.state.world import World

_LARGEST_BODY = 64 * 1024
_LOG_FILTERS = {"provider", "endpoint", "client_id"}


class Control:
    """The endpoints of the control port. Every response but the page is JSON, a mistake is 400 with a sentence."""

    def __init__(self, stand_ins: Iterable[StandIn], world: World, apply_faults: Callable[[], Awaitable[None]]) -> None:
        self._stand_ins = tuple(stand_ins)
        self._world = world
        self._apply_faults = apply_faults

    def app(self) -> ASGIApp:
        """The application with every path, behind the check of the origin."""
        table: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("/", "GET", self.page),
            ("/switch", "POST", self.switch),
            ("/clients", "GET", self.clients),
            ("/clients", "POST", self.register),
            ("/faults", "GET", self.faults),
            ("/faults", "POST", self.add_fault),
            ("/faults", "DELETE", self.clear_faults),
            ("/log", "GET", self.log),
            ("/renewals", "GET", self.renewals),
            ("/clock", "GET", self.clock),
            ("/clock", "POST", self.advance),
        ]
        for stand_in in self._stand_ins:
            for place, answer in stand_in.controls.items():
                method, _, path = place.partition(" ")
                table.append((path, method, self._control_of(method, answer)))
        return OwnOrigin(Starlette(routes=[Route(path, end, methods=[method]) for path, method, end in table]))

    def _control_of(self, method: str, answer: ControlCall) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint for a control that a stand-in declares."""

        async def respond(request: Request) -> Response:
            try:
                return JSONResponse(answer(self._world, {} if method == "GET" else await _content(request)))
            except ValueError as err:
                return _mistake(err)

        return respond

    async def page(self, _request: Request) -> Response:
        """GET /: the page with the buttons."""
        return consent.html_response(
            control_page.html(self._stand_ins, self._world.faults.rows()), referrer="same-origin"
        )

    async def switch(self, request: Request) -> Response:
        """POST /switch: one press of a button on the page."""
        fields = dict(parse_qsl((await request.body()).decode(errors="replace")))
        if "place" in fields:
            fields["provider"], _, fields["endpoint"] = fields["place"].partition(" ")
        try:
            if fields.get("action") == "clear":
                self._world.faults.clear()
            elif fields.get("action") == "off":
                self._world.faults.remove(fields["provider"], fields["endpoint"], fields["fault"])
            else:
                self._world.faults.add(dict(fields))
        except (KeyError, ValueError) as err:
            return _mistake(err)
        await self._apply_faults()
        return RedirectResponse("/", 303)

    async def clients(self, _request: Request) -> Response:
        """GET /clients: all registrations."""
        return JSONResponse([as_json(client) for client in self._world.clients])

    async def register(self, request: Request) -> Response:
        """POST /clients: register one more client."""
        try:
            return JSONResponse(as_json(self._world.clients.register(await _content(request))))
        except ValueError as err:
            return _mistake(err)

    async def faults(self, _request: Request) -> Response:
        """GET /faults: the faults that are on."""
        return JSONResponse(self._world.faults.rows())

    async def add_fault(self, request: Request) -> Response:
        """POST /faults: switch one on. The response comes when it works."""
        try:
            self._world.faults.add(await _content(request))
        except ValueError as err:
            return _mistake(err)
        await self._apply_faults()
        return await self.faults(request)

    async def clear_faults(self, request: Request) -> Response:
        """DELETE /faults: switch all off."""
        self._world.faults.clear()
        await self._apply_faults()
        return await self.faults(request)

    async def log(self, request: Request) -> Response:
        """GET /log: every request, oldest first, or those of a provider, endpoint and client_id named in the query."""
        wanted = dict(request.query_params)
        if unknown := wanted.keys() - _LOG_FILTERS:
            return _mistake(ValueError(f"the log cannot be filtered by {', '.join(sorted(unknown))}"))
        return JSONResponse(self._world.log.rows(wanted))

    async def renewals(self, _request: Request) -> Response:
        """GET /renewals: "client_id/account" -> how often it renewed its token."""
        return JSONResponse(self._world.grants.renewals)

    async def clock(self, _request: Request) -> Response:
        """GET /clock: sandbox seconds since the start."""
        return JSONResponse({"now": self._world.clock.now()})

    async def advance(self, request: Request) -> Response:
        """POST /clock: move forward by `advance` seconds."""
        try:
            added = (await _content(request)).get("advance")
            if not isinstance(added, int | float) or isinstance(added, bool):
                raise ValueError("advance is a number of seconds")  # noqa: TRY004 - the text is the response
            return JSONResponse({"now": self._world.clock.advance(added)})
        except ValueError as err:
            return _mistake(err)


class OwnOrigin:
    """Refuses requests of other pages and of other names for this computer. Programs and the own page pass."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        request = Request(scope)
        own = f"127.0.0.1:{scope['server'][1]}"
        if request.headers.get("host") != own or request.headers.get("origin", f"http://{own}") != f"http://{own}":
            await JSONResponse({"error": "only this page and programs on this computer may ask"}, 403)(
                scope, receive, send
            )
            return
        await self._inner(scope, receive, send)


def as_json(client: Client) -> dict[str, str | None]:
    """A registration, as the announcement and POST /clients show it."""
    names = ("provider", "region", "client_id", "client_secret", "redirect_uri", "account")
    return {name: getattr(client, name) for name in names}


async def _content(request: Request) -> dict[str, object]:
    body = await request.body()
    if len(body) > _LARGEST_BODY or not request.headers.get("content-type", "").startswith("application/json"):
        raise ValueError("send a small JSON object as application/json")
    content = json.loads(body)
    if not isinstance(content, dict):
        raise ValueError("send a JSON object")  # noqa: TRY004 - the text is the response
    return content


def _mistake(err: Exception) -> Response:
    return JSONResponse({"error": str(err)}, 400)
