"""The languages that Keyrack speaks, and which of them a person's system asks for."""

from collections.abc import Iterable, Mapping

from keyrack.language.translation import SOURCE

SYSTEM = "system"
# Each in its own words, so that who cannot read the others finds it.
LANGUAGES: Mapping[str, str] = {
    SOURCE: "English",
    "cs": "Čeština",
    "de": "Deutsch",
    "ko": "한국어",
    "uk": "Українська",
}


def best(wanted: Iterable[str]) -> str:
    """The first of these that Keyrack speaks, English where there is none. They look like "ko-KR" or "ko_KR.UTF-8"."""
    for tag in wanted:
        language = tag.replace("_", "-").partition("-")[0].partition(".")[0].lower()
        if language in LANGUAGES:
            return language
    return SOURCE


def of_environment(variables: Mapping[str, str]) -> str:
    """The language that the environment asks for, as GNU gettext finds it.

    LC_ALL, LC_MESSAGES and LANG are asked in this order. LANGUAGE goes before them, but not where they say "C".
    """
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := variables.get(name))), "C")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return SOURCE
    return best([*filter(None, variables.get("LANGUAGE", "").split(":")), locale])


def chosen(setting: str, system: str) -> str:
    """The language of a person who chose so in the settings, where the system asks for `system`."""
    return setting if setting in LANGUAGES else system


def accepted(header: str) -> str:
    """The language of a request's Accept-Language (RFC 9110 section 12.5.4), "" where it names none.

    The highest quality goes first. "*" names none, and neither does a quality of 0.
    """
    ranges = [part.partition(";") for part in header.split(",")]
    named = [(_quality(weight), tag.strip()) for tag, _, weight in ranges if tag.strip() not in ("", "*")]
    wanted = [tag for quality, tag in sorted(named, key=lambda each: -each[0]) if quality > 0]
    return best(wanted) if wanted else ""


def _quality(weight: str) -> float:
    """The quality of `q=0.5`, 1 where there is none that can be read."""
    name, _, value = weight.strip().partition("=")
    try:
        return float(value) if name.strip().lower() == "q" else 1.0
    except ValueError:
        return 1.0
