"""Forms that open inside an account's pane in place of a dialog: rename, edit credentials, delete a key, remove."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QLineEdit, QWidget
from shiboken6 import isValid

from keyrack.core.accounts.state import LoggedOut
from keyrack.core.failures import AccountGone, DraftProblem
from keyrack.language.translation import translated
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.ui.account.credentials_form import CredentialsForm
from keyrack.ui.account.host_fields import elsewhere
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.widgets.buttons import DangerButton, PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Card, Text
from keyrack.ui.widgets.fields import EnterKey, Field
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


class InlineForm(Card):
    """A card with a title, room for a form, and its buttons.

    `closed` is emitted when the form is finished or cancelled, and `saved` after it where what was entered was stored.
    """

    closed = Signal()
    saved = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.body.addWidget(Text(title, "strong", wrap=True))
        self.draft = Text(self.tr("Not saved yet: this is how you left it."), "caption", wrap=True)
        self.draft.setObjectName("draft")
        self.draft.hide()
        self.body.addWidget(self.draft)
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.hide()
        self.cancel = PlainButton(self.tr("Cancel"))
        self.cancel.setObjectName("inline_cancel")
        self.cancel.clicked.connect(self.closed)
        # No focus proxy of Qt's: Tab would come to the field once more where the form itself stands in its round.
        self.begins_at: QWidget = self.cancel

    def add_buttons(self, button: PlainButton, question: str = "") -> None:
        """Add the problem, the main button and Cancel, which tell a screen reader the question that they answer."""
        for each in (button, self.cancel):
            each.setAccessibleDescription(question)
        self.body.addWidget(self.problem)
        button.setObjectName("inline_done")
        self.body.addLayout(button_row(button, self.cancel))
        EnterKey(self, button.click)

    def first_focus(self) -> QWidget:
        """The control that a form names, else Cancel, because Enter must not delete."""
        return self.begins_at

    @property
    def unfinished(self) -> bool:
        """Whether it holds something entered that is to survive leaving and coming back."""
        return any(line.isModified() for line in self.findChildren(QLineEdit))

    def hideEvent(self, event: QHideEvent) -> None:
        """What is left half filled says so when it comes back."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.draft.setVisible(self.unfinished)

    def refresh(self) -> None:
        """Follow the account. A form keeps what was entered."""

    async def run(self, operation: Awaitable[object], show_problem: Callable[[DraftProblem], object]) -> bool:
        """Await `operation` and close on success. Returns whether it succeeded.

        A DraftProblem goes to `show_problem`, because it belongs to a field. Another Failure is shown below the form.
        A form that is gone meanwhile shows nothing, and what its account's removal refused is no news to the person.
        """
        self.problem.hide()
        try:
            await operation
        except Failure as why:
            if isValid(self):
                self._show_failure(why, show_problem)
            elif not isinstance(why, AccountGone):
                raise
        else:
            if isValid(self):
                self.closed.emit()
                self.saved.emit()
            return True
        return False

    def _show_failure(self, why: Failure, show_problem: Callable[[DraftProblem], object]) -> None:
        if isinstance(why, DraftProblem):
            show_problem(why)
        else:
            self.problem.setText(why.sentences())
            self.problem.show()


class Rename(InlineForm):
    """One field with the account's name."""

    def __init__(self, account: "Account", actions: "Actions") -> None:
        super().__init__(self.tr("Rename"))
        self.field = Field(self.tr("Name"), QLineEdit(account.settings.name, maxLength=60))
        self.field.edit.setObjectName("field_name")
        self.body.addWidget(self.field)
        button = PrimaryButton(self.tr("Save name"))
        self.add_buttons(button)

        def save() -> None:
            renaming = actions.rack.rename
            name = self.field.entered()
            actions.start(account, "rename", lambda: self.run(renaming(account, name), self._refused))

        button.clicked.connect(save)
        self.begins_at = self.field.edit

    def _refused(self, problem: DraftProblem) -> None:
        self.field.show_problem(problem.sentences())
        self.field.edit.setFocus()


