"""Credentials that were dropped or pasted before their provider was chosen."""

from keyrack.ui.account.credentials_form import CredentialsForm
from keyrack.ui.account.pasted_credentials import PastedCredentials


class BroughtCredentials:
    """Keeps them until the form for them is there, and forgets them then."""

    def __init__(self) -> None:
        self.found: PastedCredentials | None = None

    def fill(self, form: CredentialsForm) -> None:
        """Put them into a form, once."""
        found, self.found = self.found, None
        if found is not None:
            form.take(found)
