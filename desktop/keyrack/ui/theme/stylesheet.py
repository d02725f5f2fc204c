"""The stylesheet, built from the theme's tokens. Its rules select by class and by the property "role"."""

from collections.abc import Callable, Mapping
from string import Template

from keyrack.resources import resource
from keyrack.ui.theme import metrics
from keyrack.ui.theme.palette import Palette, mix
from keyrack.ui.theme.stylesheet_rules import SHEET


def stylesheet(colours: Palette, px: Callable[[float], int]) -> str:
    """The whole sheet for one set of colours. `px` turns a designed length into pixels."""
    return "\n".join(Template(part).substitute(_tokens(colours, px)) for part in SHEET)


def _tokens(colours: Palette, px: Callable[[float], int]) -> Mapping[str, str]:
    return {**_colours(colours), **_lengths(px), **_pictures(colours)}


def _colours(colours: Palette) -> dict[str, str]:
    names = (
        *("ground", "surface", "line", "text", "second", "accent", "on_accent", "fresh", "soon", "urgent", "off"),
        *("hover", "pressed", "edge", "accent_hover", "accent_pressed", "selected"),
    )
    tokens = {name: colours.tone(name).name() for name in names}
    for tone in ("accent", "fresh", "soon", "urgent", "off"):
        tokens[f"{tone}_soft"] = colours.soft(tone).name()
        tokens[f"{tone}_line"] = mix(colours.surface, colours.tone(tone), 0.35).name()
    tokens["dim"] = mix(colours.surface, colours.off, 0.7).name()
    tokens["row_hover"] = mix(colours.surface, colours.text, 0.035).name()
    tokens["handle"] = mix(colours.ground, colours.text, 0.22).name()
    tokens["handle_hover"] = mix(colours.ground, colours.text, 0.38).name()
    return tokens


def _lengths(px: Callable[[float], int]) -> dict[str, str]:
    control = px(metrics.CONTROL_HEIGHT)
    tokens = {
        "card_radius": metrics.RADIUS_CARD,
        "radius": metrics.RADIUS_CONTROL,
        "inner_radius": metrics.RADIUS_CONTROL - 2,
        "control": control - 2 * metrics.HAIRLINE,
        "control_focus": control - 2 * metrics.FOCUS_LINE,
        "small": px(metrics.SMALL_HEIGHT) - 2 * metrics.HAIRLINE,
        "row": px(metrics.ROW_HEIGHT),
        "gap_s": metrics.GAP_S,
        "gap_m": metrics.GAP_M,
        "pad": metrics.GAP_M,
        "pad_focus": metrics.GAP_M - 1,
        "field_pad": 10,
        "field_pad_focus": 9,
        "icon": px(metrics.ICON),
        "monogram": px(metrics.MONOGRAM),
    }
    sizes = {f"size_{role}": px(size) for role, (size, _) in metrics.TYPE.items()}
    return {name: f"{length}px" for name, length in (tokens | sizes).items()}


def _pictures(colours: Palette) -> dict[str, str]:
    """Pictures that only the stylesheet shows. It cannot tint, so the tick exists once per scheme."""
    names = {
        "tick": f"icons/sheet/tick-{colours.name}.svg",
        "chevron": "icons/sheet/chevron.svg",
        "right": "icons/sheet/right.svg",
        "up": "icons/sheet/up.svg",
    }
    return {token: f'url("{resource(name).as_posix()}")' for token, name in names.items()}
