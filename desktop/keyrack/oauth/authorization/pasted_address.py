"""Reads the redirect address that a person copied from the browser (S26)."""

from urllib.parse import urlsplit

from keyrack.oauth.authorization.redirect_uri import BadRedirect, RedirectUri, parse
from keyrack.oauth.authorization.response import NotOurs
from keyrack.oauth.authorization.response_check import AuthorizationRequest, Unproven, check_response
from keyrack.oauth.oauth_errors import WrongAddressPasted
from keyrack.primitives.secret import Secret

_LONGEST = 8 * 1024


def code(request: AuthorizationRequest, registered: RedirectUri, text: str) -> Secret:
    """The code in a pasted address, after the same checks as in the listener.

    Raises WrongAddressPasted when it is not the expected address, Unproven for an error without a state, and the
    failures of `check_response` that end a sign-in. Nothing of the text is quoted.
    """
    query = _query(registered, text.strip(), slash_optional=not request.state_echo)
    try:
        return check_response(request, query)
    except Unproven:
        raise
    except NotOurs:
        raise WrongAddressPasted("pasted_of_other_sign_in") from None


def _query(registered: RedirectUri, text: str, *, slash_optional: bool) -> str:
    before, _, query = text.partition("?")
    if len(text) > _LONGEST or not query or "#" in text:
        raise WrongAddressPasted("pasted_part")
    try:
        pasted = parse(before)
    except BadRedirect:
        raise WrongAddressPasted("pasted_part") from None
    same_place = (pasted.scheme, pasted.host, pasted.port) == (registered.scheme, registered.host, registered.port)
    path = urlsplit(before).path  # as pasted: the registered form of an empty path is "/"
    if not same_place or not registered.fits_path(path or "/", slash_optional=slash_optional):
        raise WrongAddressPasted("pasted_elsewhere", start=f"{registered.origin}{registered.path}")
    return query
