"""The failures on the way to an API key that follow from several responses of the provider."""

from keyrack.primitives.failure import Failure


class NoKeyMade(Failure):
    """The consent page ended, and no key appeared."""

    code = "no_key_made"


class KeyAsleep(Failure):
    """A key that was disabled after long disuse is in the way, and only the person can delete it."""

    code = "key_asleep"


class DeleteByHand(Failure):
    """The provider lets no program delete this key."""

    code = "delete_key_by_hand"


class NoGrant(Failure):
    """The sign-in that may delete the key is over."""

    code = "no_grant"


class SecretLost(Failure):
    """Keyrack requested the secret, and ended before it was stored."""

    code = "key_secret_lost"


class SecretUnderWay(Failure):
    """The program ended while it was fetching a secret. The next sign-in finds out whether it is lost."""

    code = "key_secret_under_way"


class NotAKey(Failure):
    """What was pasted cannot be a public key."""

    code = "not_a_key"


class KeyPasteOver(Failure):
    """The public key was not pasted in time. The secret is kept."""

    code = "key_paste_over"
