"""The stylesheet, built from the theme's tokens. Its rules select by class and by the property "role"."""

import re
from collections.abc import Callable, Mapping
from string import Template

from keyrack.resources import resource
from keyrack.ui.theme import metrics
from keyrack.ui.theme.palette import Palette, mix
from keyrack.ui.theme.stylesheet_rules import SHEET

_FIELD_PAD = 10
_TEXT_PAD = 6
_CHECK_PAD = 3
_CHECK_BOX = 14
# Lines of one and two pixels are as thin at every size of the text.
_DESIGNED = re.compile(r"\b([3-9]|[1-9]\d+)px\b")


def stylesheet(colours: Palette, px: Callable[[float], int]) -> str:
    """The whole sheet for one set of colours. `px` turns a designed length into pixels."""
    tokens = _tokens(colours, px)
    scaled = (_DESIGNED.sub(lambda found: f"{px(int(found[1]))}px", part) for part in SHEET)
    return "\n".join(Template(part).substitute(tokens) for part in scaled)


def _tokens(colours: Palette, px: Callable[[float], int]) -> Mapping[str, str]:
    return {**_colours(colours), **_lengths(px), **_pictures(colours)}


def _colours(colours: Palette) -> dict[str, str]:
    names = (
        *("ground", "surface", "line", "text", "second", "accent", "on_accent", "fresh", "soon", "urgent", "off"),
        *("hover", "row_hover", "pressed", "edge", "rim", "danger_edge", "accent_hover", "accent_pressed", "selected"),
    )
    tokens = {name: colours.tone(name).name() for name in names}
    for tone in ("accent", "fresh", "soon", "urgent", "off"):
        tokens[f"{tone}_soft"] = colours.soft(tone).name()
        tokens[f"{tone}_line"] = colours.border(tone).name()
    tokens["dim"] = colours.off.name() if colours.strong else mix(colours.surface, colours.off, 0.7).name()
    tokens["handle"] = colours.line.name() if colours.strong else mix(colours.ground, colours.text, 0.22).name()
    tokens["handle_hover"] = mix(colours.ground, colours.text, 0.75 if colours.strong else 0.38).name()
    return tokens


def _lengths(px: Callable[[float], int]) -> dict[str, str]:
    control, box = px(metrics.CONTROL_HEIGHT), px(_CHECK_BOX)
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
        "primary_pad": metrics.GAP_L,
        "field_pad": px(_FIELD_PAD),
        "field_pad_focus": px(_FIELD_PAD) - 1,
        "text_pad": px(_TEXT_PAD),
        "text_pad_focus": px(_TEXT_PAD) - 1,
        "check_pad": px(_CHECK_PAD),
        "check_pad_focus": px(_CHECK_PAD) - 1,
        "check_box": box,
        "round": (box + 2 * metrics.HAIRLINE) // 2,
        "icon": px(metrics.ICON),
        "monogram": px(metrics.MONOGRAM),
    }
    sizes = {f"size_{role}": px(size) for role, (size, _) in metrics.TYPE.items()}
    return {name: f"{int(length)}px" for name, length in (tokens | sizes).items()}


def _pictures(colours: Palette) -> dict[str, str]:
    """Pictures that only the stylesheet shows. It cannot tint, so the tick exists once per scheme."""
    names = {
        "tick": f"icons/sheet/tick-{colours.name}.svg",
        "chevron": "icons/sheet/chevron.svg",
        "right": "icons/sheet/right.svg",
        "up": "icons/sheet/up.svg",
    }
    return {token: f'url("{resource(name).as_posix()}")' for token, name in names.items()}
