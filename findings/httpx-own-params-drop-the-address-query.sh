#!/usr/bin/env bash
# httpx 0.28.1 drops the query of an address as soon as there are params, even if there are none in them.
#
# `params` replaces the query of the address instead of adding to it, and an empty dict or list counts as params. Worse
# for whoever follows a server's links: the params of the client (an API key, a locale) drop the query of every single
# request. A link to the next page, "/rows?cursor=abc", is then asked for without its cursor, the first page comes again,
# and a loop "until there is no next page" never ends. requests adds to the query in each of these cases.
# So whoever pages through answers gives httpx whole addresses and no params, and keeps a limit on the pages.
#
# Seen with httpx 0.28.1 and requests 2.34.2, for http://example.com/rows?cursor=abc:
#   params=None: httpx cursor=abc, requests cursor=abc
#   params={}: httpx nothing, requests cursor=abc
#   params={'limit': '5'}: httpx limit=5, requests cursor=abc&limit=5
#   the client's params {'locale': 'en'}: httpx locale=en, requests cursor=abc&locale=en
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1 requests==2.34.2
"$folder/env/bin/python" - <<'PYTHON'
import sys
from urllib.parse import urlsplit

import httpx
import requests

ADDRESS = "http://example.com/rows?cursor=abc"


def by_httpx(params, own):
    return str(httpx.Client(params=own).build_request("GET", ADDRESS, params=params).url)


def by_requests(params, own):
    session = requests.Session()
    session.params = own or {}
    return session.prepare_request(requests.Request("GET", ADDRESS, params=params)).url


seen = []
for named, params, own in (
    ("params=None", None, None),
    ("params={}", {}, None),
    ("params={'limit': '5'}", {"limit": "5"}, None),
    ("the client's params {'locale': 'en'}", None, {"locale": "en"}),
):
    one, other = (urlsplit(ask(params, own)).query or "nothing" for ask in (by_httpx, by_requests))
    seen.append((one, other))
    print(f"{named}: httpx {one}, requests {other}")
expected = [
    ("cursor=abc", "cursor=abc"),
    ("nothing", "cursor=abc"),
    ("limit=5", "cursor=abc&limit=5"),
    ("locale=en", "cursor=abc&locale=en"),
]
sys.exit(0 if seen == expected else "this has changed")
PYTHON
