"""The page on the group of hosts: a person makes, joins, shares and leaves, over a real etcd."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.group.group_failures import InvitationFailure
from keyrack.core.group.joining_code import read_code
from keyrack.primitives.secret import Secret
from keyrack.ui.preferences.preferences_page import PreferencesPage
from keyrack.ui.sharing.invitation_card import OWNER
from keyrack.ui.sharing.sharing_form import SharingForm
from tests.core.group.conftest import Hosts, OneHost, address, first, host, prefix
from tests.core.shared_store.conftest import etcd
from tests.etcd_cluster import EtcdCluster
from tests.ui.harness import WindowHarness, button, field, in_front, seen, shown_texts, visible_texts

__all__ = ["address", "etcd", "first", "host", "prefix"]

NONE = "Now: with none"


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    """A window whose rack shares what a person wants it to."""
    made = in_front(qtbot, tmp_path / "window")
    made.contents.open("w1")
    for id in ("w1", "w2"):
        await made.rack.parts.records.save_client_secret(id, Secret("canary-client-secret"))
        made.active(id)
    running = asyncio.create_task(made.rack.parts.several_hosts.run(made.rack.parts))
    yield made
    running.cancel()
    await made.tasks.close()
    await made.rack.parts.close()


def opened(harness: WindowHarness) -> SharingForm:
    """The page, opened from the settings."""
    harness.contents.program.open_preferences()
    button(harness, "preferences_sharing").click()
    harness.window.activateWindow()  # without a window manager the settings' choice boxes take that away
    (form,) = harness.window.findChildren(SharingForm)
    return form


def enter(harness: WindowHarness, name: str, text: str) -> None:
    edit = field(harness, f"sharing_{name}")
    edit.clear()
    QTest.keyClicks(edit, text)


async def said(harness: WindowHarness, words: str) -> None:
    await seen(lambda: words in visible_texts(harness.window))


async def made_group(harness: WindowHarness, etcd: EtcdCluster, prefix: str) -> SharingForm:
    """The page of a group that was made in the window."""
    form = opened(harness)
    button(harness, "sharing:make").click()
    enter(harness, "members", " ".join(etcd.addresses))
    enter(harness, "group", prefix.split("/")[2])
    enter(harness, "host", "desk-1")
    button(harness, "sharing_enter").click()
    await said(harness, "as “desk-1”.")
    return form


async def test_a_person_makes_a_group_invites_a_host_and_shares(
    harness: WindowHarness, etcd: EtcdCluster, prefix: str, host: Hosts
) -> None:
    await made_group(harness, etcd, prefix)
    other = host("desk-2")
    button(harness, "sharing_invite").click()
    await seen(lambda: bool(code_of(harness)))
    button(harness, "sharing_copy_code").click()
    assert harness.clipboard.owner == OWNER
    await other.entrances.join(other.door, read_code(Secret(code_of(harness))))
    await said(harness, "“desk-2” asks with this code.")
    assert harness.clipboard.owner == ""
    button(harness, "sharing_let_in").click()
    assert await other.entrances.wait_for_answer(10)
    await said(harness, "“desk-2” is in the group now.")

    button(harness, "share:w1").click()
    await said(harness, "“Trading” is shared with every host of the group.")
    await said(harness, "renews Trading")
    assert harness.account("w1").settings.group
    button(harness, "unshare:w1").click()
    button(harness, "unshare_yes:w1").click()
    await said(harness, "“Trading” is this host's own now.")
    assert not harness.account("w1").settings.group


def code_of(harness: WindowHarness) -> str:
    label = harness.window.findChild(QLabel, "invitation_code")
    return label.text() if isinstance(label, QLabel) and label.isVisible() else ""


async def test_the_keyboard_alone_is_enough_and_what_is_wrong_stands_below_its_field(
    harness: WindowHarness, first: OneHost
) -> None:
    opened(harness)
    await seen(lambda: focused(harness) == "sharing:join")
    code = (await first.entrances.invite()).code.text.reveal()
    typed = {
        "sharing_members": "http://example.invalid:2379",
        "sharing_group": first.door.group,
        "sharing_host": "desk-2",
        "sharing_code": f"{code[:-1]}{'0' if code[-1] != '0' else '1'}",
    }
    for name, text in typed.items():
        tab_to(harness, name)
        field(harness, name).selectAll()
        QTest.keyClicks(field(harness, name), text)
    QTest.keyClick(field(harness, "sharing_code"), Qt.Key.Key_Return)
    await said(harness, "There is a slip in this code.")
    assert focused(harness) == "sharing_code"
    assert not [text for text in shown_texts(harness.window) if code[:-1] in text]
    field(harness, "sharing_code").clear()
    QTest.keyClicks(field(harness, "sharing_code"), code)
    QTest.keyClick(field(harness, "sharing_code"), Qt.Key.Key_Return)
    await said(harness, "http://example.invalid:2379")
    assert not harness.rack.parts.several_hosts.in_group


async def test_a_page_that_is_left_ends_its_invitation(
    harness: WindowHarness, etcd: EtcdCluster, prefix: str, host: Hosts
) -> None:
    await made_group(harness, etcd, prefix)
    button(harness, "sharing_invite").click()
    await seen(lambda: bool(code_of(harness)))
    code = code_of(harness)
    button(harness, "sharing_copy_code").click()
    button(harness, "sharing_back").click()
    assert harness.clipboard.owner == ""
    await seen(lambda: harness.tasks.idle)
    other = host("desk-2")
    with pytest.raises(InvitationFailure):
        await other.entrances.join(other.door, read_code(Secret(code)))


def focused(harness: WindowHarness) -> str:
    focus: QWidget | None = harness.window.focusWidget()
    return "" if focus is None else focus.objectName()


def tab_to(harness: WindowHarness, name: str) -> None:
    for _ in range(20):
        if focused(harness) == name:
            return
        QTest.keyClick(harness.window.focusWidget(), Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not lead to {name}")


async def test_a_person_joins_with_a_code_and_leaves(harness: WindowHarness, first: OneHost) -> None:
    opened(harness)
    invitation = await first.entrances.invite()
    enter(harness, "members", first.door.address.members[0])
    enter(harness, "group", first.door.group)
    enter(harness, "host", "desk-2")
    enter(harness, "code", invitation.code.text.reveal().lower())
    button(harness, "sharing_enter").click()
    await said(harness, "“desk-1” invites.")
    assert (await first.entrances.look("waiting", 10)).guest == "desk-2"
    await first.entrances.decide(let_in=True)
    await said(harness, "as “desk-2”.")
    await said(harness, "desk-2 (this host)")
    button(harness, "sharing_leave").click()
    button(harness, "sharing_drop").click()
    await said(harness, "This host is in no group any more")
    assert not harness.rack.parts.several_hosts.in_group
    QTest.keyClick(harness.window, Qt.Key.Key_Escape)
    assert isinstance(harness.contents.pages.currentWidget(), PreferencesPage)
    assert NONE in visible_texts(harness.window)
