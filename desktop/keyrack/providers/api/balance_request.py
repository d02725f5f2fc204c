"""Builds the request of a balance call.

It carries the token, and what the provider requires beside the token or instead of it.
"""

import base64
import json
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from keyrack.net.client.client_message import Request
from keyrack.primitives.secret import Secret
from keyrack.providers.api.paging import ITEMS
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.schema import Region

# Balances and price lists of big exchanges. Any other response is far below the client's own limit.
LARGEST_FIGURES = 8 * 1024 * 1024

Headers = dict[str, str | Secret]
# Gives headers and body for a path, signed with a key that the token was exchanged for.
Signer = Callable[[str], tuple[Headers, bytes]]


def bearer_request(region: Region, method: str, path: str, body: str, token: Secret) -> Request:
    """One request to a region's API with the token in the Authorization header (S42, S43)."""
    headers = _bearer(token)
    if body:
        headers["Content-Type"] = "application/json"
    return Request(method, region.api + path, headers, body.encode() or None, plain_http_allowed=region.test)


def balance_request(
    region: Region, call: BalanceCall, page: str | None, token: Secret, signer: Signer | None = None
) -> Request:
    """The request for one page. `page` is what `first_page` or `next_page` returned.

    Raises ValueError for a signed call without a signer.
    """
    if call.proof == "kraken_key":
        return _signed(region, call, signer)
    headers: Headers = {**call.headers, **_bearer(token)}
    if call.body:
        headers["Content-Type"] = "application/json"
    if call.proof == "gemini_payload":
        headers["X-GEMINI-PAYLOAD"] = gemini_payload(region, call.path)
    url = region.api + call.path
    if call.paging == "range_items":
        headers["Range"] = f"{ITEMS}={page}"
    elif page is not None:
        url = on_the_same_host(region, page)
    return Request(
        call.method,
        url,
        headers,
        call.body.encode() or None,
        plain_http_allowed=region.test,
        most_bytes=LARGEST_FIGURES,
    )


def gemini_payload(region: Region, path: str) -> str:
    """The header that Gemini requires beside a token: the path once more, in base64 and without a nonce (Gemini Q2)."""
    whole = urlsplit(region.api + path).path
    return base64.b64encode(json.dumps({"request": whole}).encode()).decode()


def _signed(region: Region, call: BalanceCall, signer: Signer | None) -> Request:
    if signer is None:
        raise ValueError("a signed call needs a key")
    path = urlsplit(region.api + call.path).path
    headers, body = signer(path)
    headers = {**call.headers, "Accept": "application/json", **headers}
    return Request(
        "POST", region.api + call.path, headers, body, plain_http_allowed=region.test, most_bytes=LARGEST_FIGURES
    )


def _bearer(token: Secret) -> Headers:
    return {"Accept": "application/json", "Authorization": Secret(f"Bearer {token.reveal()}")}


def on_the_same_host(region: Region, path: str) -> str:
    """A page's path on the API's own host, whatever host the response names (S38)."""
    api, page = urlsplit(region.api), urlsplit(path)
    return urlunsplit((api.scheme, api.netloc, page.path, page.query, ""))
