"""The schema of a provider's calls: what is requested with a token, and where the response holds the figures."""

from typing import Literal

import msgspec

# Stands in the path of a balance call for the id of one account, percent-encoded (S38).
ACCOUNT = "{account}"
# How a balance call is authenticated: by the token alone, by the token with the path repeated beside it (Gemini Q2),
# or by a signature with an API key (Kraken Q13, WhiteBIT Fast API key Q5).
Proof = Literal["bearer", "gemini_payload", "kraken_key", "whitebit_key"]
Paging = Literal["next_page", "next_address", "range_items"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a provider file. An unknown key is a mistake."""


class AccountsCall(Part, frozen=True):
    """The call whose rows name the accounts of this person, each by `id`.

    A balance call with `{account}` in its path is made once for each. `name` is shown beside the rows of its account.
    `next_page` and `paging` are those of a balance call.
    """

    path: str
    id: str
    rows: str = ""
    name: str = ""
    next_page: str = ""
    paging: Paging = "next_page"


class BalanceCall(Part, frozen=True):
    """One call whose response lists the balances.

    `shape` says whether `rows` is a list of rows, an object keyed by asset, itself the only row, or with "totals" an
    object by asset whose values are the totals themselves. With `rows_inside` each item of the list at `rows` holds
    rows of its own there. `asset_is` is the asset of every row where the response names none. Of `available`, `total`
    and `in_use` any two give the third. Each is multiplied by `factor`, a decimal number ("0.01" for cents). `shared`
    is the path of a boolean: where it is true, the available amount is that of the whole account (Deribit Q17).
    `sum_same` adds rows of one asset up (Uphold Q10). `place` is a word that is shown beside the rows.
    `next_page` is the dotted path of the next page's path, on the same host. With `paging` "next_address" a whole
    address is there, of the same scheme, host and port. "range_items" requests `Range: items=0-49` and so on until
    `Content-Range` reaches the end. `names` "kraken" removes the letter of XXBT and ZUSD (Kraken Q8),
    and makes a suffix the name of a wallet (Kraken Q20).
    """

    path: str
    shape: Literal["array", "keyed", "object", "totals"]
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    rows: str = ""
    rows_inside: str = ""
    asset: str = ""
    asset_is: str = ""
    available: str = ""
    total: str = ""
    in_use: str = ""
    shared: str = ""
    factor: str = "1"
    place: str = ""
    sum_same: bool = False
    next_page: str = ""
    paging: Paging = "next_page"
    headers: dict[str, str] = {}
    proof: Proof = "bearer"
    names: Literal["as_is", "kraken"] = "as_is"


class StorageCall(Part, frozen=True):
    """One call whose response holds storage space. All figures are in bytes once they are multiplied by `factor`."""

    path: str
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    used: str = ""
    available: str = ""
    size: str = ""
    factor: str = "1"
    plan: str = ""
    plan_ends: str = ""


class IdentityCall(Part, frozen=True):
    """The call that returns which account a token belongs to."""

    path: str
    field: str
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
