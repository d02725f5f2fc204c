"""The table of the long run."""

from dataclasses import dataclass

from tests.campaigns.campaign import Options
from tests.campaigns.process_figures import Figures, growth
from tests.campaigns.soak_callers import Calls
from tests.campaigns.soak_person import Person
from tests.campaigns.soak_weather import Weather
from tests.campaigns.table import Count

RENEWALS = 2000
_WARM_UP = 0.5
_MORE_DESCRIPTORS = 8
_MORE_THREADS = 4
_LARGEST_LOG = 8_000_000
_LARGEST_STATE = 8_000_000


@dataclass(frozen=True, slots=True)
class Day:
    """What the day came to. `ended` is the agent's exit code before it was stopped: None."""

    renewals: int
    calls: Calls
    person: Person
    weather: Weather
    before: Figures
    after: Figures
    looks: list[Figures]
    sizes_before: dict[str, int]
    sizes_after: dict[str, int]
    settled: bool
    ended: int | None
    code: int


def rows(day: Day, options: Options) -> list[Count]:
    """All but what is found in the logs."""
    person, calls, lost = day.person, day.calls, sum(day.person.lost.values())
    least = round(RENEWALS * options.share)
    return [
        Count("renewals", str(day.renewals), f"at least {least}", day.renewals >= least),
        Count("tokens given over the socket, by the verb", f"{calls.given}, {calls.by_verb}"),
        Count(
            "faults switched on (different ones, of those there are)",
            f"{len(day.weather.used)} of {day.weather.offered}",
        ),
        Count("sign-outs, locks, sign-ins", f"{person.signed_out}, {person.locked}, {person.signed_in}"),
        _zero("renewals missed: no token within 72 s of a provider that was well", calls.missed),
        _zero("sign-ins lost", lost),
        Count("sign-ins that a provider ended, or whose new token was lost on its way", str(person.allowed)),
        _zero(f"tokens given out before they were stored (of {calls.compared} looked at)", calls.early),
        _zero("callers that broke off", calls.broken),
        Count("all accounts ready within two minutes at the end", _yes(day.settled), "yes", day.settled),
        Count("the agent ran to the end and stopped in order", f"{day.ended}, {day.code}", "None, 0", _ran(day)),
        *_memory(day),
        _bounded("open descriptors, first and last", day.before.descriptors, day.after.descriptors, _MORE_DESCRIPTORS),
        _bounded("threads, first and last", day.before.threads, day.after.threads, _MORE_THREADS),
        Count("the agent's processor time", _cpu(day)),
        _size("log", day, "log", _LARGEST_LOG),
        _size("state folder", day, "state", _LARGEST_STATE),
    ]


def _memory(day: Day) -> list[Count]:
    """Resident and anonymous memory over the time after the warm-up, the first half."""
    looks = day.looks[round(_WARM_UP * len(day.looks)) :]
    found = []
    for name, what in (("rss", "memory"), ("anonymous", "memory of no file")):
        sizes = [size for figures in looks if (size := getattr(figures, name)) is not None]
        if len(sizes) < max(6, len(looks)):
            found.append(Count(f"{what} over time", "not readable here"))
            continue
        line = growth([figures.at for figures in looks], sizes)
        print(f"  {what} in MB: {' '.join(f'{size / 1e6:.1f}' for size in line.low)}", flush=True)
        words = f"{sizes[-1] / 1e6:.1f} MB, {line.whole / 1e6:+.2f} MB ({line.per_hour / 1e6:+.2f} MB an hour)"
        promise = f"at most {line.noise / 1e6:.2f} MB, the noise (4 deviations)"
        found.append(Count(f"{what} at the end, growth in the second half", words, promise, line.none))
    return found


def _bounded(what: str, before: int | None, after: int | None, more: int) -> Count:
    if before is None or after is None:
        return Count(what, "not readable here")
    return Count(what, f"{before}, {after}", f"at most {more} more", after <= before + more)


def _size(what: str, day: Day, name: str, most: int) -> Count:
    before, after = day.sizes_before[name], day.sizes_after[name]
    return Count(
        f"{what}, first and last",
        f"{before / 1e3:.0f}, {after / 1e3:.0f} kB",
        f"at most {most / 1e6:.0f} MB",
        after <= most,
    )


def _cpu(day: Day) -> str:
    seconds = day.after.cpu - day.before.cpu
    each = 1000 * seconds / max(1, day.renewals)
    return f"{seconds:.1f} s in {day.after.at - day.before.at:.0f} s ({each:.0f} ms for each renewal)"


def _ran(day: Day) -> bool:
    return day.ended is None and day.code == 0


def _zero(what: str, number: int) -> Count:
    return Count(what, str(number), "0", number == 0)


def _yes(good: bool) -> str:
    return "yes" if good else "no"
