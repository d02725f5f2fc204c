"""The pictures of an account's states as the window draws them, each with its words."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.flow_layout import FlowLayout
from keyrack.ui.widgets.ring import Ring
from keyrack.ui.widgets.ring_kind import Kind, kind_words

# Each with the share of a life that is left.
SHOWN: tuple[tuple[Kind, float | None], ...] = (
    ("fresh", 0.8),
    ("soon", 0.18),
    ("urgent", 0.08),
    ("renewing", 0.25),
    ("retrying", None),
    ("needs", None),
    ("waiting", None),
    ("off", None),
)
_SIZE = 16


def state_pictures() -> QWidget:
    """All of them. The drawings are the window's own, so that they are never those of an older Keyrack."""
    holder = QWidget()
    flow = FlowLayout(holder, gap=GAP_M)
    for kind, share in SHOWN:
        flow.addWidget(_with_words(kind, share))
    return holder


def _with_words(kind: Kind, share: float | None) -> QWidget:
    holder, ring = QWidget(), Ring(_SIZE)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GAP_S)
    ring.set(share, "", kind)
    row.addWidget(ring)
    row.addWidget(Text(kind_words(kind), "second"))
    return holder
