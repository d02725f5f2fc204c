"""The form for an account's credentials, used when it is added and when it is edited."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from keyrack.core.failures import DraftProblem
from keyrack.language.translation import translated
from keyrack.primitives.secret import Secret
from keyrack.ui.account.pasted_credentials import PastedCredentials, recognise
from keyrack.ui.parts.callout import Callout, split_warning
from keyrack.ui.theme.metrics import GAP_L, GRID
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.controls import Text, breakable
from keyrack.ui.widgets.fields import CopyField, Field, SecretField

if TYPE_CHECKING:
    from keyrack.providers.schema import Flow

_LONGEST_ID = 8192
_LONGEST_NAME = 60
_PASTED = 4


class CredentialsForm(QWidget):
    """Where to get the credentials, then name, client id, client secret and redirect address.

    A paste that holds an id and a secret, or a redirect address, is split over the fields it belongs to, and the form
    says what it found. `announced` says that the provider announced the end of its service.
    """

    def __init__(
        self,
        flow: "Flow",
        *,
        open_page: Callable[[str], object],
        copy: Callable[[str], object],
        kept: bool = False,
        announced: str = "",
    ) -> None:
        super().__init__()
        self._flow = flow
        self._lengths = {"client_id": 0, "client_secret": 0}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        self.name = Field(self.tr("Name in Keyrack"), QLineEdit(maxLength=_LONGEST_NAME))
        self.redirect = CopyField(
            self.tr("Redirect address to register"), copy,
            self.tr("Register exactly this address. Keyrack listens on it only while you sign in."),
        )  # fmt: skip
        self.client_id = Field(self.tr("Client id"), QLineEdit(maxLength=_LONGEST_ID))
        keeps = self.tr("Leave it empty to keep the one that is stored.") if kept else ""
        optional = self.tr("Leave it empty if the provider gave you none.") if flow.needs_secret == "optional" else ""
        hint = " ".join(part for part in (optional, keeps) if part)
        self.client_secret = SecretField(self.tr("Client secret"), hint)
        self.found = Text(role="caption", tone="fresh", wrap=True)
        self.found.setObjectName("found_in_paste")
        self.found.hide()
        for field, name in zip(self._fields().values(), self._fields(), strict=True):
            field.edit.setObjectName(f"field_{name}")
        told = translated(flow.warning)
        warning = (announced, told) if announced else split_warning(told)
        self.callout = Callout(*warning, name="announced_end" if announced else "")
        column.addWidget(self.callout)
        column.addWidget(self._help(open_page))
        for widget in (self.redirect, self.client_id, self.found, self.client_secret, self.name):
            column.addWidget(widget)
        self.redirect.setVisible(flow.needs_redirect)
        self.client_secret.setVisible(flow.needs_secret is not False)
        for name in self._lengths:
            self._fields()[name].edit.textEdited.connect(lambda text, name=name: self._edited(name, text))

    def _help(self, open_page: Callable[[str], object]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(Text(breakable(translated(self._flow.credentials_help)), "second", wrap=True))
        url = self._flow.credentials_url
        self.page = LinkButton(url.removeprefix("https://"), "external")
        self.page.setAccessibleDescription(self.tr("Open the provider's page"))
        self.page.clicked.connect(lambda: open_page(url))
        column.addWidget(self.page, 0, Qt.AlignmentFlag.AlignLeft)
        self.page.setVisible(bool(url))
        return holder

    def _fields(self) -> dict[str, Field]:
        return {
            "name": self.name,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "redirect_uri": self.redirect,
        }

    def fill(self, *, name: str = "", client_id: str = "", redirect_uri: str = "") -> None:
        """Put in what is already known."""
        self.name.edit.setText(name)
        self.client_id.edit.setText(client_id)
        self._lengths["client_id"] = len(client_id)
        self.redirect.edit.setText(redirect_uri)

    def take_over(self, other: "CredentialsForm") -> None:
        """Put in the name, id and secret of another form. What the person entered there counts as entered here."""
        pairs = ((self.name, other.name), (self.client_id, other.client_id), (self.client_secret, other.client_secret))
        for mine, theirs in pairs:
            mine.edit.setText(theirs.edit.text())
            mine.edit.setModified(theirs.edit.isModified())
        self._lengths = dict(other._lengths)

    def first_empty(self) -> QWidget | None:
        """The first visible field, from above, that holds nothing."""
        fields = (self.redirect, self.client_id, self.client_secret, self.name)
        return next((field.edit for field in fields if not field.isHidden() and not field.entered()), None)

    def secret(self) -> Secret | None:
        """The client secret that was entered, None for none."""
        return self.client_secret.secret() if self._flow.needs_secret else None

    def redirect_uri(self) -> str:
        """The redirect address, "" for a flow without one."""
        return self.redirect.entered() if self._flow.needs_redirect else ""

    def show_problem(self, problem: DraftProblem) -> None:
        """Show the problem beside its field and move the focus there."""
        self.clear_problems()
        field = self._fields().get(problem.field, self.client_id)
        field.show_problem(problem.sentences())
        field.edit.setFocus()

    def clear_problems(self) -> None:
        """Remove every problem."""
        for field in self._fields().values():
            field.show_problem("")

    def clear_secret(self) -> None:
        """Empty the secret's field once the secret was taken."""
        self._put("client_secret", "")

    def _edited(self, name: str, text: str) -> None:
        jumped, self._lengths[name] = len(text) - self._lengths[name] >= _PASTED, len(text)
        found = recognise(text) if jumped else None
        if found is not None and name == "client_secret" and not self._is_meant(found):
            found = None
        self.found.setVisible(found is not None)
        if found is not None:
            self._distribute(found, name)
            self.found.setText(self._what_was_found(found))

    def take(self, found: PastedCredentials) -> None:
        """Put what came from elsewhere into its fields, and say what it is."""
        self._distribute(found, "client_id")
        self.found.setText(self._what_was_found(found))
        self.found.show()

    def _is_meant(self, found: PastedCredentials) -> bool:
        """Whether a text in the secret's field is more than a secret. An id that is there already speaks against it."""
        return found.certain or self.client_id.entered() in ("", found.client_id)

    def _distribute(self, found: PastedCredentials, pasted_into: str) -> None:
        """Put each part into its field, and leave nothing of the rest."""
        self._put(pasted_into, "")
        if found.client_id:
            self._put("client_id", found.client_id)
        if found.secret is not None and self._flow.needs_secret:
            self._put("client_secret", found.secret.reveal())
        if found.redirect_uri and self._flow.needs_redirect:
            self.redirect.edit.setText(found.redirect_uri)

    def _put(self, name: str, text: str) -> None:
        """Fill a field. Unlike an edit, setText also clears the field's undo history, which held the secret."""
        field = self._fields()[name]
        field.edit.setText(text)
        field.edit.setModified(bool(text))  # the person entered it, so it survives another page
        field.show_problem("")
        self._lengths[name] = len(text)

    def _what_was_found(self, found: PastedCredentials) -> str:
        address = bool(found.redirect_uri) and self._flow.needs_redirect
        if not found.client_id:
            return self.tr("Found the redirect address.") if address else self.tr("Found an address, and no id.")
        if not self._flow.needs_secret:
            return self.tr("Found the id. No secret is needed here, and the one in the text was dropped.")
        both = self.tr("Found id, secret and redirect address.")
        return both if address else self.tr("Found id and secret.")
