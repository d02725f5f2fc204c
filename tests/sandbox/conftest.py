"""One sandbox for all tests of this folder, without faults at the start of each test, and a way to answer its pages."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.plain_http import plain_http
from tests.sandbox_process import RunningSandbox

Press = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.clear_faults()
    return running


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with plain_http() as client:
        yield client


@pytest.fixture
def press(http: httpx.Client) -> Press:
    """Press a button of a consent page. The parameters of the redirect, whose address is checked."""

    def answer(url: str, redirect_uri: str, account: str = "", *, button: str = "approve") -> dict[str, str]:
        page = http.get(url)
        assert page.status_code == 200, page.text
        ask = unescape(re.findall(r'name="ask" value="([^"]+)"', page.text)[0])
        back = http.post(url, data={"ask": ask, "account": account, "answer": button})
        assert back.status_code == 302
        target = urlsplit(back.headers["location"])
        assert f"{target.scheme}://{target.netloc}{target.path}" == redirect_uri
        return dict(parse_qsl(target.query))

    return answer
