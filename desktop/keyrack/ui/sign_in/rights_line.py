"""What a token may do, as a line of small labels that wraps."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.text.scope_text import SHOWN, Right, rights
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.controls import Badge, Text, Tone
from keyrack.ui.widgets.flow_layout import FlowLayout


class RightsLine(QWidget):
    """Risky rights first and in amber, then the others, then "no PKCE" where that is so (S28).

    `tried` says how far the provider's file was tested, "" where nothing needs to be said. `key_of` is the company
    of an API key, "" for a token.
    """

    def __init__(
        self,
        *,
        pkce: bool,
        tried: str = "",
        key_of: str = "",
        test_network: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._pkce = pkce
        self._tried = tried
        self._test_network = test_network
        self._shown: list[Right] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        token = self.tr("This token can do more than read. Whoever holds it can act for you.")
        keyed = self.tr(
            "This key can trade or move money, and Keyrack needs neither. Delete it at {company}, sign in again, "
            "and tick only reading."
        ).format(company=key_of)
        self.warning = Text(keyed if key_of else token, "caption", tone="soon", wrap=True)
        self._holder = QWidget()
        self._line = FlowLayout(self._holder)
        column.addWidget(self._holder)
        column.addWidget(self.warning)

    def show_scopes(self, scopes: Iterable[str], risky: Iterable[str]) -> None:
        """Show the rights of a token. Nothing is drawn when they have not changed."""
        found = rights(scopes, risky)
        if found == self._shown:
            return
        self._shown = found
        self._line.clear()
        if not found:
            self._label(self.tr("Rights not stated by the provider"), "off", "")
        for right in found[:SHOWN]:
            self._label(right.words, "soon" if right.risky else "off", right.scope)
        if len(found) > SHOWN:
            more = self.tr("{count} more").format(count=len(found) - SHOWN)
            self._label(more, "off", ", ".join(right.words for right in found[SHOWN : SHOWN + 20]))
        if not self._pkce:
            why = self.tr("This provider's sign-in does not offer PKCE, which protects the code on its way back.")
            self._label(self.tr("no PKCE"), "off", why)
        if self._test_network:
            self._label(self.tr("test network"), "soon", self.tr("Nothing here is real money."))
        if self._tried:
            self._label(self._tried, "off", self.tr("Nobody has used it with a real account yet."))
        self.warning.setVisible(any(right.risky for right in found))

    def _label(self, words: str, tone: Tone, hint: str) -> None:
        label = Badge(words, tone)
        label.setToolTip(hint.replace("<", "‹"))
        self._line.addWidget(label)
