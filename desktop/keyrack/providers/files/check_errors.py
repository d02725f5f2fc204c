"""Checks the table of API errors in a provider file: the failures in the API's own words."""

from collections.abc import Iterator

from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Provider

LONGEST_WAIT = 86_400.0


def error_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every failure whose keys do not fit each other."""
    for at, failure in enumerate(provider.errors.failures):
        steps = ["errors", "failures", str(at)]
        if not failure.at and not provider.errors.codes:
            yield Mistake([*steps, "at"], "needed_without", other="errors.codes")
        if failure.least_wait is None:
            continue
        if failure.kind != "wait":
            yield Mistake([*steps, "least_wait"], "meaningless_where", key_above="kind", value=failure.kind)
        if not 0.0 < failure.least_wait <= LONGEST_WAIT:
            yield Mistake([*steps, "least_wait"], "seconds_above_zero", most=f"{LONGEST_WAIT:g}")
