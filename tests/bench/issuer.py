"""A provider with TLS that gives a token to every client: `python issuer.py FOLDER LIFETIME` runs it."""

import json
import ssl
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import trustme

AUTHORITY = "authority.pem"


class Issuer(BaseHTTPRequestHandler):
    """Discovery, a token endpoint that counts, the count at `/given`, and when the last was sent at `/written`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    base = ""
    lifetime = 0
    numbers = count(1)
    given = 0
    written = 0.0

    def do_GET(self) -> None:
        """What oidc-agent wants to know (without `scopes_supported` it stops), or what is counted."""
        if self.path in ("/given", "/written"):
            self._answer({"given": Issuer.given, "written": Issuer.written})
            return
        base = Issuer.base
        addresses = {"issuer": f"{base}/", "token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/ask"}
        scopes = {"scopes_supported": ["openid", "offline_access"], "response_types_supported": ["code"]}
        self._answer({**addresses, **scopes, "grant_types_supported": ["refresh_token", "authorization_code"]})

    def do_POST(self) -> None:
        """A token, and a new refresh token with it."""
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        number = Issuer.given = next(Issuer.numbers)
        token: dict[str, Any] = {"access_token": f"invented-access-token-{number}", "token_type": "Bearer"}
        self._answer({**token, "expires_in": Issuer.lifetime, "refresh_token": f"invented-refresh-token-{number}"})
        self.wfile.flush()
        Issuer.written = time.monotonic()

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, text: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until the process is ended."""
    folder, Issuer.lifetime = Path(sys.argv[1]), int(sys.argv[2])
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(folder / AUTHORITY))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Issuer.base = f"https://localhost:{server.server_port}"
    print(Issuer.base, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
