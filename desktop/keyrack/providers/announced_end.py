"""What a provider announced about the end of its service, in a sentence for the person."""

from datetime import UTC, date, datetime

from keyrack.language.translation import mark, tr, translated
from keyrack.messages.catalogue import message
from keyrack.primitives.clock import Clock
from keyrack.providers.schema import Provider

_MONTHS = (
    *(mark("January"), mark("February"), mark("March"), mark("April"), mark("May"), mark("June"), mark("July")),
    *(mark("August"), mark("September"), mark("October"), mark("November"), mark("December")),
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
    return f"{announced} {translated(provider.ends_note)}".strip()


def _day(when: date) -> str:
    return tr("{day} {month} {year}", day=when.day, month=translated(_MONTHS[when.month - 1]), year=when.year)
