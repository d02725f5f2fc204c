"""The floor of the command line: fetches one address over a Unix socket and prints the token, with `socket` alone."""

import socket
import sys


def main() -> None:
    """Print the token that the socket `argv[1]` gives for the path `argv[2]`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(sys.argv[1])
        client.sendall(f"GET {sys.argv[2]} HTTP/1.1\r\nHost: keyrack\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while more := client.recv(65536):
            answer += more
    print(answer.partition(b'"access_token":"')[2].partition(b'"')[0].decode())


if __name__ == "__main__":
    main()
