"""What programs may do with an account: off, ask or allow, the programs that are always allowed, and the command."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.accounts.account import ScriptPolicy
from keyrack.core.accounts.accounts_file import AccountsFileFailure
from keyrack.core.accounts.activity import GIVEN
from keyrack.ui.account.inline_forms import InlineForm
from keyrack.ui.text.amount_text import clock_time
from keyrack.ui.text.command_text import call
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import LinkButton, PrimaryButton, RadioButton
from keyrack.ui.widgets.controls import Hairline, Text
from keyrack.ui.widgets.fields import CopyField
from keyrack.ui.widgets.middle_elided_text import MiddleElidedText
from keyrack.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.activity import Line
    from keyrack.ui.actions.actions import Actions

RECENT = 5
# Where the text beside a radio button begins.
_INDENT = 28


class ScriptsCard(InlineForm):
    """The policy is saved by a button, because arrow keys move the choice. A program is removed at once."""

    def __init__(self, account: "Account", actions: "Actions") -> None:
        super().__init__(self.tr("Scripts"))
        self._account = account
        self._actions = actions
        self._shown: tuple[object, ...] = ()
        self.choices: dict[ScriptPolicy, RadioButton] = {}
        self._add_choice("off", self.tr("Off"), self.tr("No program gets the token; you can still copy it yourself."))
        self._add_choice("ask", self.tr("Ask"), self.tr(
            "A program gets it when you allow it here, once or always for that program."
        ))  # fmt: skip
        self._add_choice("allow", self.tr("Allow"), self.tr("Every program of yours gets it without a question."))
        self.choices[account.settings.scripts].setChecked(True)
        self.save = PrimaryButton(self.tr("Save choice"))
        self.save.clicked.connect(self._save)
        self.add_buttons(self.save)
        self.body.addWidget(Hairline())
        self.call = CopyField(self.tr("What scripts call"), actions.copying.text)
        self.call.edit.setObjectName("scripts_call")
        self.call.button.setObjectName("scripts_call_copy")
        self.call.edit.setReadOnly(True)
        self.allowed = RowList(self.tr("Always allowed"))
        self.recent = RowList(self.tr("Got the token last"), wide=(1, 2))
        for part in (self.call, self.allowed, self.recent):
            self.body.addWidget(part)
        self.begins_at = self.choices[account.settings.scripts]
        self.refresh()

    def _add_choice(self, policy: ScriptPolicy, name: str, means: str) -> None:
        choice = RadioButton(name)
        choice.setObjectName(f"scripts:{policy}")
        choice.setAccessibleDescription(means)
        explained = Text(means, "caption", wrap=True)
        explained.setContentsMargins(theme().px(_INDENT), 0, 0, 0)
        self.choices[policy] = choice
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(choice, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(explained)
        self.body.addLayout(column)

    def refresh(self) -> None:
        """Follow the account. Nothing is drawn when it has not changed."""
        settings = self._account.settings
        given = [line for line in self._account.activity.lines() if line.notice.code == GIVEN][:RECENT]
        shown = (settings.name, settings.scripts, settings.programs, *given)
        if shown == self._shown:
            return
        self._shown = shown
        self.call.edit.setText(call("token", settings.name, sandbox=self._actions.rack.sandbox))
        allowed = [self._allowed_row(key) for key in settings.programs]
        self.allowed.fill(allowed, self._about_allowed(settings.scripts, bool(allowed)))
        self.recent.fill([_recent_row(line) for line in given], "" if given else self.tr("No program got it yet."))

    def _about_allowed(self, policy: ScriptPolicy, some: bool) -> str:
        if policy == "ask":
            return "" if some else self.tr("No program yet. “Always for this program” in a question puts it here.")
        if policy == "off":
            return self.tr("They get nothing while this is off.") if some else self.tr("No program.")
        some_allowed = self.tr("All programs are allowed now; these stay allowed when you choose Ask.")
        return some_allowed if some else self.tr("No program needs to be here while all of them are allowed.")

    def _allowed_row(self, key: str) -> tuple[QWidget, QWidget]:
        program = MiddleElidedText()
        program.show_words(key)
        back = LinkButton(self.tr("Take back"))
        back.setObjectName("scripts_take_back")
        back.setAccessibleName(self.tr("Take back: {program}").format(program=program.full_text()))
        back.clicked.connect(lambda: self._apply(partial(self._actions.rack.access.forget, self._account, key)))
        return program, back

    def _save(self) -> None:
        chosen = next(policy for policy, choice in self.choices.items() if choice.isChecked())
        if self._apply(partial(self._actions.rack.access.choose, self._account, chosen)):
            self.closed.emit()

    def _apply(self, change: Callable[[], object]) -> bool:
        """Change a setting. Returns whether it could be stored, and shows the failure if not."""
        self.problem.hide()
        try:
            change()
        except AccountsFileFailure as why:
            self.problem.setText(why.sentences())
            self.problem.show()
            return False
        return True


def _recent_row(line: "Line") -> tuple[QWidget, ...]:
    program, detail = MiddleElidedText(), MiddleElidedText("caption")
    program.show_words(line.notice.params.get("program", ""))
    detail.show_words(line.about.strip("()"))
    return Text(clock_time(line.at), "caption"), program, detail
