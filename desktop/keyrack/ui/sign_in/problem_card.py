"""The card that shows what keeps an account from being fresh, and offers the one action against it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.status import ENDED, format_left
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GRID
from keyrack.ui.widgets.buttons import LinkButton, PlainButton
from keyrack.ui.widgets.controls import ActionButton, Card, Text, set_counting_text, set_property, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout, TurningRow
from keyrack.ui.widgets.ring import CARD, Ring

if TYPE_CHECKING:
    from keyrack.ui.text.state_text import AccountView

CONNECTION = "connection"
_TURNS_BELOW = 260
SHOWN_FOR = frozenset({"opening", "retrying", "unsaved", "needs_login", "keyring_unavailable", "closed"})


class ProblemCard(Card):
    """A ring, a headline, the reason in sentences, an action, and the provider's own text on request.

    `successor` is the name of what replaces a service that has ended, "" where nothing does.
    """

    def __init__(
        self, run_action: Callable[[str], object], *, successor: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._run_action = run_action
        self._successor = successor
        self._name = ""
        self._pointed_at = ""
        self._is_main = False
        self._gives_way = False
        self.ring = Ring(CARD)
        self.headline = Text(role="strong", wrap=True)
        self.reason = Text(role="body", wrap=True)
        self.reason.setObjectName("pane_reason")
        self.action = ActionButton("")
        self.action.setObjectName("state_action")
        self.action.clicked.connect(lambda: self._run_action(self._name))
        self.connection = PlainButton(self.tr("How Keyrack connects…"))
        self.connection.setObjectName("state_connection")
        self.connection.clicked.connect(lambda: self._run_action(CONNECTION))
        self.more = LinkButton(self.tr("What the provider said"))
        self.more.setCheckable(True)
        set_property(self.more, "inline", value=True)
        self.detail = Text(role="caption", wrap=True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more.toggled.connect(self.detail.setVisible)
        self.detail.hide()
        self.extra = QVBoxLayout()
        self._arrange()

    def _arrange(self) -> None:
        row = TurningRow(_TURNS_BELOW)
        row.setSpacing(GAP_L)
        row.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(self.headline)
        column.addWidget(self.reason)
        column.addLayout(self.extra)
        buttons = FlowLayout()
        buttons.setContentsMargins(0, GAP_S, 0, 0)
        buttons.addWidget(self.action)
        buttons.addWidget(self.connection)
        column.addLayout(buttons)
        said = QHBoxLayout()
        said.setContentsMargins(0, GRID, 0, 0)
        said.addWidget(self.more)
        said.addStretch(1)
        column.addLayout(said)
        column.addWidget(self.detail)
        row.addLayout(column, 1)
        self.body.addLayout(row)

    def first_focus(self) -> QWidget | None:
        """The action, where it is what mends the account."""
        return self.action if self.action.filled and self.action.isVisibleTo(self) else None

    def forget(self) -> None:
        """Keep no word of one account for another, and show the provider's own text on request again."""
        self.more.setChecked(False)
        self._pointed_at = ""
        set_counting_text(self.headline, "", "")
        for text in (self.reason, self.detail):
            set_text(text, "")
        self.action.setText("")

    def refresh(self, view: "AccountView") -> None:
        """Show another state."""
        self._name = "retrying" if view.waits_for_network else view.name
        words = self._action_words(view)
        self.action.setText(words)
        self.action.setVisible(bool(words))
        self.connection.setVisible(view.status.no_connection)
        if view.status.detail_wanted and view.status.detail != self._pointed_at:
            self.more.setChecked(True)  # the sentences point to it
        self._pointed_at = view.status.detail
        set_text(self.detail, view.status.detail)
        self.more.setVisible(bool(view.status.detail))
        self.detail.setVisible(bool(view.status.detail) and self.more.isChecked())
        self.tick(view)

    def tick(self, view: "AccountView") -> None:
        """Show the same state a second later."""
        self.ring.set(view.fraction, "", view.kind)
        self._is_main = self._mends(view)
        self._fill()
        set_counting_text(self.headline, self._headline(view), view.headline())
        set_text(self.reason, self._reason(view))

    def give_way(self, *, to_form: bool) -> None:
        """Fill no button while a form shows a filled button of its own."""
        self._gives_way = to_form
        self._fill()

    def _fill(self) -> None:
        self.action.fill(self._is_main and not self._gives_way)

    def _headline(self, view: "AccountView") -> str:
        if view.waits_for_network:
            words = self.tr("Waiting for the network, next try in {time}")
            return words.format(time=format_left(view.status.retry_in or 0.0))
        if view.name == "retrying":
            return self.tr("Trying again in {time}").format(time=format_left(view.status.retry_in or 0.0))
        return view.headline()

    def _reason(self, view: "AccountView") -> str:
        if view.step == "exchanging":
            return self.tr("Keyrack is asking the provider for a token.")
        return view.sentence()

    @staticmethod
    def _mends(view: "AccountView") -> bool:
        """Whether the action is what mends the account, so that the pane's head has no better one."""
        return view.refused or view.waits_for_network or (view.name == "retrying" and not view.has_token)

    def _action_words(self, view: "AccountView") -> str:
        if view.refused:
            return self.tr("Edit credentials")
        if view.status.reason == ENDED and self._successor:
            return self.tr("Add as {name}").format(name=self._successor)
        return {
            "retrying": self.tr("Try now"),
            "keyring_unavailable": self.tr("Go on for this session only"),
            "closed": self.tr("Remove this account"),
        }.get(self._name, "")
