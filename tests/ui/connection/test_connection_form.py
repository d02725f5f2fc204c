"""How Keyrack connects is seen, tried and chosen in the window, with the keyboard alone, and no password is shown."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import trustme
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import LoggedOut, Reason, Retrying
from keyrack.core.connection.proxy_setting import choice_of
from keyrack.core.failures import NotSignedIn
from keyrack.net.network_errors import TlsRefused, Unreachable
from keyrack.primitives.failure import Failure
from keyrack.providers.files.load import moved
from keyrack.providers.registry import built_in
from keyrack.ui.connection.connection_page import ConnectionPage
from tests.connect_proxy import ConnectProxy, proxying, refusing
from tests.net.tls_server import Authority, Provider, answer, serving
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, shown_texts, visible_texts

pytestmark = pytest.mark.security("S52")

HOST = "provider.example"
PASSWORD = "canary-password"


@pytest.fixture
async def provider(tmp_path: Path) -> AsyncIterator[tuple[Provider, Path]]:
    authority = Authority(trustme.CA(), tmp_path / "ca.pem")
    authority.ca.cert_pem.write_to_path(str(authority.file))
    async with serving(answer(), authority.server(HOST)) as made:
        yield made, authority.file


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path, provider: tuple[Provider, Path]) -> WindowHarness:
    """The window of a rack whose providers live at a name that nobody but a proxy resolves."""
    there, file = provider
    known = (moved(each, f"https://{HOST}:{there.port}") for each in built_in())
    trusted = tuple(msgspec.structs.replace(each, ca_file=str(file)) for each in known)
    made = make_harness(tmp_path, providers=trusted, sandbox=False)
    made.window.resize(900, 700)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


async def page_of(harness: WindowHarness) -> ConnectionPage:
    """The page, opened by the sidebar's menu, once it says what is in force."""
    entries = {action.objectName(): action for action in harness.contents.sidebar.findChildren(QAction)}
    entries["menu_connection"].trigger()
    return await there(harness)


async def there(harness: WindowHarness) -> ConnectionPage:
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, ConnectionPage)
    await seen(lambda: page.form.now.text() != "" and harness.tasks.idle)
    return page


def press(harness: WindowHarness, *keys: Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        focus = harness.window.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)


def write(harness: WindowHarness, text: str) -> None:
    focus = harness.window.focusWidget()
    assert isinstance(focus, QLineEdit)
    QTest.keyClicks(focus, text)


def focused(harness: WindowHarness) -> str:
    focus = harness.window.focusWidget()
    assert focus is not None
    return focus.objectName()


def choose_own(harness: WindowHarness, address: str, user: str = "", password: str = "") -> None:
    way = harness.window.findChild(QRadioButton, "connection:own")
    assert way is not None
    way.setFocus()  # as a press of the mouse does
    way.click()
    for name, text in (("address", address), ("user", user), ("password", password)):
        edit = field(harness, f"connection_{name}")
        edit.clear()
        QTest.keyClicks(edit, text)


def result(harness: WindowHarness) -> str:
    label = harness.window.findChild(QWidget, "connection_result")
    text = getattr(label, "text", None)
    assert callable(text)
    return str(text())


def is_shown(harness: WindowHarness, name: str) -> bool:
    return any(each.isVisible() for each in harness.window.findChildren(QAbstractButton, name))


async def said(harness: WindowHarness, words: str) -> None:
    await seen(lambda: words in visible_texts(harness.window) and harness.tasks.idle)


def no_password_is_shown(harness: WindowHarness) -> None:
    assert not [text for text in shown_texts(harness.window) if PASSWORD in text]


