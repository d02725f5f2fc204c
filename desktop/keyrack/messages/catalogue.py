"""Finds the sentences of a code."""

from collections.abc import Mapping
from types import MappingProxyType

from keyrack.language.translation import Phrase, plural, shown_values, translated
from keyrack.messages.accounts.access_messages import ACCESS_MESSAGES
from keyrack.messages.accounts.account_messages import ACCOUNT_MESSAGES
from keyrack.messages.accounts.activity_messages import ACTIVITY_MESSAGES
from keyrack.messages.accounts.key_messages import KEY_MESSAGES
from keyrack.messages.accounts.moving_messages import MOVING_MESSAGES
from keyrack.messages.accounts.shared_account_messages import SHARED_ACCOUNT_MESSAGES
from keyrack.messages.accounts.sign_in_messages import SIGN_IN_MESSAGES
from keyrack.messages.keyring_messages import KEYRING_MESSAGES
from keyrack.messages.message import Message
from keyrack.messages.network_messages import NETWORK_MESSAGES
from keyrack.messages.oauth_messages import OAUTH_MESSAGES
from keyrack.messages.provider_file_messages import PROVIDER_FILE_MESSAGES
from keyrack.messages.provider_messages import PROVIDER_MESSAGES
from keyrack.messages.sharing_messages import SHARING_MESSAGES
from keyrack.messages.socket_messages import SOCKET_MESSAGES
from keyrack.messages.start_messages import START_MESSAGES
from keyrack.messages.update_messages import UPDATE_MESSAGES

CATALOGUE: Mapping[str, Message] = {
    **ACCESS_MESSAGES,
    **ACCOUNT_MESSAGES,
    **ACTIVITY_MESSAGES,
    **KEYRING_MESSAGES,
    **KEY_MESSAGES,
    **MOVING_MESSAGES,
    **NETWORK_MESSAGES,
    **OAUTH_MESSAGES,
    **PROVIDER_FILE_MESSAGES,
    **PROVIDER_MESSAGES,
    **SHARED_ACCOUNT_MESSAGES,
    **SHARING_MESSAGES,
    **SIGN_IN_MESSAGES,
    **SOCKET_MESSAGES,
    **START_MESSAGES,
    **UPDATE_MESSAGES,
}
# The code for one thing, and the code for more of them.
COUNTED: Mapping[str, str] = {"hour": "hours", "day": "days", "row_unread": "rows_unread", "row_beyond": "rows_beyond"}


def message(code: str, params: Mapping[str, str]) -> Message:
    """The sentences of a code with the parameters in their places.

    A file of a newer Keyrack may hold a code that is not known here. It is then shown as it is.
    """
    found = CATALOGUE.get(code)
    if found is None:
        return Message(code)
    filled = shown_values(params)
    return Message(*(translated(sentence).format_map(filled) for sentence in found))


def phrases(code: str, params: Mapping[str, str] = MappingProxyType({})) -> Message:
    """The sentences of a code to stand in others, each translated where those are shown."""
    return Message(*(Phrase(sentence, params) for sentence in CATALOGUE[code]))


def counted(one: str, count: int) -> str:
    """What happened, for so many: `one` is a code of `COUNTED`, and `{count}` in its sentence the number."""
    return plural(CATALOGUE[one].happened, CATALOGUE[COUNTED[one]].happened, count, count=count)
