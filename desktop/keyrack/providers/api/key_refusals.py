"""The ways in which a provider refuses a key, or a request about one. Core decides what follows from each."""

from keyrack.primitives.failure import Failure
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused


class KeyRequestRefused(Failure):
    """The provider refused a request about a key."""


class GrantEnded(KeyRequestRefused):
    """The token of the sign-in that makes and deletes keys has ended, or lacks the right."""


class NotOurKey(KeyRequestRefused):
    """The key belongs to another client."""


class KeyGone(KeyRequestRefused):
    """There is no such key."""


class SecretTaken(KeyRequestRefused):
    """The secret was handed out before and cannot be had again."""


class KeyBusy(KeyRequestRefused):
    """Another retrieval of the secret is running."""


class KeyUnknown(TokenRefused):
    """The key or its secret is wrong, or the key is gone."""


class NonceRefused(Failure):
    """The number of the call was not above the last one that the provider saw. Nothing was done."""


class KeyMayNot(ApiRefused):
    """The key lacks the right for this call."""


class KeyDisabled(ApiRefused):
    """The key is disabled, or is not accepted from this network's address."""