async def test_the_keyboard_alone_chooses_a_proxy_that_was_tried(
    harness: WindowHarness, provider: tuple[Provider, Path]
) -> None:
    page = await page_of(harness)
    assert page.form.now.text() == "Keyrack connects directly, without a proxy."
    assert focused(harness) == "connection:none"
    async with proxying() as proxy:
        press(harness, Qt.Key.Key_Down, Qt.Key.Key_Down)
        assert focused(harness) == "connection:own"
        press(harness, Qt.Key.Key_Tab)
        assert focused(harness) == "connection_address"
        write(harness, proxy.address)
        press(harness, Qt.Key.Key_Return)
        await said(harness, "This way is in force now.")

        assert result(harness) == (
            f"{HOST} answered. Keyrack connects through the proxy {proxy.name}. This way is in force now."
        )
        assert proxy.asked == [f"{HOST}:{provider[0].port}"]
    assert harness.rack.proxy.chosen == proxy.address
    assert page.form.now.text() == f"Keyrack connects through the proxy {proxy.name}."
    press(harness, Qt.Key.Key_Escape)
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview


async def test_every_control_is_reached_by_tab_and_has_a_name(harness: WindowHarness) -> None:
    await page_of(harness)
    choose_own(harness, "proxy.example:3128")
    reached = list[str]()
    for _ in range(40):
        press(harness, Qt.Key.Key_Tab)
        reached.append(focused(harness))
        focus = harness.window.focusWidget()
        assert focus is not None
        assert focus.accessibleName() or getattr(focus, "text", str)()
    fields = {f"connection_{name}" for name in ("back", "address", "user", "password", "use", "try")}
    assert fields | {"connection:own"} <= set(reached)


async def test_to_try_is_not_to_choose(harness: WindowHarness) -> None:
    await page_of(harness)
    async with proxying() as proxy:
        choose_own(harness, proxy.address)
        button(harness, "connection_try").click()
        await said(harness, f"{HOST} answered.")
    assert harness.rack.proxy.chosen == "none"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "It is no address of a proxy."),
        ("proxy.example/path", "It is no address of a proxy."),
        ("pro xy.example:3128", "It is no address of a proxy."),
        ("socks5://proxy.example:1080", "It is a SOCKS proxy"),
    ],
)
async def test_an_address_that_is_wrong_stays_in_its_field(text: str, words: str, harness: WindowHarness) -> None:
    await page_of(harness)
    choose_own(harness, text, "me", PASSWORD)
    button(harness, "connection_use").click()
    await said(harness, words)

    edit = field(harness, "connection_address")
    assert edit.text() == text
    assert words in edit.accessibleDescription()
    assert focused(harness) == "connection_address"
    assert field(harness, "connection_password").text() == PASSWORD
    assert harness.rack.proxy.chosen == "none"


async def test_a_proxy_that_wants_a_password_gets_it(harness: WindowHarness, tmp_path: Path) -> None:
    await page_of(harness)
    async with proxying(login=f"me:{PASSWORD}") as proxy:
        choose_own(harness, proxy.address)
        button(harness, "connection_use").click()
        await said(harness, "asks for a user name and a password.")
        assert focused(harness) == "connection_user"
        assert harness.rack.proxy.chosen == "none"

        choose_own(harness, proxy.address, "me", "another")
        field(harness, "connection_password").setFocus()
        press(harness, Qt.Key.Key_Return)
        await said(harness, "does not accept the user name or the password.")
        assert focused(harness) == "connection_password"

        choose_own(harness, proxy.address, "me", PASSWORD)
        button(harness, "connection_use").click()
        await said(harness, "This way is in force now. The password for the proxy is kept")
        no_password_is_shown(harness)
        assert field(harness, "connection_password").text() == ""
        assert field(harness, "connection_password").placeholderText() == "kept"
    assert await harness.rack.proxy.has_login()
    assert not [path for path in tmp_path.rglob("*.json") if PASSWORD in path.read_text()]


async def test_a_login_in_the_address_moves_to_its_own_fields(harness: WindowHarness) -> None:
    await page_of(harness)
    async with proxying(login=f"me:{PASSWORD}") as proxy:
        choose_own(harness, f"http://me:{PASSWORD}@{proxy.name}")
        field(harness, "connection_address").setFocus()
        press(harness, Qt.Key.Key_Tab)

        assert field(harness, "connection_address").text() == proxy.address
        assert field(harness, "connection_user").text() == "me"
        assert field(harness, "connection_password").text() == PASSWORD
        assert result(harness) == "The user name and the password were taken out of the address."
        no_password_is_shown(harness)
        press(harness, Qt.Key.Key_Return)
        await said(harness, "This way is in force now.")
    assert harness.rack.proxy.chosen == proxy.address


