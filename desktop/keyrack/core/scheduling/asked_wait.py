"""How long Keyrack waits where a provider asks to wait (RFC 9110 section 10.2.3)."""

LONGEST_WAIT = 900.0


def obeyed(retry_after: float | None) -> float:
    """How many of the seconds that a provider asks for are waited: all of them up to 15 min.

    A fault there must not take a program's token for a day (report 32).
    """
    return min(retry_after or 0.0, LONGEST_WAIT)
