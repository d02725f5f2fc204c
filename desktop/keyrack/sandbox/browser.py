"""A browser without a person: follows a sign-in link, presses Approve or Refuse, and follows the redirects.

`python -m keyrack.sandbox.browser [--refuse] [--account NAME] URL` ends with 0 when the last page was a good one.
`python -m keyrack.sandbox.browser --user-code [--account NAME] URL` prints the code of Bitport's page.
It needs the standard library alone, and only follows links to 127.0.0.1, [::1] and localhost.
"""

import argparse
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPMessage
from typing import IO
from urllib.parse import urlencode, urljoin, urlsplit

_LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")
_TIMEOUT = 30.0
_LARGEST_PAGE = 1 << 20
_MOST_PAGES = 3
_LIKE_A_BROWSER = {
    "User-Agent": "Mozilla/5.0 (scripted browser of the sandbox)",
    "Accept": "text/html,application/xhtml+xml",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}


class LostError(Exception):
    """The browser could not go on. The message names the page without its query."""


@dataclass
class Choice:
    """One account on a page: its value, the text beside it, and whether it is chosen already."""

    value: str
    text: str = ""
    checked: bool = False


@dataclass
class Form:
    """The first form of a page, the one-time code when it shows one, and the link to what follows the answer."""

    found: bool = False
    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, bool] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    code: str = ""
    next: str = ""


class _PageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self._in_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form.found, self.form.action = True, has.get("action", "")
        elif tag == "input" and has.get("type") == "hidden":
            self.form.hidden[has["name"]] = has.get("value", "")
        elif tag == "input" and has.get("type") == "radio":
            self.form.choices.append(Choice(has["value"], checked="checked" in has))
        elif tag == "input" and has.get("type") == "checkbox":
            self.form.boxes[has["name"]] = "checked" in has
        elif tag == "a" and has.get("rel") == "next":
            self.form.next = has.get("href", "")
        elif tag == "input" and has.get("placeholder"):
            self.form.hidden[has["name"]] = has["placeholder"]  # what the page says is to be typed
        self._in_code = tag == "output" and has.get("id") == "code"

    def handle_endtag(self, tag: str) -> None:
        if tag == "output":
            self._in_code = False

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.form.code += data.strip()
        elif self.form.choices:
            self.form.choices[-1].text += f" {data.strip()}"


class _LocalRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True)
class Page:
    """The page that a link led to."""

    url: str
    form: Form


class Browser:
    """One visit. It keeps no cookies and uses no proxy. `redirects` decides which redirects it follows."""

    def __init__(self, redirects: urllib.request.HTTPRedirectHandler | None = None) -> None:
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), redirects or _LocalRedirects())

    def visit(self, url: str, fields: dict[str, str] | None = None) -> Page:
        """Get a page, or post a form, and follow redirects. Raises LostError."""
        check(url)
        body = None if fields is None else urlencode(fields).encode()
        try:
            request = urllib.request.Request(url, body, _LIKE_A_BROWSER)  # noqa: S310 - checked above
            with self._opener.open(request, timeout=_TIMEOUT) as answer:
                reader = _PageParser()
                reader.feed(answer.read(_LARGEST_PAGE).decode("utf-8", "replace"))
                return Page(answer.url, reader.form)
        except urllib.error.HTTPError as err:
            raise LostError(f"{_place(err.url)} answered {err.code}") from None
        except OSError as err:
            raise LostError(f"{_place(url)}: {getattr(err, 'reason', err)}") from None

    def answer(
        self, url: str, answer: str, account: str | None, ticks: tuple[str, ...] = (), *, goes_on: bool = True
    ) -> Page:
        """Visit a page with a question and press a button. Raises LostError when the page has no form.

        `ticks` are boxes to tick besides those that are. A second page, as for two-factor, is answered the same way,
        and after Approve so is the page that the first one names as the next, if the person `goes_on`.
        """
        first = self.visit(url)
        if not first.form.found:
            raise LostError(f"{_place(first.url)} asks nothing")
        page = self._press(first, answer, account, ticks)
        if first.form.next and goes_on and answer == "approve" and _place(page.url) != _place(first.url):
            page = self.visit(urljoin(first.url, first.form.next))
        for _ in range(_MOST_PAGES):
            if "ask" in page.form.hidden:
                page = self._press(page, answer, account, ticks)
        return page

    def _press(self, page: Page, answer: str, account: str | None, ticks: tuple[str, ...]) -> Page:
        ticked = {name: "yes" for name, on in page.form.boxes.items() if on or name in ticks or _last(name) in ticks}
        chosen = {"account": _chosen(page.form, account)} if page.form.choices else {}
        fields = {**page.form.hidden, **ticked, **chosen, "answer": answer}
        return self.visit(urljoin(page.url, page.form.action), fields)


def check(url: str) -> None:
    """Raise LostError unless the address is on this computer."""
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in _LOCAL_HOSTS:
        raise LostError(f"{_place(url)} is not on this computer")


def _chosen(form: Form, account: str | None) -> str:
    if account is None:
        return next((choice.value for choice in form.choices if choice.checked), "")
    for choice in form.choices:
        if account.lower() == choice.value or account.lower() in choice.text.lower():
            return choice.value
    raise LostError(f"there is no account {account!r} on the page")


def _last(name: str) -> str:
    return name.rpartition("_")[2]


def _place(url: str | None) -> str:
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _button(chosen: argparse.Namespace) -> str:
    return "refuse" if chosen.refuse else "approve"


def main(arguments: list[str]) -> int:
    """Do what the arguments say. 0 when the last page was a good one."""
    parser = argparse.ArgumentParser(prog="python -m keyrack.sandbox.browser")
    parser.add_argument("--refuse", action="store_true", help="press Refuse")
    parser.add_argument("--user-code", action="store_true", help="print a fresh code from Bitport's page")
    parser.add_argument("--account", metavar="NAME", help="choose this account (its id, name or e-mail)")
    parser.add_argument("--tick", action="append", default=[], metavar="BOX", help="tick this box as well")
    parser.add_argument("url")
    chosen = parser.parse_args(arguments)
    try:
        page = Browser().answer(chosen.url, _button(chosen), chosen.account, tuple(chosen.tick))
        if chosen.user_code and not page.form.code:
            raise LostError(f"{_place(page.url)} shows no code")
    except LostError as err:
        print(err, file=sys.stderr)
        return 1
    if chosen.user_code:
        print(page.form.code)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
