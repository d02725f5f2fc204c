"""The constant pages that a person sees in the browser, as responses (S19, S20)."""

import base64
import hashlib
from dataclasses import replace

from keyrack.net.server.server_message import ServerResponse
from keyrack.oauth.loopback.outcome import Outcome
from keyrack.oauth.loopback.page_layout import STYLE, Mark, document

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode("ascii")

_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SAFE = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", _POLICY),
)
_HTML = (("Content-Type", "text/html; charset=utf-8"), *_SAFE)

_AGAIN = "To try again, go to Keyrack and press Sign in."
_OUTCOMES = {
    Outcome.SIGNED_IN: (Mark.GOOD, "You are signed in", "Keyrack keeps this account fresh from now on."),
    Outcome.CONFIRM_IN_APP: (
        Mark.NEXT,
        "One more step",
        "Go to Keyrack and confirm the account: it shows you whose it is. Nothing is stored before that.",
    ),
    Outcome.GO_ON_AT_PROVIDER: (
        Mark.NEXT,
        "One more step at the provider",
        "Go back to the provider's page, tick what the key may do, and confirm it. Keyrack waits for the key.",
    ),
    Outcome.REFUSED: (Mark.BAD, "Access was refused", f"The provider gave Keyrack no access. {_AGAIN}"),
    Outcome.NOT_ACCEPTED: (
        Mark.BAD,
        "Not signed in",
        "The provider did not accept the sign-in from Keyrack. Keyrack shows what it said.",
    ),
    Outcome.UNREACHABLE: (
        Mark.BAD,
        "Not signed in",
        f"Keyrack could not reach the provider to finish. {_AGAIN}",
    ),
    Outcome.NOT_SAVED: (
        Mark.BAD,
        "Signed in, but not saved",
        "Keyrack could not store the sign-in in the keyring. Go to Keyrack: it keeps trying and shows what to do.",
    ),
    Outcome.WRONG_PROVIDER: (Mark.BAD, "Not signed in", f"The answer came from another provider. {_AGAIN}"),
    Outcome.WRONG_ACCOUNT: (
        Mark.BAD,
        "Another account answered",
        "This is not the account that Keyrack keeps in this place, so nothing was changed.",
    ),
    Outcome.CANCELLED: (Mark.OFF, "Sign-in cancelled", f"It was ended in Keyrack. {_AGAIN}"),
    Outcome.EXPIRED: (Mark.OFF, "The time is over", f"This sign-in waited too long. {_AGAIN}"),
    Outcome.FAILED: (Mark.BAD, "Not signed in", "Something went wrong. Keyrack shows what happened and what to do."),
}

_WORKING = (Mark.NEXT, "Still working", "The provider takes its time. Keyrack shows you when it is done.")
_NOTHING = (Mark.OFF, "No sign-in is waiting here", "This address does nothing by itself. Sign-ins start in Keyrack.")
_NOT_TAKEN = (
    Mark.NEXT,
    "This answer was not taken",
    "It is not whole, or belongs to another sign-in. The one in Keyrack still waits: open its link again.",
)
_PASTE = "The sign-in still waits. Copy the address of this page and paste it in Keyrack"
_COOKIES = "Other programs on this computer left many cookies for its address, and browsers send them all."
_UNREAD = {
    414: (Mark.NEXT, "The address is too long", f"Keyrack does not read so much at once here. {_PASTE}."),
    431: (
        Mark.NEXT,
        "The browser sent too much",
        f"{_COOKIES} {_PASTE}, or open its link in a private window.",
    ),
}
_UNREADABLE = (
    Mark.NEXT,
    "The request could not be read",
    f"It did not arrive as browsers send it. {_PASTE}, or open its link in a private window.",
)
_USED = (Mark.OFF, "This link was already used", "Keyrack shows how its sign-in stands.")
_REPORTED = (Mark.NEXT, "Look in Keyrack", "If you refused the access, end the sign-in there. Otherwise it waits.")


def _page(status: int, words: tuple[Mark, str, str]) -> ServerResponse:
    return ServerResponse(status, _HTML, document(*words))


_SHOWN = {outcome: _page(200, words) for outcome, words in _OUTCOMES.items()}


def ended(which: Outcome) -> ServerResponse:
    """The page for the outcome of a sign-in."""
    return _SHOWN[which]


def working() -> ServerResponse:
    """The page for a sign-in that is not done after ten seconds."""
    return _page(200, _WORKING)


def used() -> ServerResponse:
    """The neutral page for a response or a start address that was used before (S12)."""
    return _page(410, _USED)


def reported() -> ServerResponse:
    """The page for a refusal without proof (S33). The sign-in goes on."""
    return _page(400, _REPORTED)


def wrong_provider() -> ServerResponse:
    """The page for a response of another provider (S32)."""
    return _page(400, _OUTCOMES[Outcome.WRONG_PROVIDER])


def refusal(status: int) -> ServerResponse:
    """The page for every other request. It does not say which rule the request broke."""
    return _page(status, _NOTHING)


def not_taken() -> ServerResponse:
    """The page for an answer of no sign-in while one waits for its own. It does not say which rule the answer broke."""
    return _page(400, _NOT_TAKEN)


def unread(status: int) -> ServerResponse:
    """The page for a request that was not read while a sign-in waits: too large, or malformed."""
    return _page(status, _UNREAD.get(status, _UNREADABLE))


def not_allowed() -> ServerResponse:
    """The response to any other method than GET."""
    page = refusal(405)
    return replace(page, headers=(*page.headers, ("Allow", "GET")))


def see_other(location: str) -> ServerResponse:
    """Redirect the browser, by GET and without a trace of this address (S21)."""
    return ServerResponse(303, (*_SAFE, ("Location", location)))
