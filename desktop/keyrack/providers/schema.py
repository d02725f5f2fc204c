"""The schema of a provider file: a closed set of named choices and dotted paths."""

from datetime import date
from typing import Literal

import msgspec

from keyrack.oauth.authorization_server import Dialect

FlowName = Literal[
    "client_credentials", "authorization_code", "authorization_code_pkce", "device_code", "user_code", "fast_api_key"
]
# The flows in which the browser comes back to a redirect address.
REDIRECT_FLOWS: frozenset[FlowName] = frozenset({"authorization_code", "authorization_code_pkce", "fast_api_key"})
# How a balance call is authenticated: by the token alone, by the token with the path repeated beside it (Gemini Q2),
# or by a signature with an API key (Kraken Q13, WhiteBIT Fast API key Q5).
Proof = Literal["bearer", "gemini_payload", "kraken_key", "whitebit_key"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a provider file. An unknown key is a mistake."""


class Region(_Part, frozen=True):
    """One site of the provider. All addresses are whole.

    `{region}` in an address stands for the site's id. `{client_id}` in the path of the authorization address stands
    for the client id (Uphold Q10). `issuer` is what the site sends as `iss`, "" if it sends none (RFC 9207).
    `closed` marks a service that has ended, `test_network` a public one without real money, and `test` a server on
    this machine (S40). `verification_page` is where a person types a device code. It is needed where that is another
    host than the ones named here. `metadata` is the address from which the others were read when the file was
    imported, and never again (S38). `stream` is the address of the WebSocket, "" without one. With `typed_in` the
    person names all three hosts. `authorize_parameters` are sent to this site's sign-in page besides those of the
    dialect.
    """

    name: str
    token_endpoint: str
    api: str
    authorization_endpoint: str = ""
    refresh_endpoint: str = ""
    user_code_page: str = ""
    device_authorization_endpoint: str = ""
    verification_page: str = ""
    revocation_endpoint: str = ""
    issuer: str = ""
    metadata: str = ""
    note: str = ""
    stream: str = ""
    authorize_parameters: dict[str, str] = {}
    typed_in: bool = False
    closed: bool = False
    test_network: bool = False
    test: bool = False


# The keys of a region that are web addresses.
ADDRESSES = (
    *("token_endpoint", "api", "authorization_endpoint", "refresh_endpoint", "user_code_page"),
    *("device_authorization_endpoint", "verification_page", "revocation_endpoint", "metadata"),
)


class Flow(_Part, frozen=True):
    """One way to sign in, described for the person who chooses it. `credential` is what it ends with."""

    title: str
    credentials_help: str
    credentials_url: str = ""
    needs_redirect: bool = False
    credential: Literal["token", "key"] = "token"
    needs_secret: bool = True
    warning: str = ""


class BalanceCall(_Part, frozen=True):
    """One call whose response lists the balances.

    `shape` says whether `rows` is a list of rows, an object keyed by asset, itself the only row, or with "totals" an
    object by asset whose values are the totals themselves. Of `available`, `total` and `in_use` any two give the
    third. `shared` is the path of a boolean: where it is true, the available amount is that of the whole account
    (Deribit Q17). `sum_same` adds rows of one asset up (Uphold Q10).
    `next_page` is the dotted path of the next page's path, on the same host. `paging` "range_items" requests
    `Range: items=0-49` and so on until `Content-Range` reaches the end. `names` "kraken" removes the letter of XXBT
    and ZUSD (Kraken Q8), and makes a suffix the name of a wallet (Kraken Q20).
    """

    path: str
    shape: Literal["array", "keyed", "object", "totals"]
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    rows: str = ""
    asset: str = ""
    available: str = ""
    total: str = ""
    in_use: str = ""
    shared: str = ""
    place: str = ""
    sum_same: bool = False
    next_page: str = ""
    paging: Literal["next_page", "range_items"] = "next_page"
    headers: dict[str, str] = {}
    proof: Proof = "bearer"
    names: Literal["as_is", "kraken"] = "as_is"


class StorageCall(_Part, frozen=True):
    """One call whose response holds storage space. All figures are in bytes."""

    path: str
    used: str = ""
    available: str = ""
    size: str = ""
    plan: str = ""
    plan_ends: str = ""


class IdentityCall(_Part, frozen=True):
    """The call that returns which account a token belongs to."""

    path: str
    field: str


class RequestRate(_Part, frozen=True):
    """At most `requests` to the API within `seconds`, counted over all accounts of this program."""

    requests: int
    seconds: float


class ApiFailure(_Part, frozen=True):
    """A failure that the API reports in its own words.

    `at` is a dotted path into the response, "" for the paths of `ApiErrors.codes`, and `says` is the exact text there.
    `kind` is what it means, and `least_wait` the seconds after which Keyrack asks again at the soonest. `happened`,
    `means` and `todo` replace the general sentences where they are given.
    """

    says: str
    kind: Literal["unauthorized", "rights", "wait", "refused"]
    at: str = ""
    least_wait: float | None = None
    happened: str = ""
    means: str = ""
    todo: str = ""


class ApiErrors(_Part, frozen=True):
    """Where the API reports a failure.

    `codes` and `messages` are dotted paths. `no_error` holds the codes of a good response, and `unauthorized` those
    that mean the same as a 401. The codes in `rights` mean that the token or key may not read this, those in `wait`
    that the same request succeeds later. `failures` are looked at first.
    """

    codes: tuple[str, ...] = ()
    no_error: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    unauthorized: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    wait: tuple[str, ...] = ()
    failures: tuple[ApiFailure, ...] = ()


class Markets(_Part, frozen=True):
    """The call that returns which markets are closed: their names under `name`, a true boolean under `closed`."""

    path: str
    name: str
    closed: str
    rows: str = ""


class Prices(_Part, frozen=True):
    """The provider's own public prices, requested without a token.

    `quote` is the money in which it prices. Without a `path` only that money itself has a value. `dollar` is its
    money that counts as 1 US dollar, if any. `pairs` are the ways in which a pair is written, tried in turn.
    `shape` says whether `rows` is a list of rows with their pair under `name`, an object keyed by pair, or,
    with `{pair}` in the path, the row of one pair. The first of `fields` with a figure is the price of 1 base in
    quote units. `traded` is the ISO 8601 time of the last trade. `closed` is true where there is no trade. `via`
    lists the assets of which one may stand between. `names` "kraken" writes pairs as XXBTZUSD and SOLUSD (Kraken
    Q8).
    """

    quote: str
    dollar: str = ""
    path: str = ""
    shape: Literal["array", "keyed", "single"] = "array"
    pairs: tuple[str, ...] = ("{base}{quote}",)
    letters: Literal["as_is", "lower", "upper"] = "as_is"
    names: Literal["as_is", "kraken"] = "as_is"
    rows: str = ""
    name: str = ""
    fields: tuple[str, ...] = ()
    traded: str = ""
    closed: str = ""
    via: tuple[str, ...] = ()
    markets: Markets | None = None


class Provider(_Part, frozen=True):
    """One provider. `checked` is the day on which its documentation was last compared.

    `poll_interval` is the least time in seconds between two requests for the balances, and `rate` the API's limit.
    `scope` lists the rights to request, with spaces between. `tried` says where the file comes from while it was
    never used with a real account. `ca_file` names a file of certificates beside this one, which are trusted for this
    provider alone. `removal` says what the provider keeps when an account is removed. `token_variable` is the
    variable in which `keyrack run` passes a token, "" for <ID>_TOKEN. `company` is the name of the company where
    `name` is that of one of its products.
    """

    id: str
    name: str
    monogram: str
    documentation: str
    checked: date
    dialect: Dialect
    regions: dict[str, Region]
    flows: dict[FlowName, Flow]
    balances: tuple[BalanceCall, ...] = ()
    storage: tuple[StorageCall, ...] = ()
    identity: IdentityCall | None = None
    errors: ApiErrors = ApiErrors()
    poll_interval: float = 0.0
    rate: RequestRate | None = None
    prices: Prices | None = None
    leaves_out: str = ""
    scope: str = ""
    risky_scopes: tuple[str, ...] = ()
    removal: str = ""
    ca_file: str = ""
    tried: str = ""
    token_variable: str = ""
    company: str = ""

    @property
    def company_name(self) -> str:
        """The company behind the provider, for sentences."""
        return self.company or self.name

    @property
    def variable(self) -> str:
        """The environment variable in which a command finds the token."""
        return self.token_variable or self.id.upper().replace("-", "_") + "_TOKEN"

    def site(self, region: str) -> str:
        """The name of one region. "" where there is only one, or where it has the provider's name."""
        name = self.regions[region].name
        return "" if len(self.regions) == 1 or name == self.name else name
