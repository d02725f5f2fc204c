"""A day in twenty minutes: twenty accounts, thousands of renewals, and everything that may go wrong, at random.

Access tokens live for ten seconds. All refresh tokens live as long as documented, because Keyrack's own pauses and
timeouts are those of every day. An agent runs all the time, with its figures and streams. Every account begins with as
many lines of activity as are kept, so that these lists do not grow while the memory is looked at.
"""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from keyrack.core.accounts.activity import GIVEN, KEPT_LINES, Line, Notice
from keyrack.core.accounts.activity_files import ActivityFiles
from tests.campaigns import log_search, soak_table
from tests.campaigns.campaign import Options
from tests.campaigns.process_figures import Watch, look
from tests.campaigns.provider_trace import TracedSandbox
from tests.campaigns.running_keyrack import APP, KeyrackHome
from tests.campaigns.soak_callers import Callers, Place
from tests.campaigns.soak_person import Person
from tests.campaigns.soak_table import Day
from tests.campaigns.soak_weather import Weather
from tests.campaigns.table import Count

TITLE = "Soak"
SECONDS = 1200.0
_LIFETIME = 10
_FURTHER = {"whitebit": 6, "deribit": 4}
_CALLERS = 4
_STEP = 0.6
_SETTLING = 120.0
_LOOKS = 5.0
_STORED = ("whitebit", "gemini", "kraken")


def counted(home: Path, options: Options) -> list[Count]:
    """Run it. Twenty-three minutes at full length."""
    sandbox = TracedSandbox.traced("--cap-access", str(_LIFETIME))
    keyrack = KeyrackHome(home / "s", sandbox)
    try:
        keyrack.start("agent")
        day = _day(keyrack, sandbox, options)
        return [*soak_table.rows(day, options), *log_search.counted([keyrack.keyring.home], sandbox.secrets)]
    finally:
        keyrack.close()
        sandbox.close()


def _day(keyrack: KeyrackHome, sandbox: TracedSandbox, options: Options) -> Day:
    """The whole day, from the first sign-in to the end of the agent."""
    source = random.Random(options.seed)
    places = _places(keyrack, sandbox)
    _fill_activities(keyrack, places)
    weather = Weather(sandbox, source)
    person = Person(keyrack, weather, places, source)
    person.sign_in_everywhere()
    _settle(person)
    assert keyrack.process is not None
    pid = keyrack.process.pid
    before, files = look(pid, time.monotonic()), _sizes(keyrack)
    callers = Callers(keyrack, sandbox, weather, [place for place in places if "key" not in place.name], person.excused)
    callers.begin(_CALLERS, options.seed)
    watch = Watch(pid, _LOOKS)
    actions: list[tuple[int, Callable[[], None]]] = [
        (60, weather.change),
        (3, person.sign_out),
        (2, person.lock_for_a_while),
        (2, lambda: _restart_keyring(keyrack, source)),
        (1, lambda: shutil.rmtree(keyrack.socket.parent, ignore_errors=True)),
    ]
    began = time.monotonic()
    _live(person, actions, source, began + SECONDS * options.share)
    callers.end()
    watch.end()
    weather.clear()
    settled = _settle(person)
    renewals = sum(sandbox.renewals().values())
    after, ended = look(pid, time.monotonic()), keyrack.process.poll()
    code = keyrack.stop()
    return Day(
        renewals,
        callers.calls,
        person,
        weather,
        before,
        after,
        watch.looks,
        files,
        _sizes(keyrack),
        settled,
        ended,
        code,
    )


def _live(person: Person, actions: list[tuple[int, Callable[[], None]]], source: random.Random, ends: float) -> None:
    """Do one thing after another until the day is over. Print how far it is now and then."""
    weights, began, told = [weight for weight, _ in actions], time.monotonic(), 0
    while time.monotonic() < ends:
        source.choices([action for _, action in actions], weights)[0]()
        person.look()
        time.sleep(_STEP)
        minutes = int((time.monotonic() - began) / 60)
        if minutes > told:
            told = minutes
            print(f"  {told} minutes, {sum(person.lost.values())} sign-ins lost", flush=True)


def _settle(person: Person) -> bool:
    """Wait until every account is ready."""
    ends = time.monotonic() + _SETTLING
    while time.monotonic() < ends:
        if person.look():
            return True
        time.sleep(_STEP)
    print(f"  not ready: {'; '.join(person.unready)}", flush=True)
    return False


def _fill_activities(keyrack: KeyrackHome, places: list[Place]) -> None:
    """Give each account the most lines that are kept, as after days of use, while the agent does not run."""
    keyrack.stop()
    files = ActivityFiles(keyrack.keyring.home / f".local/state/{APP}")
    for place in places:
        caller = {"program": "bot.py", "place": "/srv/trading", "pid": "4711", "times": "2"}
        files.save(place.id, [Line(time.time() - n, Notice(GIVEN, caller)) for n in range(KEPT_LINES)])
    files.close()
    keyrack.start("agent")
    _until_up(keyrack)


def _places(keyrack: KeyrackHome, sandbox: TracedSandbox) -> list[Place]:
    """The sandbox's ready accounts, and further ones with clients of their own, so that limits are not shared."""
    _until_up(keyrack)
    for provider, number in _FURTHER.items():
        region = "test" if provider == "deribit" else "global"
        known = sandbox.client(provider, region)
        for n in range(number):
            client = {**known, "client_id": f"{known['client_id']}-{n}"}
            sandbox.ask("POST", "/clients", client)
            wanted = {"name": f"{provider} {n}", "provider": provider, "region": region}
            given = {name: client[name] for name in ("client_id", "client_secret", "redirect_uri") if client[name]}
            added = keyrack.ask("POST", "/v1/accounts", **wanted, **given, opt_in=True)
            assert "error" not in added, added
    accounts, ids = keyrack.ask("GET", "/v1/status")["accounts"], keyrack.ids()
    clients = keyrack.clients()
    return [
        Place(each["name"], each["provider"], ids[each["name"]], clients[each["name"]], each["provider"] in _STORED)
        for each in accounts
    ]


def _until_up(keyrack: KeyrackHome) -> None:
    ends = time.monotonic() + 60
    while not keyrack.account("Own provider by token"):  # the last of the ready accounts
        assert time.monotonic() < ends, "the agent did not start"
        time.sleep(0.1)


def _restart_keyring(keyrack: KeyrackHome, source: random.Random) -> None:
    """End the daemon of the keyring and start it again, as when a desktop's session has crashed."""
    keyrack.keyring.kill_daemon()
    time.sleep(source.uniform(0, 2))
    keyrack.keyring.start_daemon()


def _sizes(keyrack: KeyrackHome) -> dict[str, int]:
    """The sizes of the log and of the state folder, in bytes."""
    home = keyrack.keyring.home
    state = [path.stat().st_size for path in (home / f".local/state/{APP}").rglob("*") if path.is_file()]
    return {"log": (home / "agent.log").stat().st_size, "state": sum(state), "files": len(state)}
