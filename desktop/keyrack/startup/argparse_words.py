"""Has argparse speak the language of this moment: what it says by itself, in its help and of a mistake."""

import argparse

from keyrack.language.translation import mark, translated

# What the parsers of Keyrack can say, with argparse's own places in it.
WORDS = (
    mark("usage: "),
    mark("options"),
    mark("positional arguments"),
    mark("show this help message and exit"),
    mark("%(prog)s: error: %(message)s\n"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("unrecognized arguments: %s"),
    mark("expected one argument"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
    mark("invalid %(type)s value: %(value)r"),
    mark("ambiguous option: %(option)s could match %(matches)s"),
    mark("ignored explicit argument %r"),
    mark("not allowed with argument %s"),
)


def translate_argparse() -> None:
    """Put our catalogues in the place of those that gettext would look for on the system, and does not find."""
    setattr(argparse, "_", translated)  # noqa: B010  the type of the module does not know it
