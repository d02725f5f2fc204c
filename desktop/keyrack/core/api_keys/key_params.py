"""The parameters of the sentences about keys."""

from keyrack.core.sites.sites import Site
from keyrack.messages.catalogue import message

_HOUR, _DAY = 3_600.0, 86_400.0


def key_params(site: Site) -> dict[str, str]:
    """The company's name, and how long a key may lie idle."""
    idle = site.keys.idle_seconds if site.keys is not None else None
    return {
        "provider": site.provider.company_name,
        "idle": _duration(idle),
    }


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return message("too_long", {}).happened
    code, unit = ("days", _DAY) if seconds >= 2 * _DAY else ("hours", _HOUR)
    return message(code, {"count": f"{seconds / unit:.0f}"}).happened
