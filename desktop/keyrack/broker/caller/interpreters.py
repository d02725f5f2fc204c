"""The command-line options of each interpreter: which take a value, and after which no script follows."""

import re
from dataclasses import dataclass

_FAMILY = re.compile(r"[a-z]*")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The options of an interpreter.

    Options of one letter:
    `flags` have no value,
    `takes` have a value, either attached or in the next argument,
    `attached` take the rest of their argument as the value,
    `script` have the script as their value,
    `stops` are followed by no script.
    Whole options, where one with "=" stands alone:
    `longs` have no value,
    `valued` have a value in the next argument,
    `names` have the script in the next argument,
    `ends` are followed by no script.
    First words: `words` stand before a script, `others` stand instead of one.
    `suffix` is how file names of scripts end. `one_dash` means that long options begin with a single "-".
    """

    flags: str = ""
    takes: str = ""
    attached: str = ""
    stops: str = ""
    script: str = ""
    longs: frozenset[str] = frozenset()
    valued: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    suffix: str = ""
    one_dash: bool = False


def family(executable: str) -> str:
    """The program behind a file name: "python" for "/usr/bin/python3.11"."""
    found = _FAMILY.match(executable.rpartition("/")[2].lower())
    return found.group() if found else ""


def grammar_of(family: str) -> Grammar | None:
    """The options of an interpreter, or None for a program that is no interpreter."""
    return _GRAMMARS.get(family)


def is_host(family: str) -> bool:
    """Whether a program runs other programs' commands, so that the caller is unknown: shells, curl, sudo, cron."""
    return family in _HOSTS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SHELL = Grammar(
    flags="abefhiklmnprtuvxBCEHPT",
    takes="oO",
    stops="cs",
    longs=_set("--login --noprofile --norc --posix --restricted --verbose --noediting"),
    valued=_set("--rcfile --init-file"),
)
_PYTHON = Grammar(
    flags="bBdEiIOPqRsSuvx", takes="WX", stops="cmhV", valued=_set("--check-hash-based-pycs"), ends=_set("--version")
)
_NODE = Grammar(
    takes="rC",
    stops="epivh",
    longs=_set(
        "--abort-on-uncaught-exception --enable-source-maps --experimental-strip-types --experimental-transform-types "
        "--experimental-vm-modules --expose-gc --inspect --inspect-brk --no-deprecation --no-warnings "
        "--preserve-symlinks --throw-deprecation --trace-deprecation --trace-uncaught --trace-warnings "
        "--use-openssl-ca --use-system-ca --watch"
    ),
    valued=_set("--conditions --experimental-loader --import --loader --require"),
    ends=_set("--check --eval --interactive --print --run --test --version"),
    others=_set("inspect"),
)
_DENO = Grammar(
    flags="AqENRSWfr",
    takes="cL",
    longs=_set(
        "--allow-all --allow-env --allow-ffi --allow-import --allow-net --allow-read --allow-run --allow-sys "
        "--allow-write --cached-only --check --no-check --no-lock --no-npm --no-prompt --no-remote --quiet --watch"
    ),
    valued=_set("--cert --config --import-map --location --lock --log-level --seed"),
    words=_set("run"),
    others=_set("bench check compile eval fmt install jupyter lint lsp repl serve task test upgrade"),
)
_BUN = Grammar(
    flags="b",
    takes="r",
    longs=_set("--bun --hot --silent --smol --watch"),
    valued=_set("--cwd --preload --tsconfig-override"),
    stops="ep",
    words=_set("run"),
    others=_set("add build create exec init install repl test update upgrade x"),
)
_RUBY = Grammar(flags="adlnpsvwU01234567", takes="EIr", attached="FKTWix", stops="ecSh")
_PERL = Grammar(flags="acfglnpstTuUwWX01234567", takes="I", attached="CDFiMmx", stops="eEvVSh")
_PHP = Grammar(flags="CnqeH", takes="cdz", stops="aBEFhilmRrSstvw", script="f")
_LUA = Grammar(flags="EiW", takes="l", stops="ev")
_JAVA = Grammar(
    valued=_set(
        "-cp -classpath --class-path -p --module-path --add-modules --add-opens --add-exports --add-reads "
        "--limit-modules --upgrade-module-path --source --enable-native-access"
    ),
    longs=_set("-server -client -ea -da -esa -dsa --enable-preview -showversion --show-version"),
    ends=_set("-m --module -version --version -h -help --help -X"),
    names=_set("-jar"),
    suffix=".java",
    one_dash=True,
)
_PLAIN = Grammar()
_SHELLS = _set("ash bash busybox csh dash elvish fish ksh mksh nu pwsh rbash sh tcsh yash zsh")
_HOSTS = _SHELLS | _set(
    # They fetch or relay for the program that started them.
    "aria curl http https lynx nc ncat netcat openssl rsync socat ssh sshd telnet wget xh "
    # They start any program that their arguments name.
    "anacron atd bwrap catatonit cron crond dbus doas dumb entr env expect fd fdfind find firejail flatpak flock gdb "
    "init ld lldb ltrace make nice ninja nohup nsenter parallel pkexec qemu runsv runuser s screen script setpriv "
    "setsid strace su sudo supervisord systemd time timeout tini tmux unshare valgrind watch wine xargs "
    # They run any text that is typed or opened in them.
    "alacritty code dotnet electron emacs erl beam foot gawk git gnome konsole kitty mawk mono nvim octave r tilix "
    "vi vim wezterm xterm"
)
_GRAMMARS = {
    **dict.fromkeys(_SHELLS, _SHELL),
    **dict.fromkeys(_set("python pypy micropython"), _PYTHON),
    **dict.fromkeys(_set("node nodejs"), _NODE),
    **dict.fromkeys(_set("lua luajit"), _LUA),
    **dict.fromkeys(_set("gjs guile julia qjs racket tclsh wish"), _PLAIN),
    "deno": _DENO,
    "bun": _BUN,
    "ruby": _RUBY,
    "perl": _PERL,
    "php": _PHP,
    "java": _JAVA,
}
