"""What can be made to go wrong on a WebSocket.

The endpoint `ws` is the handshake of a WebSocket. What begins with `ws.` is a message on it, which `*` leaves alone:

    reset           the connection is reset instead of the message
    silence         nothing comes from now on, also no pong
    delay:3         the message comes 3 seconds later
    body:TEXT       TEXT is sent instead
    big             2 MiB are sent instead
    malformed       half of the message is sent
"""

MESSAGES = "ws."
IN_MESSAGES = {
    "reset": "resets the connection",
    "silence": "says nothing from now on, not even a pong",
    "delay:3": "says it 3 seconds later",
    'body:{"odd":NaN}': "sends this text instead",
    "big": "sends 2 MiB instead",
    "malformed": "sends JSON cut in half",
}

STREAM_MODES: dict[tuple[str, str], dict[str, str]] = {
    ("probit", "ws.authorization"): {
        "refused": "refuses the token: errorCode UNAUTHORIZED",
        "refused:result": "refuses the token: an authorization whose result is not ok",
        "busy": "errorCode RATE_LIMIT_EXCEEDED, without a channel (Q12)",
    },
    ("probit", "ws.subscribe"): {
        "refused": "errorCode INVALID_ARGUMENT, without a channel (Q12)",
        "bare": "the snapshot has no reset (Q11)",
    },
    ("probit", "ws.push"): {
        "error": "errorCode UNAVAILABLE with an empty message, of no request (Q12, Q13)",
        "bare": "what changed comes without reset (Q11)",
    },
}
