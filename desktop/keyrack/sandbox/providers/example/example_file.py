"""The provider file for the example exchange, as a person would write it for a provider of their own."""

from string import Template

from keyrack.sandbox.state.lifetimes import Lifetimes

SCOPE = "balances:read"
REFRESH = 3600

_TEXT = Template("""\
# The plain exchange of the sandbox: added with this file alone, as you would add your own.
# The sandbox writes it anew at each start.
id = "example"
name = "Example exchange"
monogram = "Ex"
documentation = "https://www.rfc-editor.org/rfc/rfc8628"
checked = 2026-11-21
scope = "$scope"
removal = "A token that could not be revoked ends by itself within ten minutes."

[regions.global]
name = "Example exchange"
issuer = "$base"
authorization_endpoint = "$base/oauth/authorize"
token_endpoint = "$base/oauth/token"
device_authorization_endpoint = "$base/oauth/device"
revocation_endpoint = "$base/oauth/revoke"
api = "$base/api/v1"
test = true

[flows.device_code]
title = "Code on another device"
credentials_help = "The client id is public, so there is no secret. In the sandbox it is sandbox-example."
needs_secret = false

[flows.authorization_code_pkce]
title = "Browser"
credentials_help = "The client id is public, so there is no secret. In the sandbox it is sandbox-example."
needs_redirect = true
needs_secret = false

[flows.refresh_token]
title = "Refresh token from the page"
credentials_help = "The sandbox's client id is sandbox-example. The page $base/tokens makes a token."
needs_secret = false

[dialect]
iss_required = true
refresh_lifetime = $refresh.0
revocation = "body"

[[balances]]
path = "/balances"
shape = "array"
rows = "balances"
asset = "asset"
available = "available"
total = "total"

[identity]
path = "/me"
field = "user.email"

[errors]
codes = ["error"]

[prices]
quote = "USDT"
dollar = "USDT"
path = "/prices"
shape = "keyed"
pairs = ["{base}/{quote}"]
fields = ["last"]
""")


def text(base: str, lifetimes: Lifetimes) -> str:
    """The file for an exchange at `base`."""
    return _TEXT.substitute(base=base, scope=SCOPE, refresh=lifetimes.refresh(REFRESH))
