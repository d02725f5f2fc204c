"""The page of the control port: every fault with a button, what is on at the top."""

from html import escape

from keyrack.sandbox.pages.page_frame import Brand, frame
from keyrack.sandbox.state.faults import ENDPOINTS, EVERYWHERE, MODES
from keyrack.sandbox.state.faults_of_streams import IN_MESSAGES

_FOOTER = "For this computer only. Everything is as documented again after a restart."
_BRAND = Brand("Keyrack sandbox", "⚙", "#2f5bea", "#86a2ff", footer=_FOOTER)
_NAMES = {
    "probit": "ProBit",
    "bitport": "Bitport",
    "whitebit": "WhiteBIT",
    "whitebit-fast-key": "WhiteBIT key",
    "gemini": "Gemini",
    "deribit": "Deribit",
    "kraken": "Kraken",
    "uphold": "Uphold",
    "alpaca": "Alpaca",
    "example": "Example exchange",
}
_DOWN = {"down": "refuses connections"}


def html(on: list[dict[str, object]]) -> str:
    """The whole page; `on` are the rows of GET /faults."""
    active = "".join(_row(str(f["provider"]), str(f["endpoint"]), str(f["fault"])) for f in on)
    title = "<h1>Switch a failure on</h1><p class='second'>and see how Keyrack takes it.</p>"
    return frame(_BRAND, "Faults", title + _active(active) + _anywhere() + "".join(map(_modes, MODES))).replace(
        "<body>", '<body class="wide">'
    )


def _active(rows: str) -> str:
    if not rows:
        return "<h2>On now</h2><p class='second'>Nothing. Every provider answers as documented.</p>"
    clear = '<form method="post" action="/switch"><button name="action" value="clear">Switch all off</button></form>'
    return f'<h2>On now</h2><table class="faults">{rows}</table><div class="row">{clear}</div>'


def _anywhere() -> str:
    places = [(p, e) for p, endpoints in ENDPOINTS.items() for e in ("*", *endpoints)]
    where = "".join(
        f'<option value="{p} {e}">{_NAMES[p]} · {"everything" if e == "*" else e}</option>' for p, e in places
    )
    faults = {**EVERYWHERE, **_DOWN, **IN_MESSAGES}
    what = "".join(f'<option value="{escape(written)}">{escape(says)}</option>' for written, says in faults.items())
    return f"""<h2>At any endpoint</h2><form method="post" action="/switch" class="row">
<select name="place" aria-label="Endpoint">{where}</select><select name="fault" aria-label="Fault">{what}</select>
<button class="filled" name="action" value="on">Switch on</button></form><h2>Of one provider</h2>"""


def _modes(place: tuple[str, str]) -> str:
    provider, endpoint = place
    rows = "".join(_row(provider, endpoint, written, says) for written, says in MODES[place].items())
    return (
        f"<details><summary>{_NAMES[provider]} · {escape(endpoint)}</summary>"
        f'<table class="faults">{rows}</table></details>'
    )


def _row(provider: str, endpoint: str, written: str, says: str = "") -> str:
    """A fault with what it does and a button to switch it on; without, one that is on."""
    on = not says
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in {"provider": provider, "endpoint": endpoint, "fault": written}.items()
    )
    button = f'<button name="action" value="{"off" if on else "on"}">{"Switch off" if on else "Switch on"}</button>'
    place = f"{_NAMES[provider]} · {escape(endpoint)}" if on else escape(says)
    return (
        f'<tr class="{"on" if on else ""}"><td>{place}</td><td><code>{escape(written)}</code></td>'
        f'<td><form method="post" action="/switch">{hidden}{button}</form></td></tr>'
    )
