"""What is worth knowing of a provider and no right of the token: provenance, technique, a test network."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from keyrack.language.translation import translated
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import CARD_INSIDE, GAP_S
from keyrack.ui.widgets.controls import Text

if TYPE_CHECKING:
    from keyrack.providers.schema import FlowName, Provider

translate = QCoreApplication.translate
_WITHOUT_CODE = ("client_credentials", "device_code", "refresh_token")
_ICON = 14


class InfoLine(QWidget):
    """A line below a card, hidden where there is nothing to know. It says a sign-in without PKCE (S28)."""

    def __init__(self, provider: "Provider", region: str, flow: "FlowName") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(CARD_INSIDE, 0, CARD_INSIDE, 0)
        row.setSpacing(GAP_S)
        sign = QLabel()
        Icon("info", "second", _ICON).put_on(sign)
        self.text = Text(role="caption", wrap=True)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        if not self._write(provider, region, flow):
            self.hide()

    def tell(self, provider: "Provider", region: str, flow: "FlowName") -> None:
        """Tell of one flow. It must stand in a page by then."""
        self.setVisible(self._write(provider, region, flow))

    def _write(self, provider: "Provider", region: str, flow: "FlowName") -> bool:
        facts = _facts(provider, region, flow)
        self.text.setText("  ·  ".join(fact for fact, _ in facts))
        self.text.setToolTip(" ".join(why for _, why in facts).replace("<", "‹"))
        return bool(facts)


def _facts(provider: "Provider", region: str, flow: "FlowName") -> list[tuple[str, str]]:
    """Each fact with what it means."""
    found = []
    if provider.regions[region].test_network:
        found.append((translate("InfoLine", "Test network, no real money"), ""))
    if tried := translated(provider.tried):
        why = translate("InfoLine", "Nobody has used it with a real account yet.")
        found.append((tried[:1].upper() + tried[1:], why))
    if not provider.dialect.pkce and flow not in _WITHOUT_CODE:
        why = translate("InfoLine", "This sign-in does not offer PKCE, which protects the code on its way back.")
        found.append((translate("InfoLine", "No PKCE"), why))
    return found
