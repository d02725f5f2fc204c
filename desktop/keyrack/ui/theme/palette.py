"""The two sets of colours. Each colour is named by its meaning."""

from typing import Literal, NamedTuple

from PySide6.QtGui import QColor

Scheme = Literal["light", "dark"]


class Palette(NamedTuple):
    """Colours of one scheme. Every text colour reaches WCAG AA on `ground` and on `surface`.

    `on_accent` is text on an accent fill, `ground` the page, `surface` cards and fields. A `strong` one is for those
    who ask for more contrast: text reaches AAA (WCAG 2.2, 1.4.6), and every border 4.5 to 1.
    """

    name: Scheme
    ground: QColor
    surface: QColor
    line: QColor
    text: QColor
    second: QColor
    accent: QColor
    on_accent: QColor
    fresh: QColor
    soon: QColor
    urgent: QColor
    off: QColor
    strong: bool = False

    @property
    def hover(self) -> QColor:
        """A surface under the mouse."""
        return mix(self.surface, self.text, 0.05)

    @property
    def row_hover(self) -> QColor:
        """A card or a row of a table under the mouse."""
        return mix(self.surface, self.text, 0.035)

    @property
    def pressed(self) -> QColor:
        """A surface while it is pressed."""
        return mix(self.surface, self.text, 0.10)

    @property
    def edge(self) -> QColor:
        """The border of a control and the track of a ring: 3 to 1 on each ground (WCAG 2.2, 1.4.11)."""
        return mix(self.surface, self.text, _EDGES[self.name, self.strong])

    @property
    def rim(self) -> QColor:
        """The border of what floats. It only separates areas, as `line` does."""
        return self.line if self.strong else mix(self.surface, self.text, 0.22)

    @property
    def danger_edge(self) -> QColor:
        """The border of a button that deletes."""
        return self.urgent if self.strong else mix(self.surface, self.urgent, 0.72)

    @property
    def accent_hover(self) -> QColor:
        """The accent fill under the mouse."""
        return mix(self.accent, self.text, 0.14)

    @property
    def accent_pressed(self) -> QColor:
        """The accent fill while it is pressed."""
        return mix(self.accent, self.text, 0.26)

    @property
    def selected(self) -> QColor:
        """The ground of a chosen row."""
        return mix(self.surface, self.accent, 0.12)

    @property
    def shadow(self) -> QColor:
        """One of the layers that make the shadow of what floats. In the dark it would not be seen, so there is none."""
        colour = QColor(self.text)
        colour.setAlphaF(0.012 if self.name == "light" else 0.0)
        return colour

    def tone(self, name: str) -> QColor:
        """A colour by its field's name. Raises AttributeError for an unknown name."""
        colour: QColor = getattr(self, name)
        return colour

    def border(self, name: str) -> QColor:
        """The border of a quiet ground in the tone of a colour."""
        return self.tone(name) if self.strong else mix(self.surface, self.tone(name), 0.35)

    def soft(self, name: str) -> QColor:
        """A quiet ground in the tone of a colour, for banners and badges. Text on it stays legible."""
        return mix(self.surface, self.tone(name), 0.08)


_EDGES: dict[tuple[Scheme, bool], float] = {
    ("light", False): 0.50,
    ("dark", False): 0.40,
    ("light", True): 0.65,
    ("dark", True): 0.62,
}


def mix(under: QColor, over: QColor, share: float) -> QColor:
    """`under` with `share` (0 to 1) of `over` laid on it."""
    return QColor.fromRgbF(
        under.redF() + (over.redF() - under.redF()) * share,
        under.greenF() + (over.greenF() - under.greenF()) * share,
        under.blueF() + (over.blueF() - under.blueF()) * share,
    )


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


LIGHT = Palette(
    name="light",
    ground=QColor("#F5F6F8"),
    surface=QColor("#FFFFFF"),
    line=QColor("#E2E5EA"),
    text=QColor("#16191D"),
    second=QColor("#59616B"),
    accent=QColor("#2F5BEA"),
    on_accent=QColor("#FFFFFF"),
    fresh=QColor("#1B7A48"),
    soon=QColor("#8A5800"),
    urgent=QColor("#B93127"),
    off=QColor("#646B75"),
)

DARK = Palette(
    name="dark",
    ground=QColor("#131519"),
    surface=QColor("#1B1E24"),
    line=QColor("#2B2F37"),
    text=QColor("#ECEEF1"),
    second=QColor("#A3ABB5"),
    accent=QColor("#86A2FF"),
    on_accent=QColor("#131519"),
    fresh=QColor("#4CC38A"),
    soon=QColor("#F0B445"),
    urgent=QColor("#FF8178"),
    off=QColor("#98A0AA"),
)

LIGHT_STRONG = Palette(
    name="light",
    ground=QColor("#F5F6F8"),
    surface=QColor("#FFFFFF"),
    line=QColor("#62676E"),
    text=QColor("#000000"),
    second=QColor("#3F454C"),
    accent=QColor("#133ABB"),
    on_accent=QColor("#FFFFFF"),
    fresh=QColor("#125431"),
    soon=QColor("#674200"),
    urgent=QColor("#88251D"),
    off=QColor("#454A51"),
    strong=True,
)

DARK_STRONG = Palette(
    name="dark",
    ground=QColor("#0B0C0F"),
    surface=QColor("#14161B"),
    line=QColor("#8E9299"),
    text=QColor("#FFFFFF"),
    second=QColor("#C3C9D0"),
    accent=QColor("#A5BAFF"),
    on_accent=QColor("#0B0C0F"),
    fresh=QColor("#6DCE9F"),
    soon=QColor("#F0B445"),
    urgent=QColor("#FFA39D"),
    off=QColor("#B6BCC3"),
    strong=True,
)


def palette_of(scheme: Scheme, *, strong: bool) -> Palette:
    """The colours of a scheme, or its strong ones."""
    if scheme == "dark":
        return DARK_STRONG if strong else DARK
    return LIGHT_STRONG if strong else LIGHT
