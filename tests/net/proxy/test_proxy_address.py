"""The address of a proxy is read as people write it, and nothing of a login in it is ever shown."""

import pytest

from keyrack.net.proxy.proxy_address import BadProxy, Proxy, login_of, parse
from keyrack.primitives.secret import Secret

pytestmark = pytest.mark.security("S52")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("http://proxy.example:3128", "proxy.example:3128"),
        ("proxy.example:3128", "proxy.example:3128"),
        ("HTTP://Proxy.Example:3128/", "proxy.example:3128"),
        ("http://proxy.example", "proxy.example:80"),
        ("10.0.0.1:8080", "10.0.0.1:8080"),
        ("http://[fd00::1]:8080", "[fd00::1]:8080"),
        ("http://[FD00::1]", "[fd00::1]:80"),
        ("http://прокси.example:3128", "xn--h1adldfi.example:3128"),
        ("proxy_1.example:3128", "proxy_1.example:3128"),
    ],
)
def test_an_address_is_taken_as_people_write_it(text: str, name: str) -> None:
    assert parse(text).name == name
    assert parse(parse(text).address) == parse(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "proxy_address_invalid"),
        ("http://proxy.example:port", "proxy_address_invalid"),
        ("http://proxy.example:99999", "proxy_address_invalid"),
        ("http://proxy.example:3128/path", "proxy_address_invalid"),
        ("http://proxy.example:3128?x=1", "proxy_address_invalid"),
        ("http://proxy example:3128", "proxy_address_invalid"),
        ("http://proxy.example\r\nX: y:3128", "proxy_address_invalid"),
        ("http://" + "a" * 400, "proxy_address_invalid"),
        ("http://proxy.example:0", "proxy_address_invalid"),
        ("http://[fd00::1:8080", "proxy_address_invalid"),
        ("http://[secret]:8080", "proxy_address_invalid"),
        ("http://прокси..example:3128", "proxy_address_invalid"),
        ("https://proxy.example:3128", "proxy_not_http"),
        ("socks5://proxy.example:1080", "proxy_is_socks"),
        ("socks5h://me:secret@proxy.example:1080", "proxy_is_socks"),
        ("http://me@proxy.example:3128", "proxy_password_missing"),
        ("http://me%3Ame:secret@proxy.example:3128", "proxy_login_invalid"),
        ("http://me:sec%0Aret@proxy.example:3128", "proxy_login_invalid"),
        ("http://me:secret#1@proxy.example:3128", "proxy_address_invalid"),
    ],
)
def test_another_address_is_refused_and_no_secret_quoted(text: str, code: str) -> None:
    with pytest.raises(BadProxy) as caught:
        parse(text)

    assert caught.value.code == code
    assert "secret" not in caught.value.happened + repr(caught.value)


@pytest.mark.parametrize(
    ("text", "user", "password"),
    [
        ("http://me:invented-secret@proxy.example:3128", "me", "invented-secret"),
        ("desk%5Cme:invented%40secret@proxy.example:3128", "desk\\me", "invented@secret"),
        ("http://me:invented@secret@proxy.example:3128/", "me", "invented@secret"),
        ("http://:invented-secret@proxy.example:3128", "", "invented-secret"),
    ],
)
def test_a_login_is_taken_out_of_the_address(text: str, user: str, password: str) -> None:
    proxy = parse(text)

    assert proxy.login == login_of(user, Secret(password))
    assert (proxy.name, proxy.address) == ("proxy.example:3128", "http://proxy.example:3128")
    assert parse(proxy.address_with_login().reveal()) == proxy
    for shown in (repr(proxy), repr(proxy.login), str(proxy.address_with_login())):
        assert "invented" not in shown
        assert "me" not in shown.replace("name", "")


def test_proxies_with_the_same_login_are_the_same() -> None:
    """One pool of connections serves them, however often the address was read."""
    assert len({parse("http://me:invented@proxy.example:3128") for _ in range(3)}) == 1
    assert parse("http://me:invented@proxy.example:3128") != Proxy("proxy.example", 3128)
