"""What can be made to go wrong at one of the services that are open today, beside what works everywhere."""

WITHDRAWN = {"withdrawn": "refuses every access token as if it had been withdrawn"}

_DROPPED = {
    "state:dropped": "the redirect carries no state",
    "state:foreign": "the redirect carries somebody else's state",
    "refusal:silent": "a refusal never returns to the application",
}

LIVING_ENDPOINTS: dict[str, tuple[str, ...]] = {
    "gemini": ("authorize", "consent", "token", "balances", "prices"),
    "deribit": ("token", "summaries", "prices", "ws", "ws.summaries", "ws.subscribe", "ws.push"),
    "kraken": ("authorize", "consent", "token", "key", "balances", "prices"),
    "uphold": ("authorize", "consent", "token", "cards", "prices"),
    "alpaca": ("authorize", "consent", "token", "account"),
}

LIVING_MODES: dict[tuple[str, str], dict[str, str]] = {
    ("gemini", "authorize"): _DROPPED,
    ("gemini", "token"): {"refused": "refuses code and refresh token: invalid_grant"},
    ("gemini", "balances"): WITHDRAWN,
    ("deribit", "token"): {"refused": "refuses the key: invalid_credentials"},
    ("deribit", "summaries"): WITHDRAWN,
    ("deribit", "ws.summaries"): {
        "refused": "13009: the token is not good",
        "busy": "10028: too many requests",
    },
    ("kraken", "authorize"): _DROPPED,
    ("kraken", "token"): {"refused": "refuses code and refresh token: invalid_grant"},
    ("kraken", "key"): WITHDRAWN,
    ("kraken", "balances"): {
        "keys:gone": "forgets every key first, as if the person had deleted them",
        "figures:text": "figures as text instead of numbers",
    },
    ("uphold", "authorize"): _DROPPED,
    ("uphold", "token"): {"refused": "refuses the client: invalid_client"},
    ("uphold", "cards"): {**WITHDRAWN, "pages:2": "two cards on a page"},
    ("alpaca", "authorize"): _DROPPED,
    ("alpaca", "token"): {"refused": "refuses the client: invalid_client"},
    ("alpaca", "account"): WITHDRAWN,
}
