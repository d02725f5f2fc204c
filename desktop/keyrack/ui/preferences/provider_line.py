"""The line of one provider file of the person's own, and what it says once it has changed."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from keyrack.primitives.failure import Failure
from keyrack.ui.parts.provider_facts import ProviderFacts
from keyrack.ui.preferences.action_line import TURNS_BELOW
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GRID
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Text, set_text
from keyrack.ui.widgets.flow_layout import ButtonLines, FlowLayout, TurningRow

if TYPE_CHECKING:
    from keyrack.core.sites.own_providers import ChangedFile
    from keyrack.providers.schema import Provider
    from keyrack.ui.actions.actions import Actions

_KEY = "own_provider"


class ProviderLine(QWidget):
    """Its name and file, the provider's page, a new look at the file, the removal. `removed` carries a sentence."""

    removed = Signal(str)

    def __init__(self, actions: "Actions", provider: "Provider") -> None:
        super().__init__()
        self._actions = actions
        self._own = actions.rack.parts.own_providers
        self._id = provider.id
        self._changed: ChangedFile | None = None
        self.name = Text(provider.name, wrap=True)
        self.state = Text(role="second", wrap=True)
        self.state.setObjectName(f"provider_state:{provider.id}")
        self.facts = ProviderFacts()
        self._choice = QWidget()
        self._page = self._button("page", self.tr("Open its page"), PlainButton)
        self._again = self._button("again", self.tr("Read again"), PlainButton)
        self._remove = self._button("remove", self.tr("Remove"), PlainButton)
        self._use = self._button("use", self.tr("Use it now"), PrimaryButton)
        self._leave = self._button("leave", self.tr("Not now"), PlainButton)
        self._arrange(actions.rack.catalog.files.own[provider.id].name)
        self._page.clicked.connect(lambda: self._actions.open_page(self._actions.rack.catalog[self._id].documentation))
        self._again.clicked.connect(partial(self._run, self._read_again))
        self._remove.clicked.connect(partial(self._run, self._take_away))
        self._use.clicked.connect(partial(self._run, self._use_it))
        self._leave.clicked.connect(self._left)
        self._show(None, "")

    def _button(self, verb: str, text: str, kind: type[PlainButton]) -> PlainButton:
        button = kind(text)
        button.setObjectName(f"provider_{verb}:{self._id}")
        button.setAccessibleName(f"{text}: {self.name.text()}")
        return button

    def _arrange(self, file: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        row = TurningRow(TURNS_BELOW)
        row.setSpacing(GAP_L)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(self.name)
        words.addWidget(Text(file, "caption", wrap=True))
        row.addLayout(words, 1)
        row.addWidget(ButtonLines(self._page, self._again, self._remove))
        column.addLayout(row)
        column.addWidget(self.state)
        column.addWidget(self.facts)
        choice = FlowLayout(self._choice, gap=GAP_S)
        choice.addWidget(self._use)
        choice.addWidget(self._leave)
        column.addWidget(self._choice)

    def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        self._actions.tasks.start(f"{_KEY}:{self._id}", self._guarded, work)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Failure as why:
            self._show(None, why.sentences())

    async def _read_again(self) -> None:
        changed = await asyncio.to_thread(self._own.read_again, self._id)
        if changed is None:
            self._show(None, self.tr("The file says what it said before."))
            return
        self._show(
            changed,
            self.tr("The file has changed. Your secrets and tokens for this provider would go to these addresses:"),
            self._use,
        )

    async def _use_it(self) -> None:
        if self._changed is not None:
            used = self._changed
            await self._own.use(used)
            self._show(None, self.tr("The file is in use as it is now."), self._again)
            if isValid(self):
                set_text(self.name, used.provider.name)

    async def _take_away(self) -> None:
        aside = await self._own.remove(self._id)
        if isValid(self):
            text = self.tr("“{name}” was removed. Its file is now called {file}, and is not read.")
            self.removed.emit(text.format(name=self.name.text(), file=aside.name))

    def _left(self) -> None:
        self._show(None, self.tr("The file counts as it was, until Keyrack starts again."), self._again)

    def _show(self, changed: "ChangedFile | None", text: str, focus: QWidget | None = None) -> None:
        if not isValid(self):  # the page was left meanwhile, and the work is done all the same
            return
        self._changed = changed
        set_text(self.state, text)
        self.state.setVisible(bool(text))
        self.facts.setVisible(changed is not None)
        self._choice.setVisible(changed is not None)
        if changed is not None:
            self.facts.show_file(changed.file)
        if focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
