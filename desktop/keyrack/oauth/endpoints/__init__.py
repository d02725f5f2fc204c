"""The requests to a provider's token, device and revocation endpoints, and the reading of their responses.

The rule of the room: a secret travels only in a request's body or Authorization header, nothing is sent twice, and a
response is checked wholly before any of it is used. No text of a provider becomes more than a failure's detail.
Open `token_endpoint.py` first. `grants.py` builds the requests, `response_content.py`, `token_response.py` and
`error_response.py` read the responses, `device.py` is RFC 8628, and `revocation.py` is RFC 7009.
"""
