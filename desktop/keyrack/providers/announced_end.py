"""What a provider announced about the end of its service, in a sentence for the person."""

from datetime import UTC, date, datetime

from keyrack.messages.catalogue import message
from keyrack.primitives.clock import Clock
from keyrack.providers.schema import Provider

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def announced_end(provider: Provider, clock: Clock) -> str:
    """The announcement with the note of the provider's file: before its day that the end comes, then that it was told.

    "" for a provider that announced no end. Whether the service is really gone, only its answers tell.
    """
    if provider.ends is None:
        return ""
    today = datetime.fromtimestamp(clock.wall(), UTC).date()
    code = "end_coming" if today < provider.ends else "end_announced"
    announced = message(code, {"company": provider.company_name, "day": _day(provider.ends)}).happened
    return f"{announced} {provider.ends_note}".strip()


def _day(when: date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
