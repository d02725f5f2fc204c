"""The page of the control port: the faults that are on, and every other fault with a button."""

from collections.abc import Mapping, Sequence
from html import escape

from keyrack.sandbox.pages.page_frame import Brand, frame
from keyrack.sandbox.state.fault_kinds import DOWN, EVERYWHERE, IN_MESSAGES
from keyrack.sandbox.state.stand_in import StandIn

_FOOTER = "For this computer only. Everything is as documented again after a restart."
_BRAND = Brand("Keyrack sandbox", "⚙", "#2f5bea", "#86a2ff", footer=_FOOTER)


def html(stand_ins: Sequence[StandIn], on: list[dict[str, object]]) -> str:
    """The whole page. `on` are the rows of GET /faults."""
    known = {each.id: each for each in stand_ins}
    active = "".join(_row(known[str(f["provider"])], str(f["endpoint"]), str(f["fault"])) for f in on)
    own = "".join(map(_own_faults, stand_ins))
    title = "<h1>Switch a failure on</h1><p class='second'>and see how Keyrack takes it.</p>"
    return frame(_BRAND, "Faults", title + _active(active) + _anywhere(stand_ins) + own).replace(
        "<body>", '<body class="wide">'
    )


def _active(rows: str) -> str:
    if not rows:
        return "<h2>On now</h2><p class='second'>Nothing. Every provider answers as documented.</p>"
    clear = '<form method="post" action="/switch"><button name="action" value="clear">Switch all off</button></form>'
    return f'<h2>On now</h2><table class="faults">{rows}</table><div class="row">{clear}</div>'


def _anywhere(stand_ins: Sequence[StandIn]) -> str:
    where = "".join(
        f'<option value="{each.id} {e}">{escape(each.title)} · {"everything" if e == "*" else e}</option>'
        for each in stand_ins
        for e in ("*", *each.endpoints)
    )
    faults = {**EVERYWHERE, **DOWN, **IN_MESSAGES}
    what = "".join(f'<option value="{escape(written)}">{escape(says)}</option>' for written, says in faults.items())
    return f"""<h2>At any endpoint</h2><form method="post" action="/switch" class="row">
<select name="place" aria-label="Endpoint">{where}</select><select name="fault" aria-label="Fault">{what}</select>
<button class="filled" name="action" value="on">Switch on</button></form><h2>Of one provider</h2>"""


def _own_faults(stand_in: StandIn) -> str:
    return "".join(_faults_of(stand_in, place, faults) for place, faults in stand_in.endpoints.items() if faults)


def _faults_of(stand_in: StandIn, endpoint: str, faults: Mapping[str, str]) -> str:
    rows = "".join(_row(stand_in, endpoint, written, says) for written, says in faults.items())
    return (
        f"<details><summary>{escape(stand_in.title)} · {escape(endpoint)}</summary>"
        f'<table class="faults">{rows}</table></details>'
    )


def _row(stand_in: StandIn, endpoint: str, written: str, says: str = "") -> str:
    """A fault with what it does and a button to switch it on. Without `says` it is one that is on."""
    on = not says
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in {"provider": stand_in.id, "endpoint": endpoint, "fault": written}.items()
    )
    button = f'<button name="action" value="{"off" if on else "on"}">{"Switch off" if on else "Switch on"}</button>'
    place = f"{escape(stand_in.title)} · {escape(endpoint)}" if on else escape(says)
    return (
        f'<tr class="{"on" if on else ""}"><td>{place}</td><td><code>{escape(written)}</code></td>'
        f'<td><form method="post" action="/switch">{hidden}{button}</form></td></tr>'
    )
