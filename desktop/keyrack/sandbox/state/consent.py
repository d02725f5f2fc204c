"""What happens between the authorization link and the way back: a page with a question, and a person's answer."""

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
class Ask:
    """One open question: who asks, what goes back with the answer, and the modes that were on when it was asked.

    `challenge` is the code challenge of RFC 7636, "" without one.
    """

    client: Client
    redirect_uri: str
    returned: dict[str, str]
    modes: dict[str, str]
    expires: float
    challenge: str = ""


@dataclass(frozen=True)
class Answer:
    """What the person chose: `account` is None for a refusal."""

    ask: Ask
    account: str | None


class Consents:
    """The questions that wait for an answer; each is answered once, within ten minutes."""

    def __init__(self, clock: Clock, people: Mapping[str, People]) -> None:
        self._clock = clock
        self._people = people
        self._open: dict[str, Ask] = {}

    def ask(
        self, brand: Brand, client: Client, returned: dict[str, str], modes: dict[str, str], challenge: str = ""
    ) -> Response:
        """The page that asks; `returned` are the parameters every answer carries back."""
        number = secrets.token_urlsafe(16)
        now = self._clock.now()
        self._open = {key: kept for key, kept in self._open.items() if kept.expires > now}
        redirect = client.redirect_uri or ""
        self._open[number] = Ask(client, redirect, returned, modes, now + CONSENT_LIFETIME, challenge)
        return page(consent_page(brand, self._people[client.provider], number))

    def answered(self, fields: dict[str, str]) -> Answer | None:
        """What the form of that page says; None when it is not (or no longer) open or holds no such account."""
        ask = self._open.pop(fields.get("ask", ""), None)
        if ask is None or ask.expires <= self._clock.now():
            return None
        if fields.get("answer") != "approve":
            return Answer(ask, None)
        account = fields.get("account", "")
        return Answer(ask, account) if account in self._people[ask.client.provider] else None


def returned_state(sent: str | None, mode: str) -> dict[str, str]:
    """The state parameter of the redirect: what was sent ("echoed"), none ("dropped") or another ("foreign")."""
    if mode == "foreign":
        return {"state": secrets.token_urlsafe(32)}
    return {"state": sent} if mode == "echoed" and sent is not None else {}


def way_back(ask: Ask, **outcome: str) -> Response:
    """302 to the registered redirect address with the outcome added to its query."""
    address = ask.redirect_uri + ("/" if "slash" in ask.modes else "")
    joint = "&" if "?" in address else "?"
    query = urlencode({**outcome, **ask.returned})
    return RedirectResponse(address + joint + query, 302, {"Cache-Control": "no-store"})


def refused(brand: Brand, ask: Ask, **said: str) -> Response:
    """The way back after a refusal, or a page that leads nowhere when the provider keeps silent about it."""
    if "refusal" in ask.modes:
        return page(notice_page(brand, "Access refused", "You can close this window."))
    return way_back(ask, error="access_denied", **said)


def wrong(brand: Brand, title: str, text: str, status: int = 400) -> Response:
    """A page for a link that cannot be answered; the browser is never sent on from here."""
    return page(notice_page(brand, title, text), status)


def page(html: str, status: int = 200, referrer: str = "no-referrer") -> Response:
    """An HTML answer with the headers of a page one signs in at; its forms send `Origin: null` with "no-referrer"."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
    headers = {"Cache-Control": "no-store", "Referrer-Policy": referrer, "Content-Security-Policy": policy}
    return HTMLResponse(html, status, headers)
