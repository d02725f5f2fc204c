"""The floor of a renewal: `python bare_post.py ADDRESS AUTHORITY COUNT PAUSE` prints the CPU milliseconds of one POST.

A bare httpx client sends each of them over the same connection and reads the JSON of the response. It pauses between
two of them, because a process that sleeps often uses more CPU for the same work.
"""

import asyncio
import ssl
import sys
import time

import httpx

WARM_UP = 20
FORM = {"grant_type": "refresh_token", "refresh_token": "invented-refresh-token"}


async def cost(address: str, authority: str, count: int, pause: float) -> float:
    """The milliseconds of CPU of one POST. `pause` is in seconds."""
    verify = ssl.create_default_context(cafile=authority)
    async with httpx.AsyncClient(verify=verify, trust_env=False) as client:
        for _ in range(WARM_UP):
            await client.post(f"{address}/token", data=FORM, auth=("invented", "invented"))
        before = time.process_time()
        for _ in range(count):
            await asyncio.sleep(pause)
            (await client.post(f"{address}/token", data=FORM, auth=("invented", "invented"))).json()
        return (time.process_time() - before) / count * 1000


def main() -> None:
    """Print the figure."""
    address, authority, count, pause = sys.argv[1:]
    print(asyncio.run(cost(address, authority, int(count), float(pause))))


if __name__ == "__main__":
    main()
