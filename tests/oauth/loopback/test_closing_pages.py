"""The pages are constant, safe to show, and allowed by their own policy."""

import base64
import hashlib
import re
from collections.abc import Callable

import pytest

from keyrack.net.server.server_message import ServerResponse
from keyrack.oauth.loopback import closing_pages
from keyrack.oauth.loopback.outcome import Outcome
from tests.language import catalogue_of

ALL: list[Callable[[], ServerResponse]] = [
    *(lambda outcome=outcome: closing_pages.ended(outcome) for outcome in Outcome),
    closing_pages.working,
    closing_pages.used,
    closing_pages.reported,
    closing_pages.wrong_provider,
    closing_pages.not_allowed,
    closing_pages.not_taken,
    *(lambda status=status: closing_pages.unread(status) for status in (400, 414, 431)),
    lambda: closing_pages.refusal(400),
]


@pytest.mark.security("S19")
@pytest.mark.parametrize("make", ALL)
def test_a_page_is_constant_and_its_style_is_the_one_the_policy_names(make: Callable[[], ServerResponse]) -> None:
    page, headers = make(), dict(make().headers)
    text = page.body.decode("utf-8")

    assert make().body == page.body
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert headers["Content-Security-Policy"].startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert not re.search(r"<script|<form|<img|<link|<iframe|\bsrc=|\bhref=|\bstyle=|\bon\w+=|url\(|@import", text)


@pytest.mark.security("S19", "S21")
def test_a_redirect_has_no_body_and_leaves_no_referrer() -> None:
    page = closing_pages.see_other("/done/x")

    assert (page.status, page.body) == (303, b"")
    assert dict(page.headers)["Referrer-Policy"] == "no-referrer"
    assert dict(page.headers)["Cache-Control"] == "no-store"


def test_a_page_is_in_the_language_that_is_spoken_when_it_is_shown() -> None:
    english = closing_pages.ended(Outcome.REFUSED)
    texts = {
        "Access was refused": "<Zugriff> abgelehnt",
        "To try again, go to Keyrack and press Sign in.": "Noch einmal: in Keyrack.",
        "you can close this page": "Sie können die Seite schließen",
    }
    with catalogue_of.spoken("xx", texts):
        page = closing_pages.ended(Outcome.REFUSED)
    text = page.body.decode()
    assert '<html lang="xx">' in text
    assert "<h1>&lt;Zugriff&gt; abgelehnt</h1>" in text
    assert "The provider gave Keyrack no access. Noch einmal: in Keyrack.</p>" in text
    assert "Keyrack · Sie können die Seite schließen" in text
    assert page.headers == english.headers
    assert '<html lang="en">' in english.body.decode()
