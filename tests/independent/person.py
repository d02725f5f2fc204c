"""The person at the browser: a small HTTP client that signs in on a server's own pages and answers what they ask."""

import http.cookiejar
import urllib.error
import urllib.request
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

NAME = "kim"
# Buttons by their name or their value, in the words of the servers' pages.
NO = frozenset({"abort", "refuse", "deny", "Cancel", "Decline"})
_NEITHER = frozenset({"logout"})
_BUTTONS = frozenset({"submit", "button", "image", "reset"})


class _Forms(HTMLParser):
    """The forms of a page, each with its address, its fields and its buttons."""

    def __init__(self, page: str, known: Mapping[str, str]) -> None:
        super().__init__()
        self._known = known
        self.found: list[tuple[str, dict[str, str], list[tuple[str, str]]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        kind = has.get("type", "submit" if tag == "button" else "text").lower()
        if tag == "form":
            self.found.append((has.get("action", ""), {}, []))
        elif not self.found or tag not in ("input", "button"):
            return
        elif kind in _BUTTONS:
            self.found[-1][2].append((has.get("name", ""), has.get("value", "")))
        elif has.get("name"):
            self.found[-1][1][has["name"]] = has.get("value", "") or self._typed(has["name"], kind)

    def _typed(self, name: str, kind: str) -> str:
        """What this person types into an empty field."""
        return "" if kind == "hidden" else self._known.get(name, NAME)


class Person:
    """Follows a server's pages in one browser session, and allows or refuses where they ask."""

    def __init__(self, known: Mapping[str, str] = {}, *, refuses: bool = False) -> None:
        self._known, self._refuses = known, refuses
        self._jar = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._jar)
        )

    def walk(self, address: str) -> str:
        """Go on until a page asks nothing more. Returns its text."""
        body = None
        for _ in range(10):
            text, here = self._page(address, body)
            filled = self._filled(text)
            if filled is None:
                return text
            address, body = urljoin(here, filled[0]) if filled[0] else here, urlencode(filled[1]).encode()
        raise AssertionError(f"the pages of the server have no end: {text[-2000:]}")

    def _page(self, address: str, body: bytes | None) -> tuple[str, str]:
        try:
            with self._browser.open(urllib.request.Request(address, body), timeout=30) as answer:
                return str(answer.read().decode()), answer.url
        except urllib.error.HTTPError as refused:
            return refused.read().decode(), refused.url

    def _filled(self, page: str) -> tuple[str, dict[str, str]] | None:
        """Where to send what: the last form with the button that this person presses."""
        for action, fields, buttons in reversed(_Forms(page, self._known).found):
            for name, value in buttons or [("", "")]:
                pressed = bool({name, value} & NO) is self._refuses or not _asks(buttons)
                if pressed and not {name, value} & _NEITHER:
                    return action, fields | ({name: value} if name else {})
        return None


def _asks(buttons: list[tuple[str, str]]) -> bool:
    """Whether a form has a button that refuses."""
    return any({name, value} & NO for name, value in buttons)
