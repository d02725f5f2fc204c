"""Reads the redirect address that a person copied from the browser, in the forms in which people have it (S26)."""

import re
from urllib.parse import SplitResult, urlsplit

from keyrack.net.address import LOOPBACK
from keyrack.oauth.authorization.redirect_uri import RedirectUri
from keyrack.oauth.authorization.response import NotOurs
from keyrack.oauth.authorization.response_check import AuthorizationRequest, Unproven, check_response
from keyrack.oauth.oauth_errors import WrongAddressPasted
from keyrack.primitives.secret import Secret

LONGEST = 32 * 1024

_NO_CHARACTER = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_AROUND = "<>\"'`´‘’‚‛“”„‟‹›«»"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SAME_PLACE = {*LOOPBACK, "localhost"}


def query(request: AuthorizationRequest, registered: RedirectUri, text: str) -> str:
    """The query of a pasted address. Raises WrongAddressPasted when it is not the expected address.

    What people's programs add or leave out is no matter: line breaks and invisible characters, quotes and brackets,
    `&amp;`, a fragment, the scheme, and the name of this computer. State and code are checked all the same.
    Nothing of the text is quoted.
    """
    if len(text) > LONGEST:
        raise WrongAddressPasted("pasted_part")
    whole = _NO_CHARACTER.sub("", text).strip(_AROUND).partition("#")[0].replace("&amp;", "&")
    before, _, found = whole.partition("?")
    parts = _split(before if _SCHEME.match(before) else f"{registered.scheme}://{before}")
    if parts is None or not found:
        raise WrongAddressPasted("pasted_part")
    slash_optional = not request.state_echo
    if not _is_place(parts, registered) or not registered.fits_path(parts.path or "/", slash_optional=slash_optional):
        raise WrongAddressPasted("pasted_elsewhere", start=f"{registered.origin}{registered.path}")
    return found


def code(request: AuthorizationRequest, pasted_query: str) -> Secret:
    """The code in the query of a pasted address, after the same checks as in the listener.

    Raises WrongAddressPasted when it is of another sign-in, Unproven for an error without a state, and the failures of
    `check_response` that end a sign-in.
    """
    try:
        return check_response(request, pasted_query)
    except Unproven:
        raise
    except NotOurs:
        raise WrongAddressPasted("pasted_of_other_sign_in") from None


def _split(before: str) -> SplitResult | None:
    try:
        parts = urlsplit(before)
        parts.port  # noqa: B018  a wrong port raises here
    except ValueError:
        return None
    return parts if parts.hostname and before.isascii() and before.isprintable() else None


def _is_place(parts: SplitResult, registered: RedirectUri) -> bool:
    """Whether this is the registered host and port. A browser that knows https alone writes that for http."""
    names = _SAME_PLACE if registered.host in _SAME_PLACE else {registered.host}
    ports = {registered.port} if f":{registered.port}" in registered.authority else {registered.port, None}
    web = parts.scheme in ("http", "https") and "@" not in parts.netloc
    return web and parts.hostname in names and parts.port in ports