class EditCredentials(InlineForm):
    """The credentials form, filled. An empty secret keeps the stored one."""

    def __init__(self, account: "Account", actions: "Actions") -> None:
        super().__init__(self.tr("Edit credentials"))
        settings = account.settings
        flow = actions.rack.provider_of(settings).flows[settings.flow]
        if settings.hosts is not None:
            flow = elsewhere(flow)
        self.form = CredentialsForm(flow, open_page=actions.open_page, copy=actions.copying.text, kept=True)
        self.form.fill(client_id=settings.client_id, redirect_uri=settings.redirect_uri)
        self.form.name.hide()
        self.body.addWidget(KeyringNotice(actions))
        self.body.addWidget(self.form)
        button = PrimaryButton(self.tr("Save credentials"))
        self.add_buttons(button)
        button.clicked.connect(lambda: actions.start(account, "edit", lambda: self._save(account, actions)))
        self.begins_at = self._refused_field(account).edit

    def _refused_field(self, account: "Account") -> Field:
        """The field to begin at, with what the provider refused beside it."""
        why = account.state.why if isinstance(account.state, LoggedOut) else None
        if not isinstance(why, ClientRejected):
            return self.form.client_id
        of_secret = why.code != "client_id_rejected" and not self.form.client_secret.isHidden()
        field = self.form.client_secret if of_secret else self.form.client_id
        field.show_problem(why.happened)
        return field

    async def _save(self, account: "Account", actions: "Actions") -> None:
        form, before, secret = self.form, account.settings, self.form.secret()
        unchanged = self.tr("Nothing was changed.")  # the form may be gone when it was saved
        saving = actions.rack.edit(account, form.client_id.entered(), secret, form.redirect_uri())
        if await self.run(saving, form.show_problem) and secret is None and account.settings == before:
            actions.notified.emit(account.id, "off", unchanged)


class Remove(InlineForm):
    """Asks before an account is removed, and says what that means here and at the provider."""

    def __init__(self, account: "Account", actions: "Actions") -> None:
        title = self.tr("Remove “{name}”?").format(name=account.settings.name)
        super().__init__(title)
        provider = actions.rack.provider_of(account.settings)
        here = self.tr("Keyrack deletes its credentials and tokens from the keyring and forgets its activity.")
        asks = self.tr("It asks {provider} to revoke the token.").format(provider=provider.company_name)
        there = asks if provider.dialect_of(account.settings.flow).revocation != "none" else ""
        undo = self.tr("For ten seconds you can undo this.")
        words = " ".join(part for part in (here, there, translated(provider.removal), undo) if part)
        self.explanation = Text(words, "body", wrap=True)
        self.explanation.setObjectName("remove_explanation")
        self.body.addWidget(self.explanation)
        button = DangerButton(self.tr("Remove account"), "trash")
        self.add_buttons(button, f"{title} {words}")
        button.clicked.connect(lambda: actions.remove(account))


class DeleteKey(InlineForm):
    """Asks before an API key is deleted at its provider, and says what that ends."""

    def __init__(self, account: "Account", actions: "Actions") -> None:
        company = actions.rack.provider_of(account.settings).company_name
        title = self.tr("Delete this key at {company}?").format(company=company)
        super().__init__(title)
        text = self.tr(
            "Programs that use the key stop working at once, and {company} sends you a mail. The entry stays here; "
            "sign in again to make a new key. {company} lets nobody but you delete a disabled key, on its own site."
        )
        words = text.format(company=company)
        self.explanation = Text(words, "body", wrap=True)
        self.explanation.setObjectName("delete_key_explanation")
        self.body.addWidget(self.explanation)
        button = DangerButton(self.tr("Delete the key"), "trash")
        self.add_buttons(button, f"{title} {words}")
        button.clicked.connect(lambda: actions.delete_key(account))
        button.clicked.connect(self.closed)


def inline_for(what: str, account: "Account", actions: "Actions") -> InlineForm:
    """The form "rename", "edit", "delete_key" or "remove"."""
    made: dict[str, type[Rename | EditCredentials | DeleteKey | Remove]] = {
        "delete_key": DeleteKey,
        "rename": Rename,
        "edit": EditCredentials,
        "remove": Remove,
    }
    return made[what](account, actions)
