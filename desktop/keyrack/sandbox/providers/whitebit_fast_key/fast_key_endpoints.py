"""WhiteBIT's sign-in for an API key: consent with permission boxes and two-factor, the token, the key's facts."""

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
from keyrack.sandbox.state.consent import ConsentRequest
from keyrack.sandbox.state.lifetimes import CONSENT_LIFETIME
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import Call

_ACCESS = 14_400
TOKEN_FIELDS = ("client_id", "client_secret", "code", "code_verifier")
_SCOPE = "apikeys.create,apikeys.read,apikeys.delete"


@dataclass
class _PendingConsent:
    """One consent that is not finished: the request, then the chosen account and rights."""

    request: ConsentRequest
    account: str = ""
    rights: frozenset[str] = frozenset()


@dataclass
class FastKeyEndpoints:
    """The pages of the sign-in, and the endpoints that a token opens."""

    world: World
    pending_consents: dict[str, _PendingConsent] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)

    def login(self, call: Call) -> Response:
        """The consent page. It needs the exact registered address and S256."""
        client = call.world.clients.find(PROVIDER, call.query.get("clientId"))
        if client is None or client.redirect_uri is None:
            return consent.error_page(
                pages.BRAND, "Unknown application", "This link names no application we know.", 404
            )
        if call.query.get("redirect_uri") != client.redirect_uri:
            return consent.error_page(
                pages.BRAND, "Wrong address", "The address to return to is not the registered one."
            )
        challenge = call.query.get("code_challenge", "")
        if len(challenge) != 43 or call.query.get("code_challenge_method") != "S256":
            return consent.error_page(pages.BRAND, "Wrong link", "The link holds no S256 challenge.")
        returned = consent.returned_state(call.query.get("state"), call.fault("state") or "echoed")
        ends = call.elapsed + CONSENT_LIFETIME
        number = secrets.token_urlsafe(16)
        self.pending_consents[number] = _PendingConsent(
            ConsentRequest(client, client.redirect_uri, returned, call.faults, ends, challenge)
        )
        return consent.html_response(pages.consent_page(PEOPLE, number))

    def answer(self, call: Call) -> Response:
        """The permission boxes, then two-factor. The form of the second page arrives here too."""
        pending = self.pending_consents.pop(call.fields.get("ask", ""), None)
        if pending is None or pending.request.expires <= call.elapsed:
            return consent.error_page(
                pages.BRAND, "Nothing to answer", "This page was answered before, or waited too long."
            )
        call.row.client_id = pending.request.client.client_id
        if call.fields.get("answer") != "approve":
            return consent.denied(pages.BRAND, pending.request)
        return self._second_factor(call, pending) if pending.account else self._rights_chosen(call, pending)

    def _rights_chosen(self, call: Call, pending: _PendingConsent) -> Response:
        pending.account = call.fields.get("account", "")
        pending.rights = frozenset(name for name in GROUPS if f"allow_{name}" in call.fields)
        if pending.account not in PEOPLE:
            return consent.error_page(pages.BRAND, "No such account", "Choose one of the accounts on the page before.")
        return self._second_page(pending)

    def _second_page(self, pending: _PendingConsent, problem: str = "") -> Response:
        number = secrets.token_urlsafe(16)
        self.pending_consents[number] = pending
        return consent.html_response(
            pages.second_factor_page(number, problem, withdraws="withdrawal" in pending.rights)
        )

    def _second_factor(self, call: Call, pending: _PendingConsent) -> Response:
        if call.fields.get("totp", "").strip() != pages.CODE:
            return self._second_page(pending, "That code is not right.")
        if "withdrawal" in pending.rights and "understood" not in call.fields:
            return self._second_page(pending, "Tick the box to allow withdrawals.")
        call.row.account = pending.account
        return self._finished(call, pending)

    def _finished(self, call: Call, pending: _PendingConsent) -> Response:
        client_id = pending.request.client.client_id
        existing = self._existing(call, client_id, pending.account)
        delivered: dict[str, str] = {}
        if existing is None:
            key = self._new(call, pending)
            delivered = {"apiKey": key.public} if key.delivery == "callback" else {}
        elif call.fault("stuck") is not None:
            error = "partner_key_expired_exists" if existing.disabled else "partner_key_active_exists"
            return consent.error_page(pages.BRAND, "No new key", f"There is a key for this application: {error}.")
        code = call.world.grants.code("redirect", PROVIDER, client_id, pending.account)
        self.challenges[code] = pending.request.challenge
        return consent.redirect_back(pending.request, code=code, **delivered)

    def _existing(self, call: Call, client_id: str, account: str) -> FastKey | None:
        """The key that prevents a new one, because it exists or because a fault says so."""
        keys, mode = keys_of(call.world), call.fault("exists")
        existing = keys.expire_idle(keys.of_person(client_id, account), deleted=call.fault("inactive") is not None)
        if existing is None and mode is not None:
            existing = keys.make(client_id, account, frozenset({"info"}))
            existing.secret_retrieved, existing.disabled = True, mode == "expired"
        return existing

    def _new(self, call: Call, pending: _PendingConsent) -> FastKey:
        late = float(call.fault("late") or 0)
        key = keys_of(call.world).make(pending.request.client.client_id, pending.account, pending.rights, late=late)
        key.delivery = call.fault("deliver") or "callback"
        return key

    def token(self, call: Call) -> Response:
        """The token endpoint: secret and verifier, a code is good once, no refresh token."""
        call.row.grant = "authorization_code"
        missing = {n: ["validation.required"] for n in TOKEN_FIELDS if not call.fields.get(n)}
        if missing or call.format != "form":
            return JSONResponse({"errors": missing, "notification": None}, 422)
        client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
        challenge = self.challenges.pop(call.fields["code"], "")
        if client is None or call.fault("refused") is not None or challenge != _challenge(call.fields["code_verifier"]):
            return _refused()
        call.row.account = account = call.world.grants.redeem_code(call.fields["code"], "redirect", client)
        return _token(call, client, account) if account else _refused()

    def info(self, call: Call) -> Response:
        """Whether there is a key, and what it may do."""
        found = _bearer(call)
        if isinstance(found, Response):
            return found
        keys = keys_of(call.world)
        key = keys.expire_idle(keys.of_person(*found), deleted=call.fault("inactive") is not None)
        if key is None or key.ready > call.elapsed:
            odd = call.fault("confused") is not None
            return JSONResponse({"data": {"exists": False, "isEnabled": odd, "externalId": None, "permissions": []}})
        data = {"exists": True, "isEnabled": not key.disabled, "externalId": key.id, "permissions": _groups(key)}
        return JSONResponse({"data": data | _delivered(key, "info")})

    def secret(self, call: Call) -> Response:
        """The secret of a key, once. 423 while a fault says that another retrieval runs."""
        key = _named(call)
        if isinstance(key, Response):
            return key
        locked = call.fault("locked")
        if locked is not None and (not locked or call.elapsed < key.ready + float(locked)):
            return _message("Temporary lock, retry shortly.", 423)
        if key.secret_retrieved or call.fault("taken") is not None:
            return _message("Secret already retrieved.", 409)
        key.secret_retrieved = True
        data = {"apiSecret": key.secret} | _delivered(key, "secret")
        return JSONResponse({"data": data}, headers={"Cache-Control": "no-store"})

    def delete(self, call: Call) -> Response:
        """Delete a key. A disabled key cannot be deleted (403)."""
        key = _named(call)
        if isinstance(key, Response):
            return key
        if key.disabled:
            return _message("Forbidden.", 403)
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
    return JSONResponse(data if call.fault("bare") is not None else {"data": data})


def _bearer(call: Call) -> tuple[str, str] | Response:
    """Client id and account of the token, or 401."""
    found = call.bearer()
    if found is None:
        return _message("Unauthorized.", 401)
    return found.client_id, found.account


def _named(call: Call) -> FastKey | Response:
    """The key in the path: 404 when there is none, 403 when it is another client's."""
    found = _bearer(call)
    if isinstance(found, Response):
        return found
    key = keys_of(call.world).by_id(call.request.path_params["id"])
    if key is None or call.fault("gone") is not None or key.ready > call.elapsed:
        return _message("Key not found.", 404)
    if (key.client_id, key.account) != found or call.fault("foreign") is not None:
        return _message("Forbidden.", 403)
    return key


def _groups(key: FastKey) -> list[dict[str, Any]]:
    """Every group of rights. The titles are in the person's language, so a client cannot depend on them (Q9)."""
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


def _message(text: str, status: int) -> Response:
    return JSONResponse({"data": {"message": [text]}}, status)


def _refused() -> Response:
    return JSONResponse({"data": {"message": ["Invalid request"]}}, 401)
