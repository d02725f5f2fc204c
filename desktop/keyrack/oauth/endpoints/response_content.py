"""Decodes a response of an endpoint, unless its status alone says that there is nothing to decode."""

from typing import Any

from keyrack.net.client.client_message import Response
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints.error_response import ended, known_failure, own_words, refusal, said, unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import read_json
from keyrack.primitives.failure import Failure, plain

_NOT_IMPLEMENTED = 501


def content(server: AuthorizationServer, response: Response, *, public: bool = False) -> Any:
    """The JSON value of a response. None where its status needs no body: a 401 that is refused by HTTP's own means, or
    a status that the server's dialect describes.

    `public` says that the client has no secret. Raises the failure of a status that is no answer to the request, with
    the words that came with it, or UnexpectedResponse.
    """
    end = ended(server.name, response, announced=server.end_announced, advice=server.end_advice)
    if end is not None:
        raise end
    failure = unavailable(server.name, response.status, response.headers)
    if failure is not None:
        raise _told(server, response, failure, public=public)
    try:
        return read_json(response.body, server.name, forgiving=True)
    except UnexpectedResponse:
        by_status = known_failure(server, response.status, None, public=public)
        if by_status is not None or (response.status == 401 and "www-authenticate" in response.headers):
            return None  # RFC 6749 section 5.2
        if response.status in (403, 451):
            raise _network_refused(server, response.status) from None
        raise


def _told(server: AuthorizationServer, response: Response, failure: Failure, *, public: bool) -> Failure:
    """The failure of the status, or what the server's dialect or its own code makes of it.

    A 501 is about the request (RFC 9110 section 15.6.2), so that its code counts. No other code of a 5xx ends anything,
    because a server that is out of order may say it of every token.
    """
    try:
        value = read_json(response.body, server.name, forgiving=True)
    except UnexpectedResponse:
        value = None
    known = known_failure(server, response.status, value, public=public)
    if known is not None:
        known.retry_after = failure.retry_after
        return known
    code, text = said(server, response.status, value)
    if response.status == _NOT_IMPLEMENTED and code:
        return refusal(server, response.status, value, public=public) or failure
    failure.detail = plain(own_words(code, text, response.status))
    return failure


def _network_refused(server: AuthorizationServer, status: int) -> UnexpectedResponse:
    return UnexpectedResponse("network_refused", server=server.name, detail=f"HTTP {status}")
