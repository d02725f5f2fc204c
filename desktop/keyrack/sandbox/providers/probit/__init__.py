"""ProBit's stand-in, as https://docs-en.probit.com/docs/authorization-1 says (ProBit Q1 to Q16).

A key gets a token by client credentials in JSON, balances are an array over HTTP and an object over the WebSocket, and
errors carry `errorCode`. Open `probit_stand_in.py` first, then `probit_push.py` for the WebSocket.
"""
