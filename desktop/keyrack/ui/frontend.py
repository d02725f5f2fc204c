"""Connects the window, the tray, the notifications and the clipboard with one rack."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from keyrack.core.accounts.account import Account
from keyrack.core.preferences.all_settings import (
    LOCK_WITH_SCREEN,
    TELL_OF_ACCOUNTS,
    TELL_OF_CLIPBOARD,
    TELL_OF_PROGRAMS,
)
from keyrack.core.system.program_files import ProgramFiles
from keyrack.ui.actions.account_changes import AccountChanges
from keyrack.ui.actions.actions import Actions
from keyrack.ui.actions.keyed_tasks import KeyedTasks
from keyrack.ui.integration.clipboard import Clipboard
from keyrack.ui.integration.notifications import Notifications
from keyrack.ui.integration.question_notifications import QuestionNotifications
from keyrack.ui.integration.session_monitor import SessionMonitor
from keyrack.ui.integration.snooze_menu import SnoozeMenu
from keyrack.ui.integration.tray import Tray
from keyrack.ui.integration.tray_menu import TrayEntry
from keyrack.ui.lock.idle_lock import IdleLock
from keyrack.ui.preferences.effective_choices import EffectiveChoices
from keyrack.ui.safeguards.program_watch import ProgramWatch
from keyrack.ui.safeguards.quit_question import QuitQuestion
from keyrack.ui.safeguards.restarting import Restarting
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.summary_text import counted
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.pages import account_before

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)
# A key begins to lie idle without any change of its account.
_LOOK_AGAIN_AFTER = 60.0


class Frontend(QObject):
    """Everything a person sees. `quitting` is set when the person quits. The program runs from `files`."""

    def __init__(self, window: "MainWindow", rack: "Rack", files: ProgramFiles | None = None) -> None:
        super().__init__()
        self.window = window
        self.rack = rack
        self.quitting = asyncio.Event()
        self._watch = ProgramWatch(rack.clock, files)
        self.clipboard = Clipboard(rack.clock)
        self.tasks = KeyedTasks(_unexpected)
        self.actions = Actions(rack, self.clipboard, self.tasks)
        self._entries: dict[str, TrayEntry] = {}
        self._needing: dict[str, str] = {}
        self._seen: dict[str, tuple[object, ...]] = {}
        self._looked_at = -_LOOK_AGAIN_AFTER
        self.tray = Tray(self, counted)
        self.choices = EffectiveChoices(rack.preferences, self.actions.snooze)
        quiet = self.choices.quiet_for
        self.notifications = Notifications(
            self.tray.notify,
            rack.clock,
            is_in_front=self.is_in_front,
            quiet_for=partial(quiet, TELL_OF_ACCOUNTS),
        )
        self.questions = QuestionNotifications(
            rack, window, self.tray.notify, quiet_for=partial(quiet, TELL_OF_PROGRAMS)
        )
        self.idle = IdleLock(window, rack.lock, rack.clock, self.choices.idle_seconds)
        self.session = SessionMonitor(self)
        self.quit_question = QuitQuestion(window, rack, self.quit, self._tray_visible)
        self.restarting = Restarting(window, rack, self.tasks, self.quit, self.actions.notified.emit)
        self._changes = AccountChanges(rack.accounts, self._changed, self._is_wanted)
        self._connect()

    def _connect(self) -> None:
        tray, actions, rack = self.tray, self.actions, self.rack
        tray.copy.connect(lambda id: self._with_account(id, self._copy))
        tray.refresh.connect(lambda id: self._with_account(id, actions.refresh))
        tray.sign_in.connect(lambda id: self._with_account(id, actions.sign_in))
        tray.show.connect(self.window.come_forward)
        tray.refresh_all.connect(actions.refresh_all)
        tray.open.connect(self.window.come_forward)
        tray.lock_pressed.connect(actions.lock)
        tray.settings.connect(self.window.come_forward)
        tray.menu.add_notices(SnoozeMenu(actions.snooze))
        rack.accounts.changed.connect(self._order_changed)
        self.rack.lock.changed.connect(lambda: tray.set_locked(self.rack.lock.locked))
        tray.set_locked(self.rack.lock.locked)
        self.session.away.connect(self._person_away)
        self.choices.notices_changed.connect(self.notifications.look_again)
        self.choices.notices_changed.connect(self.questions.notifications.look_again)
        self.choices.idle_changed.connect(self.idle.follow)
        # A timer of the loop slept as well: what fell due meanwhile is renewed now, not at its end (R16).
        self.session.back.connect(lambda: rack.parts.resumed())  # noqa: PLW0108 - Qt wants a weak reference
        self.session.start()
        self.clipboard.returned.connect(self._secret_returned)
        self.session.ending.connect(self.quit)
        tray.quit.connect(self.quit_question.ask)
        self.window.quit_asked.connect(self.quit_question.ask)
        tray.appeared.connect(self.window.tray_appeared)
        self.choices.window_outdated.connect(self._fill_anew)
        self._fill().pages.privacy.begin()
        self._changed(tuple(rack.accounts))
        tray.start()

    def _fill(self, place: tuple[str, str] = ("", "")) -> Contents:
        """Fill the window. What follows other contents goes on from their place."""
        contents = Contents(self.rack, self.actions, parent=self.window, place=place, watch=self._watch)
        contents.pages.privacy.changed.connect(self.tray.menu.show_private)
        self.tray.menu.show_private(contents.pages.privacy.on)
        self.tray.hide_amounts.connect(contents.toggle_amounts)
        self.tray.settings.connect(contents.program.open_preferences)
        self.tray.show.connect(contents.return_to)
        contents.question.answered.connect(self.questions.answered)
        self.restarting.offer(contents.restart)
        self.window.fill(contents, self._tray_visible)
        return contents

    def _fill_anew(self) -> None:
        """Make the window anew, for another size of text or another language. A half-filled form is waited for."""
        old = self.window.contents
        if old is None:
            return
        if old.can_be_replaced():
            self.choices.use_for_window()
            self._fill(old.place())
            self.tray.update()
        else:
            self.actions.notified.emit("", "accent", old.pages.kept.waited_for())
            old.replace_when_possible(self._fill_anew)

    def _person_away(self) -> None:
        """The screen was locked, or the computer goes to sleep."""
        if self.rack.preferences.value(LOCK_WITH_SCREEN):
            self.rack.lock.lock(by_hand=False)

    def _tray_visible(self) -> bool:
        """Whether the window may hide. A tray that came long after the start is found now."""
        self.tray.start()
        return self.tray.really_visible()

    def _with_account(self, id: str, action: object) -> None:
        account = self.rack.accounts.find(id)
        if account is not None and callable(action):
            action(account)

    def is_in_front(self, id: str) -> bool:
        """Whether the person has this account's pane before them, or its test in the wizard."""
        contents = self.window.contents
        before = contents is not None and not self.rack.lock.locked and account_before(contents.pages.currentWidget())
        return before == id and self.window.isActiveWindow()

    def _copy(self, account: Account) -> None:
        """Copying from the tray counts as use, and needs an unlocked Keyrack as it does in the window."""
        self.idle.note_use()
        if self.rack.lock.locked:
            self.window.come_forward()
        else:
            self.actions.copy(account)

    def _secret_returned(self, owner: str) -> None:
        """Say that clearing was in vain. `owner` is what `Copying` calls it, an account's id or one with ":link"."""
        text = self.tr(
            "What Keyrack had copied and cleared is on the clipboard again, because a clipboard manager has kept it. "
            "The next paste would show it. Delete it from that program's history, or copy something else."
        )
        self.actions.notified.emit(owner.partition(":")[0], "soon", text)
        if not self.window.isActiveWindow() and not self.choices.quiet_for(TELL_OF_CLIPBOARD):
            self.tray.notify(self.tr("The clipboard is not empty"), text)

    def _changed(self, accounts: Collection[Account]) -> None:
        """Tell tray and notifications of these accounts."""
        if self._is_due():
            self._look_at({*accounts, *self.rack.accounts})
            self._looked_at = self.rack.clock.elapsed()
        else:
            self._look_at(accounts)
        self.tray.update()
        there = self.rack.accounts.ids()
        self.notifications.report({id: self._needing[id] for id in there if id in self._needing})

    def _is_due(self) -> bool:
        return self.rack.clock.elapsed() - self._looked_at >= _LOOK_AGAIN_AFTER

    def _is_wanted(self, account: Account) -> bool:
        """New figures alone tell tray and notifications nothing."""
        return self._is_different(account) or self._is_due()

    def _is_different(self, account: Account) -> bool:
        there = self.rack.accounts.find(account.id) is account
        now, seen = (there, *account.status_parts), self._seen.get(account.id, ())
        self._seen[account.id] = now
        if not there:
            del self._seen[account.id]
        return len(seen) != len(now) or any(one is not other for one, other in zip(seen, now, strict=True))

    def _look_at(self, accounts: Collection[Account]) -> None:
        """Renew what is known of these accounts."""
        for account in accounts:
            self._entries.pop(account.id, None)
            self._needing.pop(account.id, None)
            if self.rack.accounts.find(account.id) is account:
                entry = self._entries[account.id] = _tray_entry(self.rack, account)
                if entry.needs:
                    self._needing[account.id] = account.settings.name

    def entries(self) -> Sequence[TrayEntry]:
        """All accounts for the tray, as they were when they last changed."""
        return [self._entries[id] for id in self.rack.arrangement.ids() if id in self._entries]

    def entries_now(self) -> Sequence[TrayEntry]:
        """All accounts for the tray at this second."""
        self._look_at(tuple(self.rack.accounts))
        return self.entries()

    def _order_changed(self) -> None:
        """Show the person's order in the tray. An account that came or went is told of by itself."""
        for account in self.rack.accounts:
            known = self._entries.get(account.id)
            if known is not None and known.pinned != self.rack.arrangement.is_pinned(account):
                self._entries[account.id] = replace(known, pinned=not known.pinned)
        if self._entries.keys() == set(self.rack.accounts.ids()):
            self.tray.update()

    def quit(self) -> None:
        """Clear our secret from the clipboard and quit. The person, a signal and the end of the session come here."""
        self.clipboard.clear()
        self.quitting.set()

    async def close(self) -> None:
        """Cancel running tasks and remove window and tray."""
        self.clipboard.clear()
        self._changes.stop()
        self.notifications.report({})
        self.questions.close()
        self.idle.stop()
        self.tray.stop()
        await self.tasks.close()
        self.window.hide()


def _unexpected(error: BaseException) -> None:
    _log.error("an error nobody caught", exc_info=error)


def _tray_entry(rack: "Rack", account: Account) -> TrayEntry:
    view = AccountView(account, rack.clock)
    status = view.status
    exchange = rack.provider_of(account.settings).name
    name = account.settings.name
    return TrayEntry(
        account.id, name, status.name, view.word(), exchange,
        group=view.group, signs_in=not status.left_alone, pinned=rack.arrangement.is_pinned(account),
    )  # fmt: skip
