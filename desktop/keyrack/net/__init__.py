"""Bytes in and out: the HTTP client, the HTTP/1.1 server, and the type that never shows itself."""