async def test_what_failed_is_kept_only_for_one_who_insists(harness: WindowHarness) -> None:
    await page_of(harness)
    async with proxying(refusing("403 Forbidden")) as proxy:
        choose_own(harness, proxy.address)
        assert not is_shown(harness, "connection_insist")
        button(harness, "connection_use").click()
        await said(harness, f"The proxy {proxy.name} makes no connection to {HOST}. It answered with HTTP 403.")
        assert harness.rack.proxy.chosen == "none"
        button(harness, "connection_insist").click()
        await said(harness, "This way is in force now.")
    assert harness.rack.proxy.chosen == proxy.address


async def test_a_change_ends_the_try_of_what_was_there_before(harness: WindowHarness) -> None:
    await page_of(harness)
    async with serving(_mute, None) as hanging:
        choose_own(harness, hanging.url("", "127.0.0.1", "http"))
        button(harness, "connection_use").click()
        await seen(lambda: hanging.connections == 1)
        assert result(harness) == "Trying…"
        choose_own(harness, "proxy.example:3128")
        await seen(lambda: harness.tasks.idle)
    assert result(harness) == ""
    assert harness.rack.proxy.chosen == "none"


async def _mute(reader: object, writer: object) -> None:
    read = getattr(reader, "read", None)
    assert callable(read)
    await read()


async def test_the_page_is_left_while_a_try_is_under_way(harness: WindowHarness) -> None:
    await page_of(harness)
    async with serving(_mute, None) as hanging:
        choose_own(harness, hanging.url("", "127.0.0.1", "http"), "me", PASSWORD)
        button(harness, "connection_use").click()
        await seen(lambda: hanging.connections == 1)
        harness.rack.lock.lock(by_hand=False)
        await seen(lambda: harness.tasks.idle)
    assert not harness.window.findChildren(ConnectionPage)
    harness.contents.pages.show_connection()
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview, "nothing opens while locked"


NOT_REACHED = (
    Unreachable(HOST, "Keyrack connects directly, without a proxy."),
    TlsRefused("certificate_unknown", HOST),
)


@pytest.mark.parametrize("why", NOT_REACHED)
async def test_a_failed_connection_leads_to_the_page_and_back(why: Failure, harness: WindowHarness) -> None:
    harness.active("w1", Retrying(harness.clock.elapsed + 30.0, why))
    harness.contents.open("w1")
    button(harness, "state_connection").click()
    await there(harness)
    press(harness, Qt.Key.Key_Escape)

    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w1"
    harness.active("w1")
    assert not is_shown(harness, "state_connection")


async def test_a_failed_sign_in_leads_to_the_page(harness: WindowHarness) -> None:
    harness.feed("w1", LoggedOut(Reason.NEW, NOT_REACHED[0]))
    harness.contents.open("w1")
    assert is_shown(harness, "state_connection")


@pytest.mark.parametrize(
    ("why", "offered"), [(NOT_REACHED[0], True), (NotSignedIn("no_key", account="Trading"), False)]
)
async def test_a_notice_of_a_failed_connection_leads_to_the_page(
    why: Failure, offered: bool, harness: WindowHarness
) -> None:
    async def fail() -> None:
        raise why

    harness.actions.start(harness.account("w1"), "copy", fail)
    await said(harness, why.happened)
    assert is_shown(harness, "notice_connection") is offered
    if offered:
        button(harness, "notice_connection").click()
        await there(harness)
        assert not harness.contents.notice.isVisible()


async def test_a_proxy_that_is_chosen_elsewhere_is_seen(harness: WindowHarness) -> None:
    page = await page_of(harness)
    from_elsewhere = ConnectProxy(port=3128)
    await harness.rack.proxy.choose(choice_of(from_elsewhere.address))
    await said(harness, f"Keyrack connects through the proxy {from_elsewhere.name}.")
    assert page.form.now.text().endswith(f"{from_elsewhere.name}.")
