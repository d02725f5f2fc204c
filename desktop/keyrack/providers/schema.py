"""The schema of a provider file: a closed set of named choices and dotted paths."""

from datetime import date
from typing import Literal

import msgspec

from keyrack.language.translation import translated
from keyrack.oauth.authorization_server import ClientAuthentication, Dialect, Renewal, RevocationWay
from keyrack.providers.call_schema import AccountsCall, BalanceCall, IdentityCall, Part, StorageCall

FlowName = Literal[
    "client_credentials",
    "authorization_code",
    "authorization_code_pkce",
    "device_code",
    "user_code",
    "refresh_token",
    "fast_api_key",
]
# The flows that begin with a secret text from the provider's page, which the person enters.
ENTERED_FLOWS: frozenset[FlowName] = frozenset({"user_code", "refresh_token"})
# The flows that end without any person, by the stored credentials alone (RFC 6749 section 4.4).
UNATTENDED_FLOWS: frozenset[FlowName] = frozenset({"client_credentials"})
# The flows in which the browser comes back to a redirect address.
REDIRECT_FLOWS: frozenset[FlowName] = frozenset({"authorization_code", "authorization_code_pkce", "fast_api_key"})


class Region(Part, frozen=True):
    """One site of the provider. All addresses are whole.

    `{region}` in an address stands for the site's id. `{client_id}` in the path of the authorization address stands
    for the client id (Uphold Q10). `issuer` is what the site sends as `iss`, "" if it sends none (RFC 9207).
    `closed` marks a service that has ended, `test_network` a public one without real money, and `test` a server on
    this machine (S40). `verification_page` is where a person types a device code. It is needed where that is another
    host than the ones named here. `metadata` is the address from which the others were read when the file was
    imported, and never again (S38). `apis` are the addresses of which a token response may name one. `stream` is the
    address of the WebSocket, "" without one. With `typed_in` the person names all three hosts. `authorize_parameters`
    are sent to this site's sign-in page besides those of the dialect.
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
    apis: tuple[str, ...] = ()
    authorize_parameters: dict[str, str] = msgspec.field(default_factory=dict)
    typed_in: bool = False
    closed: bool = False
    test_network: bool = False
    test: bool = False


# The keys of a region that are web addresses.
ADDRESSES = (
    *("token_endpoint", "api", "authorization_endpoint", "refresh_endpoint", "user_code_page"),
    *("device_authorization_endpoint", "verification_page", "revocation_endpoint", "metadata"),
)


class Flow(Part, frozen=True):
    """One way to sign in, described for the person who chooses it. `credential` is what it ends with.

    `needs_secret` "optional" is for servers with public and with confidential clients. `client_authentication`,
    `renewal` and `revocation` stand before those of the dialect.
    """

    title: str
    credentials_help: str
    credentials_url: str = ""
    needs_redirect: bool = False
    credential: Literal["token", "key"] = "token"
    needs_secret: bool | Literal["optional"] = True
    client_authentication: ClientAuthentication | None = None
    renewal: Renewal | None = None
    revocation: RevocationWay | None = None
    warning: str = ""


class RequestRate(Part, frozen=True):
    """At most `requests` to the API within `seconds`, counted over all accounts of this program."""

    requests: int
    seconds: float


class ApiFailure(Part, frozen=True):
    """A failure that the API reports in its own words.

    `at` is a dotted path into the response, "" for the paths of `ApiErrors.codes`, and `says` is the exact text there.
    `kind` is what it means, and `least_wait` the seconds after which Keyrack asks again at the soonest. `happened`,
    `means` and `todo` replace the general sentences where they are given.
    """

    says: str
    kind: Literal["unauthorized", "rights", "wait", "ended", "refused"]
    at: str = ""
    least_wait: float | None = None
    happened: str = ""
    means: str = ""
    todo: str = ""


class ApiErrors(Part, frozen=True):
    """Where the API reports a failure.

    `codes` and `messages` are dotted paths. `no_error` holds the codes of a good response, `unauthorized` those that
    mean the same as a 401, and `ended` those that mean the same as a 410: the service has ended. The codes in `rights`
    mean that the token or key may not read this, those in `wait` that the same request succeeds later. `failures` are
    looked at first.
    """

    codes: tuple[str, ...] = ()
    no_error: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    unauthorized: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    wait: tuple[str, ...] = ()
    failures: tuple[ApiFailure, ...] = ()


class Markets(Part, frozen=True):
    """The call that returns which markets are closed: their names under `name`, a true boolean under `closed`."""

    path: str
    name: str
    closed: str
    rows: str = ""


class Prices(Part, frozen=True):
    """The provider's own prices, public ones unless `needs_token` is set.

    `quote` is the money in which it prices. Without a `path` only that money itself has a value. `dollar` is its
    money that counts as 1 US dollar, if any. `pairs` are the ways in which a pair is written, tried in turn.
    `shape` says whether `rows` is a list of rows with their pair under `name`, or with the pair's two assets under
    `base_name` and `quote_name`, an object keyed by pair, or,
    with `{pair}` in the path, the row of one pair. The first of `fields` with a figure is the price of 1 base in
    quote units. `traded` is the ISO 8601 time of the last trade. `closed` is true where there is no trade. `via`
    lists the assets of which one may stand between. `names` "kraken" writes pairs as XXBTZUSD and SOLUSD (Kraken
    Q8).
    """

    quote: str
    dollar: str = ""
    path: str = ""
    needs_token: bool = False
    shape: Literal["array", "keyed", "single"] = "array"
    pairs: tuple[str, ...] = ("{base}{quote}",)
    letters: Literal["as_is", "lower", "upper"] = "as_is"
    names: Literal["as_is", "kraken"] = "as_is"
    rows: str = ""
    name: str = ""
    base_name: str = ""
    quote_name: str = ""
    fields: tuple[str, ...] = ()
    traded: str = ""
    closed: str = ""
    via: tuple[str, ...] = ()
    markets: Markets | None = None


class Provider(Part, frozen=True):
    """One provider. `checked` is the day on which its documentation was last compared.

    `poll_interval` is the least time in seconds between two requests for the balances, and `rate` the API's limit.
    `scope` lists the rights to request, with spaces between. `tried` says where the file comes from while it was
    never used with a real account. `ca_file` names a file of certificates beside this one, which are trusted for this
    provider alone. `removal` says what the provider keeps when an account is removed. `token_variable` is the
    variable in which `keyrack run` passes a token, "" for <ID>_TOKEN. `company` is the name of the company where
    `name` is that of one of its products. `ends` is the day for which the provider announced the end of this service,
    `ends_note` a sentence on what to do instead, and `successor` the id of the provider file that replaces it.
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
    accounts: AccountsCall | None = None
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
    ends: date | None = None
    ends_note: str = ""
    successor: str = ""

    @property
    def company_name(self) -> str:
        """The company behind the provider, for sentences."""
        return self.company or self.name

    @property
    def variable(self) -> str:
        """The environment variable in which a command finds the token."""
        return self.token_variable or self.id.upper().replace("-", "_") + "_TOKEN"

    def dialect_of(self, flow: FlowName) -> Dialect:
        """The dialect with the settings of one flow."""
        own = self.flows[flow]
        names = ("client_authentication", "renewal", "revocation")
        changes = {name: value for name in names if (value := getattr(own, name)) is not None}
        return msgspec.structs.replace(self.dialect, **changes) if changes else self.dialect

    def site(self, region: str) -> str:
        """The name of one region. "" where there is only one, or where it has the provider's name."""
        name = self.regions[region].name
        return "" if len(self.regions) == 1 or name == self.name else translated(name)
