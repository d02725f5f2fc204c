"""What KWallet tells of its wallets beside the Secret Service (KDE Frameworks 5.103 and 6.13, org.kde.KWallet).

KWallet shows each wallet as a collection. The collection of a wallet that was opened in another way, as by the sign-in
to the desktop, stays locked there until a program has it unlocked, and that shows no window. A wallet that was only
just made by the sign-in to the desktop has no collection before KWallet is started again.
"""

import logging
from typing import Any

KWALLET = "KWallet"

_OBJECTS = ("/modules/kwalletd6", "/modules/kwalletd5")
_INTERFACE = "org.kde.KWallet"

_log = logging.getLogger(__name__)


def is_open(secretstorage: Any, connection: Any, wallet: str) -> bool:
    """Whether the wallet is open, so that unlocking its collection asks nobody."""
    return _ask(secretstorage, connection, "isOpen", "s", wallet) is True


def has_wallets(secretstorage: Any, connection: Any) -> bool:
    """Whether there is any wallet."""
    return bool(_ask(secretstorage, connection, "wallets", ""))


def _ask(secretstorage: Any, connection: Any, method: str, signature: str, *values: object) -> Any:
    """What KWallet answers, None where it has no such object."""
    for path in _OBJECTS:
        wallet = secretstorage.util.DBusAddressWrapper(path, _INTERFACE, connection)
        try:
            (answer,) = wallet.call(method, signature, *values)
        except secretstorage.ItemNotFoundException:
            _log.debug("KWallet has no object %s", path)
            continue
        return answer
    return None
