"""What can go wrong between Keyrack and a provider's host.

NetFailure
├── Unreachable     nothing was sent: asking again is safe, also with a code (S44)
├── NoAnswer        something may have been sent, and no usable answer came
├── TooLarge        the answer was longer than Keyrack reads
├── TlsRefused      the host's certificate or TLS was refused before anything was sent
└── Unsendable      the request breaks Keyrack's own rules; nothing was sent, asking again fails alike
"""

from keyrack.primitives.failure import Failure

_LATER = "Keyrack keeps what it has and can try again."


class NetworkFailure(Failure):
    """The transport failed; `host` is the name that was asked."""

    def __init__(self, host: str, happened: str, means: str = "", todo: str = "", *, detail: str = "") -> None:
        super().__init__(happened, means, todo, detail=detail)
        self.host = host


class Unreachable(NetworkFailure):
    """No connection, and nothing was sent."""

    def __init__(self, host: str, *, late: bool = False, detail: str = "") -> None:
        what = f"{host} did not answer in time." if late else f"{host} cannot be reached."
        super().__init__(host, what, f"Nothing was sent. {_LATER}", "Check the network connection.", detail=detail)


class NoResponse(NetworkFailure):
    """The request may have arrived, but no usable answer came back."""

    def __init__(self, host: str, *, late: bool = False, detail: str = "") -> None:
        what = f"{host} took too long to answer." if late else f"{host} broke off without a usable answer."
        super().__init__(host, what, "The request may have reached it.", "Check the network connection.", detail=detail)


class TooLarge(NetworkFailure):
    """The answer exceeded the cap on its decoded size."""

    def __init__(self, host: str, *, limit: int) -> None:
        super().__init__(
            host, f"{host} sent an answer that is too large.", f"Keyrack reads at most {limit // 1024} KiB and stopped."
        )


class TlsRefused(NetworkFailure):
    """No trustworthy TLS connection, so nothing was sent (S40, R31, R32)."""

    def __init__(self, host: str, means: str, todo: str = "", *, detail: str = "") -> None:
        super().__init__(host, f"{host} could not prove who it is.", f"{means} Nothing was sent.", todo, detail=detail)


class Unsendable(NetworkFailure):
    """The request itself is not one that Keyrack sends; no value of it is quoted."""

    def __init__(self, host: str, why: str, todo: str = "") -> None:
        super().__init__(host, f"The request to {host} was not sent.", why, todo)
