"""WhiteBIT's way to an API key: consent with permission boxes and two-factor, the token, and what it is good for."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.providers.whitebit_fast_key import fast_key_pages as pages
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, PROVIDER, FastKey, keys_of
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.consent import Ask
from keyrack.sandbox.state.lifetimes import CONSENT_LIFETIME
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import Call

_ACCESS = 14_400
TOKEN_FIELDS = ("client_id", "client_secret", "code", "code_verifier")
_SCOPE = "apikeys.create,apikeys.read,apikeys.delete"


@dataclass
class _Visit:
    """One person on the page: what was asked, then who answered, and what may be done with the key."""

    ask: Ask
    account: str = ""
    rights: frozenset[str] = frozenset()


@dataclass
class FastKeyDesk:
    """The pages and the desk of one sandbox."""

    world: World
    visits: dict[str, _Visit] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)

    def login(self, call: Call) -> Response:
        """F1: only the exact registered address, only S256."""
        client = call.world.clients.find(PROVIDER, call.query.get("clientId"))
        if client is None or client.redirect_uri is None:
            return consent.wrong(pages.BRAND, "Unknown application", "This link names no application we know.", 404)
        if call.query.get("redirect_uri") != client.redirect_uri:
            return consent.wrong(pages.BRAND, "Wrong address", "The address to return to is not the registered one.")
        challenge = call.query.get("code_challenge", "")
        if len(challenge) != 43 or call.query.get("code_challenge_method") != "S256":
            return consent.wrong(pages.BRAND, "Wrong link", "The link holds no S256 challenge.")
        returned = consent.returned_state(call.query.get("state"), call.mode("state") or "echoed")
        ends = call.elapsed + CONSENT_LIFETIME
        number = secrets.token_urlsafe(16)
        self.visits[number] = _Visit(Ask(client, client.redirect_uri, returned, call.faults, ends, challenge))
        return consent.page(pages.consent_page(PEOPLE, number))

    def answer(self, call: Call) -> Response:
        """The boxes, then 2FA; the second page comes back here too."""
        visit = self.visits.pop(call.fields.get("ask", ""), None)
        if visit is None or visit.ask.expires <= call.elapsed:
            return consent.wrong(pages.BRAND, "Nothing to answer", "This page was answered before, or waited too long.")
        call.row.client_id = visit.ask.client.client_id
        if call.fields.get("answer") != "approve":
            return consent.refused(pages.BRAND, visit.ask)
        return self._second_factor(call, visit) if visit.account else self._boxes(call, visit)

    def _boxes(self, call: Call, visit: _Visit) -> Response:
        visit.account = call.fields.get("account", "")
        visit.rights = frozenset(name for name in GROUPS if f"allow_{name}" in call.fields)
        if visit.account not in PEOPLE:
            return consent.wrong(pages.BRAND, "No such account", "Choose one of the accounts on the page before.")
        return self._again(visit)

    def _again(self, visit: _Visit, problem: str = "") -> Response:
        number = secrets.token_urlsafe(16)
        self.visits[number] = visit
        return consent.page(pages.second_factor_page(number, problem, withdraws="withdrawal" in visit.rights))

    def _second_factor(self, call: Call, visit: _Visit) -> Response:
        if call.fields.get("totp", "").strip() != pages.CODE:
            return self._again(visit, "That code is not right.")
        if "withdrawal" in visit.rights and "understood" not in call.fields:
            return self._again(visit, "Tick the box to allow withdrawals.")
        call.row.account = visit.account
        return self._made(call, visit)

    def _made(self, call: Call, visit: _Visit) -> Response:
        client_id = visit.ask.client.client_id
        standing = self._standing(call, client_id, visit.account)
        said: dict[str, str] = {}
        if standing is None:
            key = self._new(call, visit)
            said = {"apiKey": key.public} if key.delivery == "callback" else {}
        elif call.mode("stuck") is not None:
            error = "partner_key_expired_exists" if standing.disabled else "partner_key_active_exists"
            return consent.wrong(pages.BRAND, "No new key", f"There is a key for this application: {error}.")
        code = call.world.grants.code("redirect", PROVIDER, client_id, visit.account)
        self.challenges[code] = visit.ask.challenge
        return consent.way_back(visit.ask, code=code, **said)

    def _standing(self, call: Call, client_id: str, account: str) -> FastKey | None:
        """The key that stands in the way of a new one, by its life or by a mode (section 5)."""
        keys, mode = keys_of(call.world), call.mode("exists")
        standing = keys.aged(keys.of(client_id, account), deleted=call.mode("inactive") is not None)
        if standing is None and mode is not None:
            standing = keys.make(client_id, account, frozenset({"info"}))
            standing.taken, standing.disabled = True, mode == "expired"
        return standing

    def _new(self, call: Call, visit: _Visit) -> FastKey:
        late = float(call.mode("late") or 0)
        key = keys_of(call.world).make(visit.ask.client.client_id, visit.account, visit.rights, late=late)
        key.delivery = call.mode("deliver") or "callback"
        return key

    def token(self, call: Call) -> Response:
        """F2: secret and verifier, once, no refresh token."""
        call.row.grant = "authorization_code"
        missing = {n: ["validation.required"] for n in TOKEN_FIELDS if not call.fields.get(n)}
        if missing or call.format != "form":
            return JSONResponse({"errors": missing, "notification": None}, 422)
        client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
        challenge = self.challenges.pop(call.fields["code"], "")
        if client is None or call.mode("refused") is not None or challenge != _challenge(call.fields["code_verifier"]):
            return _not_you()
        call.row.account = account = call.world.grants.take_code(call.fields["code"], "redirect", client)
        return _token(call, client, account) if account else _not_you()

    def info(self, call: Call) -> Response:
        """F3."""
        found = _bearer(call)
        if isinstance(found, Response):
            return found
        keys = keys_of(call.world)
        key = keys.aged(keys.of(*found), deleted=call.mode("inactive") is not None)
        if key is None or key.ready > call.elapsed:
            odd = call.mode("confused") is not None
            return JSONResponse({"data": {"exists": False, "isEnabled": odd, "externalId": None, "permissions": []}})
        data = {"exists": True, "isEnabled": not key.disabled, "externalId": key.id, "permissions": _groups(key)}
        return JSONResponse({"data": data | _delivered(key, "info")})

    def secret(self, call: Call) -> Response:
        """F4: once, and 423 while a mode says that another retrieval runs."""
        key = _named(call)
        if isinstance(key, Response):
            return key
        locked = call.mode("locked")
        if locked is not None and (not locked or call.elapsed < key.ready + float(locked)):
            return _says("Temporary lock, retry shortly.", 423)
        if key.taken or call.mode("taken") is not None:
            return _says("Secret already retrieved.", 409)
        key.taken = True
        data = {"apiSecret": key.secret} | _delivered(key, "secret")
        return JSONResponse({"data": data}, headers={"Cache-Control": "no-store"})

    def delete(self, call: Call) -> Response:
        """F5: not for a disabled key (section 10)."""
        key = _named(call)
        if isinstance(key, Response):
            return key
        if key.disabled:
            return _says("Forbidden.", 403)
        keys_of(call.world).delete(key)
        return JSONResponse({"data": []})


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _token(call: Call, client: Client, account: str) -> Response:
    made = call.world.grants.access(client, account, _ACCESS, lambda: secrets.token_urlsafe(32))
    data: dict[str, Any] = {
        "access_token": made,
        "expires_in": _ACCESS,
        "scope": _SCOPE,
        "token_type": "Bearer",
    }
    return JSONResponse(data if call.mode("bare") is not None else {"data": data})


def _bearer(call: Call) -> tuple[str, str] | Response:
    """(client, account) of the token, or 401."""
    found = call.bearer()
    if found is None:
        return _says("Unauthorized.", 401)
    return found.client_id, found.account


def _named(call: Call) -> FastKey | Response:
    """The key in the path: 404 when there is none, 403 when it is another client's."""
    found = _bearer(call)
    if isinstance(found, Response):
        return found
    key = keys_of(call.world).named(call.request.path_params["id"])
    if key is None or call.mode("gone") is not None or key.ready > call.elapsed:
        return _says("Key not found.", 404)
    if (key.client_id, key.account) != found or call.mode("foreign") is not None:
        return _says("Forbidden.", 403)
    return key


def _groups(key: FastKey) -> list[dict[str, Any]]:
    """Every group; the titles are in the person's language, so that nothing may depend on them (Q9)."""
    return [
        {
            "name": name,
            "title": f"«{title}»",
            "urls": [{"url": url, "enable": name in key.rights} for url in urls],
        }
        for name, (title, urls, _) in GROUPS.items()
    ]


def _delivered(key: FastKey, place: str) -> dict[str, str]:
    return {"apiKey": key.public} if key.delivery == place else {}


def _says(text: str, status: int) -> Response:
    return JSONResponse({"data": {"message": [text]}}, status)


def _not_you() -> Response:
    return JSONResponse({"data": {"message": ["Invalid request"]}}, 401)
