"""The faults that every stand-in knows, at every endpoint and in every message of a WebSocket.

A fault is written `kind` or `kind:value`. These work at every endpoint of a provider (`*` is all of them):

    kind            what the client meets                                                     the request is
    status:503      this status and the provider's own error body                             not processed
    html:502        this status and an HTML page of a gateway                                 not processed
    retry:30        429 with `Retry-After: 30`, where any text may stand                      not processed
    closed          200 and an HTML notice that the service has ended                         not processed
    redirect:URL    302 to URL                                                                not processed
    body:TEXT       200 and TEXT as JSON, whatever it is                                      not processed
    big             200 and 2 MiB of JSON                                                     not processed
    bomb            200 and 200 KB of gzip that unpack to 200 MB                              not processed
    reset           the connection is reset                                                   not processed
    delay:3         the request waits 3 seconds before it is processed                        processed
    hold:3          the response waits 3 seconds after the request was processed              processed
    lost            the connection is reset instead of the response                           processed
    truncated       half of the response's bytes, then the end                                processed
    malformed       half of the response's JSON as a whole response                           processed
    drip            the response at one byte a second                                         processed
    down            (endpoint `*` only) the port refuses connections until the fault is off   -

The endpoint `ws` is the handshake of a WebSocket. An endpoint whose name begins with `ws.` is a message on it, which
`*` does not include. These work for every message:

    reset           the connection is reset instead of the message
    silence         nothing comes from now on, also no pong
    delay:3         the message comes 3 seconds later
    body:TEXT       TEXT is sent instead
    big             2 MiB are sent instead
    malformed       half of the message is sent
"""

EVERYWHERE = {
    "status:503": "answers 503 with the provider's own error",
    "html:502": "answers 502 with a gateway's HTML page",
    "retry:30": "answers 429 and asks to wait 30 seconds",
    "closed": "answers with the notice of a service that has ended",
    "redirect:https://example.org/": "sends the caller elsewhere",
    'body:{"odd":NaN}': "answers 200 with this text as JSON",
    "big": "answers with 2 MiB",
    "bomb": "answers with gzip that unpacks to 200 MB",
    "reset": "resets the connection before anything was done",
    "delay:3": "waits 3 seconds, then works",
    "hold:3": "works, and answers 3 seconds later",
    "lost": "works, and resets the connection instead of answering",
    "truncated": "breaks off half-way through the answer",
    "malformed": "answers with JSON cut in half",
    "drip": "answers one byte a second",
}
DOWN = {"down": "refuses connections"}

MESSAGES = "ws."
IN_MESSAGES = {
    "reset": "resets the connection",
    "silence": "says nothing from now on, not even a pong",
    "delay:3": "says it 3 seconds later",
    'body:{"odd":NaN}': "sends this text instead",
    "big": "sends 2 MiB instead",
    "malformed": "sends JSON cut in half",
}
