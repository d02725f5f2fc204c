"""The script among the arguments of an interpreter, as each of them reads its options."""

import shlex

import pytest

from keyrack.broker.caller.interpreters import family, grammar_of, is_host
from keyrack.broker.caller.script_argument import ScriptArgument, script_in

pytestmark = pytest.mark.security("S92")


def found(command: str) -> ScriptArgument:
    name, *arguments = shlex.split(command)
    grammar = grammar_of(family(name))
    assert grammar is not None
    return script_in(arguments, grammar)


@pytest.mark.parametrize(
    "command",
    [
        "python3.11 bot.py -c x",
        "python3 -u -W error -X utf8 -Werror bot.py",
        "python3 -OOuX dev bot.py",
        "python3 --check-hash-based-pycs always bot.py",
        "python3 -- bot.py",
        "pypy3 -I bot.py",
        "node --require dotenv/config --max-old-space-size=4096 --enable-source-maps bot.py",
        "node18 -r a -r b bot.py",
        "deno run -A --allow-net=example.com -c deno.json bot.py",
        "deno run -R=data bot.py",
        "bun --smol run bot.py",
        "ruby3.1 -w -I lib -rjson bot.py",
        "perl -w -Mstrict -I lib -Ilib bot.py",
        "php8.2 -d memory_limit=1G -n bot.py",
        "php -f bot.py",
        "php -fbot.py",
        "lua5.4 -l socket -W bot.py",
        "java -Xmx1g -cp a:b -ea -Dx=y -jar bot.py more",
        "julia bot.py",
        "/bin/bash -eu -o pipefail --norc bot.py",
    ],
)
def test_the_script_is_found_behind_the_options(command: str) -> None:
    assert found(command) == ScriptArgument("bot.py", certain=True)


def test_a_java_source_is_a_script_and_a_class_is_none() -> None:
    assert found("java -cp lib --source 17 Bot.java") == ScriptArgument("Bot.java", certain=True)
    assert found("java -cp lib org.example.Bot") == ScriptArgument()


@pytest.mark.parametrize(
    "command",
    [
        "python3",
        "python3 -",
        "python3 -c 'import x' bot.py",
        "python3 -Ic 'import x' bot.py",
        "python3 -cimport bot.py",
        "python3 -V bot.py",
        "python3 -W",
        "python3 --",
        "node",
        "node -e x bot.js",
        "node -pe x bot.js",
        "node --eval=x bot.js",
        "node --eval x bot.js",
        "node inspect bot.js",
        "deno eval x",
        "deno task start",
        "bun x bot.js",
        "ruby -ne x bot.rb",
        "perl -lne x bot.pl",
        "perl -E x bot.pl",
        "php -r x bot.php",
        "php -S localhost:1 bot.php",
        "lua -e x bot.lua",
        "java -m a/b bot.java",
        "java --module=a/b bot.java",
        "bash -lc x bot.sh",
        "sh -s bot.sh",
    ],
)
def test_where_no_script_follows_none_is_found(command: str) -> None:
    assert found(command) == ScriptArgument()


@pytest.mark.parametrize(
    ("command", "module"),
    [("python3 -m bot -c x", "bot"), ("python3 -Im bot.main", "bot.main"), ("python3 -mbot bot.py", "bot")],
)
def test_a_module_is_told_and_is_no_script(command: str, module: str) -> None:
    assert found(command) == ScriptArgument(module=module)


@pytest.mark.parametrize(
    "command",
    [
        "python3 -Z bot.py",
        "python3 --new-option bot.py",
        "node --new-option bot.js",
        "perl -z bot.pl",
        "julia -t bot.jl",
    ],
)
def test_an_option_that_is_not_known_leaves_the_script_uncertain(command: str) -> None:
    """It may have a value, and then something else is the script."""
    assert not found(command).certain


@pytest.mark.parametrize(
    ("executable", "name"),
    [
        ("/usr/bin/python3.11", "python"),
        ("/opt/Python.app/Python", "python"),
        ("/usr/bin/python3.11 (deleted)", "python"),
        ("/usr/bin/lua5.4", "lua"),
        ("/usr/bin/nc.openbsd", "nc"),
        ("/usr/bin/tclsh8.6", "tclsh"),
        ("/lib64/ld-linux-x86-64.so.2", "ld"),
        ("/usr/bin/[", ""),
        ("", ""),
    ],
)
def test_versions_do_not_hide_a_program(executable: str, name: str) -> None:
    assert family(executable) == name


def test_shells_and_those_who_do_as_they_are_told_are_hosts() -> None:
    hosts = ("bash", "dash", "fish", "curl", "wget", "socat", "sudo", "cron", "systemd", "timeout", "ssh", "ld", "gdb")
    assert [name for name in hosts if not is_host(name)] == []
    assert not any(is_host(name) for name in ("python", "node", "trader", "keyrack", ""))
