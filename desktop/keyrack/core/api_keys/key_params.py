"""The parameters of the sentences about keys."""

from keyrack.core.sites.sites import Site
from keyrack.messages.catalogue import counted, message

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
    code, unit = ("day", _DAY) if seconds >= 2 * _DAY else ("hour", _HOUR)
    return counted(code, round(seconds / unit))
