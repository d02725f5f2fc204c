"""Finds the first and the next page of a call."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from keyrack.oauth.strict_json import at
from keyrack.providers.call_schema import AccountsCall, BalanceCall

MOST_PAGES = 100
# What answers a range without an item (RFC 9110 section 15.5.17), and what Uphold may answer instead (Uphold Q23).
NO_ITEMS = (416, 412)
ITEMS = "items"
PAGE_ITEMS = 50
_LONGEST_PATH = 2048
_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*\Z")
_RANGE = re.compile(r"items (\d{1,9})-(\d{1,9})/(\d{1,9})\Z", re.ASCII)
_NOTHING = re.compile(r"items \*?(?:0-0)?/0\Z")


def first_page(call: BalanceCall | AccountsCall) -> str | None:
    """The range of the first page. None where the call's own path is the first page."""
    return f"0-{PAGE_ITEMS - 1}" if call.paging == "range_items" else None


def next_page(call: BalanceCall | AccountsCall, headers: Mapping[str, str], answer: Any, api: str = "") -> str | None:
    """The range or path of the next page. None after the last page.

    `api` is the API's address. A whole address of a page must have its scheme, host and port.

    Raises ValueError when the response names a page that cannot be requested.
    """
    if call.paging == "range_items":
        return _next_range(headers.get("content-range", ""))
    found = at(answer, call.next_page) if call.next_page else None
    if found is None or found == "" or found is False:
        return None
    # Only a path: which host is asked stands in the provider's file alone (S38).
    if not isinstance(found, str) or len(found) > _LONGEST_PATH or "#" in found:
        raise ValueError("not a path")
    path = _path_of(found, api) if call.paging == "next_address" else found
    if not _PATH.match(path):
        raise ValueError("not a path")
    return path


def _path_of(address: str, api: str) -> str:
    """The path and query of an address on the API's own host. Raises ValueError for another one."""
    parts, own = urlsplit(address), urlsplit(api)
    if parts.scheme != own.scheme or parts.netloc.lower() != own.netloc.lower():
        raise ValueError("another host")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _next_range(content_range: str) -> str | None:
    """After `items 0-49/120` comes `50-99`. A response without the header is the only page (Uphold's pagination)."""
    if not content_range or _NOTHING.match(content_range):
        return None
    found = _RANGE.match(content_range)
    if found is None:
        raise ValueError("not a range of items")
    last, total = int(found[2]), int(found[3])
    return f"{last + 1}-{last + PAGE_ITEMS}" if last + 1 < total else None
