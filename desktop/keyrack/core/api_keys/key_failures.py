"""The failures on the way to an API key that no single answer of the provider tells (WhiteBIT Fast API key)."""

from keyrack.primitives.failure import Failure


class NoKeyMade(Failure):
    """The consent page ended, and no key appeared."""

    def __init__(self) -> None:
        super().__init__(
            "WhiteBIT made no key.",
            "Its page was not followed to the end, or it stopped because of an older key. Keyrack cannot see which.",
            "Sign in again and go on until WhiteBIT says that the key is made; look at the API keys on its site.",
        )


class KeyAsleep(Failure):
    """A key disabled by inactivity is in the way, and only its person can delete it."""

    def __init__(self) -> None:
        super().__init__(
            "WhiteBIT has a disabled key of yours for this client.",
            "It was not used for 14 days. No program can delete it or wake it up, and no new one is made beside it.",
            "Delete it under “API keys” on WhiteBIT's site, then sign in again.",
        )


class DeleteByHand(Failure):
    """WhiteBIT lets no program delete this key."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "WhiteBIT does not let Keyrack delete this key.",
            "It is disabled, or it was not made for this client. It is still there.",
            "Delete it under “API keys” on WhiteBIT's site.",
            detail=detail,
        )


class NoGrant(Failure):
    """The sign-in that may delete the key is over."""

    def __init__(self) -> None:
        super().__init__(
            "The sign-in at WhiteBIT that can delete the key is over; it lives for four hours.",
            "Nothing was deleted, and the key goes on working.",
            "Delete it under “API keys” on WhiteBIT's site, or sign in again first.",
        )


class SecretLost(Failure):
    """Keyrack asked for the secret, and was ended before it was stored."""

    def __init__(self, *, detail: str = "") -> None:
        super().__init__(
            "The key's secret was lost on the way.",
            "Keyrack had asked for it, and was ended or cut off before it was stored. WhiteBIT shows it only once.",
            "Delete the key at WhiteBIT from the menu of this account, then sign in again to make a new one.",
            detail=detail,
        )


class SecretUnderWay(Failure):
    """The program ended while it was fetching a secret; whether it is lost, the next sign-in tells."""

    def __init__(self) -> None:
        super().__init__(
            "Making the key was interrupted.",
            "Keyrack was ended while it fetched the key's secret, which WhiteBIT shows only once.",
            "Sign in again: Keyrack asks whether it can still be had.",
        )


class NotAKey(Failure):
    """What was pasted cannot be a public key."""

    def __init__(self) -> None:
        super().__init__(
            "This does not look like a public key.",
            "It is too short or too long, or holds spaces. Nothing was sent.",
            "Copy the key, not its secret, from “API keys” on WhiteBIT's site.",
        )


class KeyPasteOver(Failure):
    """Nobody pasted the public key in time; the secret is kept."""

    def __init__(self) -> None:
        super().__init__(
            "The public key was not pasted in time.",
            "The key's secret is stored, nothing is lost.",
            "Sign in again; Keyrack goes on where it stopped.",
        )
