"""Where the list of releases is, and who signs it. This is the one place of the product that names both.

Nothing is published yet, so both are empty. `python3 packaging/release.py key` makes a pair of keys and says what to
write here. A person or an administrator may name a list of their own in the settings, with its key.
"""

from dataclasses import dataclass

from keyrack.core.preferences.all_settings import UPDATES_ADDRESS, UPDATES_KEY
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.updates.release_signature import ReleaseKey, key_of
from keyrack.core.updates.update_failures import UpdateFailure

ADDRESS = ""
PUBLIC_KEY = ""


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """An address, and the key that is trusted from the beginning."""

    address: str
    key: ReleaseKey


def is_known(preferences: Preferences) -> bool:
    """Whether there is anything to ask for."""
    return bool(preferences.value(UPDATES_ADDRESS) or ADDRESS)


def source_of(preferences: Preferences) -> ReleaseSource:
    """The list of the settings, else that of the product. Raises UpdateFailure where there is none, or no key."""
    address, key = preferences.value(UPDATES_ADDRESS), preferences.value(UPDATES_KEY)
    if not address:
        address, key = ADDRESS, key or PUBLIC_KEY
    if not address:
        raise UpdateFailure("update_no_list")
    if not key:
        raise UpdateFailure("update_without_key")
    return ReleaseSource(address, key_of(key))
