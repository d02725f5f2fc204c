"""The route of the diagnostics, which hold nothing that a lock hides."""

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.core.diagnostics.diagnostic_report import diagnostics


async def _diagnostics(call: Call) -> Answer:
    facts = call.host.facts() if call.host.facts is not None else {}
    running = {"Runs": call.host.running, "Local socket": "answers", **facts}
    return {"version": VERSION, "diagnostics": diagnostics(call.rack, running)}


ROUTES = (Route("GET", "/v1/diagnostics", _diagnostics, while_locked=True),)
