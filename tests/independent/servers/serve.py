"""Runs in the environment of a server written in Python: serves the WSGI application of one folder on 127.0.0.1.

Arguments: the folder, and the redirect address that its clients register. The folder's `server.py` has
`application(base, redirect)`. Prints one line of JSON with the address when it accepts, and ends with its standard
input.
"""

import json
import runpy
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer


class Threaded(ThreadingMixIn, WSGIServer):
    """One thread for each request, so that a page may ask its own server."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Writes nothing about good requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


if __name__ == "__main__":
    folder, redirect = sys.argv[1:]
    server = Threaded(("127.0.0.1", 0), Quiet)
    base = f"http://127.0.0.1:{server.server_port}"
    server.set_app(runpy.run_path(f"{folder}/server.py")["application"](base, redirect))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"issuer": base}), flush=True)
    sys.stdin.read()
