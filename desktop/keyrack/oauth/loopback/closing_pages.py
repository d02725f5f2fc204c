"""The pages that a person sees in the browser, constant in each language, as responses (S19, S20)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace

from keyrack.language.translation import mark, spoken, translated
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

# The drawing, the title, and one sentence or two.
_Words = tuple[Mark, str, str] | tuple[Mark, str, str, str]
_AGAIN = mark("To try again, go to Keyrack and press Sign in.")
_OUTCOMES: Mapping[Outcome, _Words] = {
    Outcome.SIGNED_IN: (Mark.GOOD, mark("You are signed in"), mark("Keyrack keeps this account fresh from now on.")),
    Outcome.CONFIRM_IN_APP: (
        Mark.NEXT,
        mark("One more step"),
        mark("Go to Keyrack and confirm the account: it shows you whose it is. Nothing is stored before that."),
    ),
    Outcome.GO_ON_AT_PROVIDER: (
        Mark.NEXT,
        mark("One more step at the provider"),
        mark("Go back to the provider's page, tick what the key may do, and confirm it. Keyrack waits for the key."),
    ),
    Outcome.REFUSED: (Mark.BAD, mark("Access was refused"), mark("The provider gave Keyrack no access."), _AGAIN),
    Outcome.NOT_ACCEPTED: (
        Mark.BAD,
        mark("Not signed in"),
        mark("The provider did not accept the sign-in from Keyrack. Keyrack shows what it said."),
    ),
    Outcome.UNREACHABLE: (
        Mark.BAD,
        mark("Not signed in"),
        mark("Keyrack could not reach the provider to finish."),
        _AGAIN,
    ),
    Outcome.NOT_SAVED: (
        Mark.BAD,
        mark("Signed in, but not saved"),
        mark(
            "Keyrack could not store the sign-in in the keyring. Go to Keyrack: it keeps trying and shows what to do."
        ),
    ),
    Outcome.WRONG_PROVIDER: (Mark.BAD, mark("Not signed in"), mark("The answer came from another provider."), _AGAIN),
    Outcome.WRONG_ACCOUNT: (
        Mark.BAD,
        mark("Another account answered"),
        mark("This is not the account that Keyrack keeps in this place, so nothing was changed."),
    ),
    Outcome.CANCELLED: (Mark.OFF, mark("Sign-in cancelled"), mark("It was ended in Keyrack."), _AGAIN),
    Outcome.EXPIRED: (Mark.OFF, mark("The time is over"), mark("This sign-in waited too long."), _AGAIN),
    Outcome.FAILED: (
        Mark.BAD,
        mark("Not signed in"),
        mark("Something went wrong. Keyrack shows what happened and what to do."),
    ),
}

_WORKING = (Mark.NEXT, mark("Still working"), mark("The provider takes its time. Keyrack shows you when it is done."))
_NOTHING = (
    Mark.OFF,
    mark("No sign-in is waiting here"),
    mark("This address does nothing by itself. Sign-ins start in Keyrack."),
)
_NOT_TAKEN = (
    Mark.NEXT,
    mark("This answer was not taken"),
    mark("It is not whole, or belongs to another sign-in. The one in Keyrack still waits: open its link again."),
)
_PASTE = mark("The sign-in still waits. Copy the address of this page and paste it in Keyrack.")
_PRIVATE = mark(
    "The sign-in still waits. Copy the address of this page and paste it in Keyrack, "
    "or open its link in a private window."
)
_COOKIES = mark("Other programs on this computer left many cookies for its address, and browsers send them all.")
_UNREAD: Mapping[int, _Words] = {
    414: (Mark.NEXT, mark("The address is too long"), mark("Keyrack does not read so much at once here."), _PASTE),
    431: (
        Mark.NEXT,
        mark("The browser sent too much"),
        _COOKIES,
        _PRIVATE,
    ),
}
_UNREADABLE = (
    Mark.NEXT,
    mark("The request could not be read"),
    mark("It did not arrive as browsers send it."),
    _PRIVATE,
)
_USED = (Mark.OFF, mark("This link was already used"), mark("Keyrack shows how its sign-in stands."))
_REPORTED = (
    Mark.NEXT,
    mark("Look in Keyrack"),
    mark("If you refused the access, end the sign-in there. Otherwise it waits."),
)


def _page(status: int, words: _Words) -> ServerResponse:
    """A page in the language of this moment. What it says are constants of this program in every language."""
    drawing, title, *parts = words
    text = " ".join(translated(part) for part in parts)
    return ServerResponse(status, _HTML, document(drawing, translated(title), text, spoken()))


def ended(which: Outcome) -> ServerResponse:
    """The page for the outcome of a sign-in."""
    return _page(200, _OUTCOMES[which])


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
