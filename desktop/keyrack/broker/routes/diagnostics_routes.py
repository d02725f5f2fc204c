"""The route of the diagnostics, which hold nothing that a lock hides."""

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.route import Answer, Call, Route


async def _diagnostics(call: Call) -> Answer:
    from keyrack.core.diagnostics.diagnostic_report import diagnostics  # reads the versions of packages: 20 ms

    facts = call.host.facts() if call.host.facts is not None else {}
    running = {"Runs": call.host.running, "Local socket": "answers", **facts}
    return {"version": VERSION, "diagnostics": diagnostics(call.rack, running)}


ROUTES = (Route("GET", "/v1/diagnostics", _diagnostics, while_locked=True),)
