"""A plain client for the servers of this machine's tests."""

import ssl

import httpx


def plain_http(timeout: float = 5.0) -> httpx.Client:
    """A client that speaks HTTP to loopback. It trusts no authority, because to read the usual ones takes 20 ms."""
    return httpx.Client(trust_env=False, timeout=timeout, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
