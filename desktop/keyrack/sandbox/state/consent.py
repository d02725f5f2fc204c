"""The consent page and the redirect that follows the person's answer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

from keyrack.sandbox.pages.page_frame import Brand, consent_page, notice_page
from keyrack.sandbox.people.person import People
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.lifetimes import CONSENT_LIFETIME
from keyrack.sandbox.state.sandbox_clock import Clock

REDIRECT_FAULTS = {
    "state:dropped": "the redirect carries no state",
    "state:foreign": "the redirect carries somebody else's state",
    "refusal:silent": "a refusal never returns to the application",
}


@dataclass(frozen=True)
class ConsentRequest:
    """One open question: its client, what the redirect carries back, and the faults that were on.

    `challenge` is the code challenge of RFC 7636, "" without one.
    """

    client: Client
    redirect_uri: str
    returned: dict[str, str]
    faults: dict[str, str]
    expires: float
    challenge: str = ""


@dataclass(frozen=True)
class ConsentAnswer:
    """The person's choice. `account` is None for a refusal."""

    request: ConsentRequest
    account: str | None


class Consents:
    """The questions that wait for an answer. Each is answered once, within ten minutes."""

    def __init__(self, clock: Clock, people: Mapping[str, People]) -> None:
        self._clock = clock
        self._people = people
        self._open: dict[str, ConsentRequest] = {}

    def show(
        self, brand: Brand, client: Client, returned: dict[str, str], faults: dict[str, str], challenge: str = ""
    ) -> Response:
        """The consent page. `returned` are the parameters that every redirect carries back."""
        number = secrets.token_urlsafe(16)
        now = self._clock.now()
        self._open = {key: kept for key, kept in self._open.items() if kept.expires > now}
        redirect = client.redirect_uri or ""
        self._open[number] = ConsentRequest(client, redirect, returned, faults, now + CONSENT_LIFETIME, challenge)
        return html_response(consent_page(brand, self._people[client.provider], number))

    def answer(self, fields: dict[str, str]) -> ConsentAnswer | None:
        """The answer in a form of that page.

        None when the question is not open any more, or when the account is unknown.
        """
        request = self._open.pop(fields.get("ask", ""), None)
        if request is None or request.expires <= self._clock.now():
            return None
        if fields.get("answer") != "approve":
            return ConsentAnswer(request, None)
        account = fields.get("account", "")
        return ConsentAnswer(request, account) if account in self._people[request.client.provider] else None


def returned_state(sent: str | None, mode: str) -> dict[str, str]:
    """The state parameter of the redirect: as it was sent ("echoed"), none ("dropped") or another ("foreign")."""
    if mode == "foreign":
        return {"state": secrets.token_urlsafe(32)}
    return {"state": sent} if mode == "echoed" and sent is not None else {}


def redirect_back(request: ConsentRequest, **outcome: str) -> Response:
    """302 to the registered redirect address with the outcome added to its query."""
    address = request.redirect_uri + ("/" if "slash" in request.faults else "")
    joint = "&" if "?" in address else "?"
    query = urlencode({**outcome, **request.returned})
    return RedirectResponse(address + joint + query, 302, {"Cache-Control": "no-store"})


def denied(brand: Brand, request: ConsentRequest, **details: str) -> Response:
    """The redirect after a refusal, or a page without a redirect when the fault "refusal" is on."""
    if "refusal" in request.faults:
        return html_response(notice_page(brand, "Access refused", "You can close this window."))
    return redirect_back(request, error="access_denied", **details)


def error_page(brand: Brand, title: str, text: str, status: int = 400) -> Response:
    """A page for a link that cannot be answered. The browser is never redirected."""
    return html_response(notice_page(brand, title, text), status)


def html_response(html: str, status: int = 200, referrer: str = "no-referrer") -> Response:
    """An HTML response with the headers of a sign-in page.

    With "no-referrer" its forms send `Origin: null`.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    headers = {"Cache-Control": "no-store", "Referrer-Policy": referrer, "Content-Security-Policy": policy}
    return HTMLResponse(html, status, headers)
