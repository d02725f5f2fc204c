"""The address that a person copied from the browser instead of letting it come by itself (S26)."""

from urllib.parse import urlsplit

from keyrack.oauth.authorization.redirect_uri import BadRedirect, RedirectUri, parse
from keyrack.oauth.authorization.response import NotOurs
from keyrack.oauth.authorization.response_check import AuthorizationRequest, Unproven, check_response
from keyrack.oauth.oauth_errors import WrongAddressPasted
from keyrack.primitives.secret import Secret

_LONGEST = 8 * 1024


def code(request: AuthorizationRequest, registered: RedirectUri, text: str) -> Secret:
    """The code in a pasted address, after the very checks of the listener.

    Raises BadPaste when it is not the address that is waited for, Unproven for an error without
    state, and whatever else ends a sign-in. Nothing of the text is quoted.
    """
    query = _query(registered, text.strip(), slash_optional=not request.state_echo)
    try:
        return check_response(request, query)
    except Unproven:
        raise
    except NotOurs:
        raise _bad("It belongs to another sign-in, or a part of it is missing.") from None


def _query(registered: RedirectUri, text: str, *, slash_optional: bool) -> str:
    before, _, query = text.partition("?")
    if len(text) > _LONGEST or not query or "#" in text:
        raise _bad("It is not the whole address.")
    try:
        pasted = parse(before)
    except BadRedirect:
        raise _bad("It is not the whole address.") from None
    same_place = (pasted.scheme, pasted.host, pasted.port) == (registered.scheme, registered.host, registered.port)
    path = urlsplit(before).path  # as pasted: the registered form of an empty path is "/"
    if not same_place or not registered.fits_path(path or "/", slash_optional=slash_optional):
        raise _bad(f"It does not begin with {registered.origin}{registered.path}.")
    return query


def _bad(why: str) -> WrongAddressPasted:
    return WrongAddressPasted(
        "This is not the address that Keyrack waits for.",
        why,
        "Copy the whole address from the browser's address bar after pressing Approve.",
    )
