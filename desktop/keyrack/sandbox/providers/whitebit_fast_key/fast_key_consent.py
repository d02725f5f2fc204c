"""WhiteBIT's pages of the sign-in for an API key: the gate, the consent, then the key with its second factor (Q19)."""

import secrets
from dataclasses import dataclass, field

from starlette.responses import Response

from keyrack.sandbox.providers.whitebit_fast_key import fast_key_pages as pages
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, PROVIDER, FastKey, keys_of
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.consent import ConsentRequest
from keyrack.sandbox.state.lifetimes import CONSENT_LIFETIME
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import Call


@dataclass
class _Visit:
    """One person's way through the pages: the request, then the chosen account and rights."""

    request: ConsentRequest
    old_order: bool
    account: str = ""
    rights: frozenset[str] = frozenset()


@dataclass
class FastKeyConsent:
    """The pages. `challenges` holds the code challenge of each code. A page is answered once, a key made once."""

    world: World
    visits: dict[str, _Visit] = field(default_factory=dict)
    agreed: dict[str, _Visit] = field(default_factory=dict)
    challenges: dict[str, str] = field(default_factory=dict)

    def login(self, call: Call) -> Response:
        """The gate, then the consent page. It needs the exact registered address and S256."""
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
        gate = call.fault("gate")
        if gate is not None:
            return consent.error_page(pages.BRAND, *pages.GATES[gate], status=200)
        returned = consent.returned_state(call.query.get("state"), call.fault("state") or "echoed")
        ends = call.elapsed + CONSENT_LIFETIME
        request = ConsentRequest(client, client.redirect_uri, returned, call.faults, ends, challenge)
        visit = _Visit(request, old_order=call.fault("order") is not None)
        page = pages.rights_page if visit.old_order else pages.consent_page
        return consent.html_response(page(PEOPLE, self._number(self.visits, visit)))

    def answer(self, call: Call) -> Response:
        """The consent. The code comes at once, and the key is made later on `create` (Q19)."""
        number = call.fields.get("ask", "")
        visit = _open(self.visits.pop(number, None), call)
        if visit is None:
            return _answered_before()
        call.row.client_id = visit.request.client.client_id
        if call.fields.get("answer") != "approve":
            return consent.denied(pages.BRAND, visit.request)
        if visit.old_order:
            return self._second_factor(call, visit) if visit.account else self._rights_chosen(call, visit)
        visit.account = call.fields.get("account", "")
        if visit.account not in PEOPLE:
            return consent.error_page(pages.BRAND, "No such account", "Choose one of the accounts on the page before.")
        call.row.account = visit.account
        if self._existing(call, visit) is not None:
            return consent.error_page(pages.BRAND, *pages.GATES["key"], status=200)
        self.agreed[number] = visit
        return self._back(call, visit)

    def new(self, call: Call) -> Response:
        """The page on which the person ticks what the key may do, once the consent was given."""
        number = call.query.get("ask", "")
        if _open(self.agreed.get(number), call) is None:
            return consent.error_page(pages.BRAND, "Nothing agreed", "Agree on the page before first.")
        return consent.html_response(pages.rights_page({}, number))

    def create(self, call: Call) -> Response:
        """The rights, then two-factor, then the key. Its secret is never shown here."""
        number = call.fields.get("ask", "")
        visit = _open(self.agreed.pop(number, None), call)
        if visit is None:
            return _answered_before()
        call.row.client_id, call.row.account = visit.request.client.client_id, visit.account
        if call.fields.get("answer") != "approve":
            return consent.error_page(pages.BRAND, "No key", "You made no key. You can close this window.", status=200)
        if "totp" not in call.fields:
            visit.rights = _ticked(call)
            return self._second_page(self.agreed, visit)
        problem = _missing(call, visit)
        if problem:
            return self._second_page(self.agreed, visit, problem)
        if self._existing(call, visit) is not None:
            return consent.error_page(pages.BRAND, *pages.GATES["key"], status=200)
        self._make(call, visit)
        return consent.error_page(pages.BRAND, "The key is made", "You can close this window.", status=200)

    def _rights_chosen(self, call: Call, visit: _Visit) -> Response:
        visit.account, visit.rights = call.fields.get("account", ""), _ticked(call)
        if visit.account not in PEOPLE:
            return consent.error_page(pages.BRAND, "No such account", "Choose one of the accounts on the page before.")
        return self._second_page(self.visits, visit)

    def _second_page(self, kept: dict[str, _Visit], visit: _Visit, problem: str = "") -> Response:
        page = pages.second_factor_page(self._number(kept, visit), problem, withdraws="withdrawal" in visit.rights)
        return consent.html_response(page)

    def _second_factor(self, call: Call, visit: _Visit) -> Response:
        """The end of the older order: the key exists at the callback, which may carry its public part."""
        problem = _missing(call, visit)
        if problem:
            return self._second_page(self.visits, visit, problem)
        call.row.account = visit.account
        existing = self._existing(call, visit)
        if existing is not None and call.fault("stuck") is not None:
            error = "partner_key_expired_exists" if existing.disabled else "partner_key_active_exists"
            return consent.error_page(pages.BRAND, "No new key", f"There is a key for this application: {error}.")
        if existing is not None:
            return self._back(call, visit)
        key = self._make(call, visit)
        return self._back(call, visit, **({"apiKey": key.public} if key.delivery == "callback" else {}))

    def _back(self, call: Call, visit: _Visit, **delivered: str) -> Response:
        code = call.world.grants.code("redirect", PROVIDER, visit.request.client.client_id, visit.account)
        self.challenges[code] = visit.request.challenge
        return consent.redirect_back(visit.request, code=code, **delivered)

    def _existing(self, call: Call, visit: _Visit) -> FastKey | None:
        """The key that prevents a new one, because it exists or because a fault says so."""
        keys, mode, client_id = keys_of(call.world), call.fault("exists"), visit.request.client.client_id
        found = keys.of_person(client_id, visit.account)
        existing = keys.expire_idle(found, deleted=call.fault("inactive") is not None)
        if existing is None and mode is not None:
            existing = keys.make(client_id, visit.account, frozenset({"info"}))
            existing.secret_retrieved, existing.disabled = True, mode == "expired"
        return existing

    def _make(self, call: Call, visit: _Visit) -> FastKey:
        late, delivery = float(call.fault("late") or 0), call.fault("deliver") or ""
        client_id = visit.request.client.client_id
        return keys_of(call.world).make(client_id, visit.account, visit.rights, late=late, delivery=delivery)

    def _number(self, kept: dict[str, _Visit], visit: _Visit) -> str:
        number = secrets.token_urlsafe(16)
        kept[number] = visit
        return number


def _open(visit: _Visit | None, call: Call) -> _Visit | None:
    return visit if visit is not None and visit.request.expires > call.elapsed else None


def _answered_before() -> Response:
    return consent.error_page(pages.BRAND, "Nothing to answer", "This page was answered before, or waited too long.")


def _ticked(call: Call) -> frozenset[str]:
    return frozenset(name for name in GROUPS if f"allow_{name}" in call.fields)


def _missing(call: Call, visit: _Visit) -> str:
    """What keeps the second page from being accepted, or ""."""
    if call.fields.get("totp", "").strip() != pages.CODE:
        return "That code is not right."
    if "withdrawal" in visit.rights and "understood" not in call.fields:
        return "Tick the box to allow withdrawals."
    return ""
