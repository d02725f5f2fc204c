"""The sandbox's pages: one frame and one style, tinted for each provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from string import Template

from keyrack.sandbox.pages.page_style import STYLE
from keyrack.sandbox.people.person import Person


@dataclass(frozen=True)
class Brand:
    """How a provider shows itself: its name, the letters of its tile, two accents, and what access means there."""

    name: str
    monogram: str
    light: str
    dark: str
    allows: tuple[str, ...] = ()
    denies: str = ""
    footer: str = ""


_FOOTER = "A stand-in for {} on this computer. Nothing here is real: no money, no files, no account."
_FRAME = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title><style>:root{--accent:$light}@media(prefers-color-scheme:dark){:root{--accent:$dark}}
$style</style></head><body>
<header><span class="tile">$monogram</span><strong>$name</strong><span class="badge">Sandbox</span></header>
<main>$content</main>
<footer>$footer</footer>
</body></html>
""")

_CONSENT = Template("""<h1>Keyrack asks for access</h1>
<p class="second">Choose the account it may read.</p>
<form method="post"><input type="hidden" name="ask" value="$number">
<fieldset><legend>Account</legend>$accounts</fieldset>
<section><h2>Keyrack will be able to</h2><ul class="yes">$allows</ul><p class="no">$denies</p></section>
<div class="answers"><button class="plain" name="answer" value="refuse">Refuse</button>
<button class="filled" name="answer" value="approve">Approve</button></div></form>""")

_CHOICE = Template("""<label class="choice"><input type="radio" name="account" value="$id" $checked>
<span class="round">$letter</span><span><b>$name</b><small>$email</small></span></label>""")

_GET_CODE = Template("""<h1>Get an access code</h1>
<p class="second">Choose whose files the application may read.</p>
<form method="post"><fieldset><legend>Account</legend>$accounts</fieldset>
<div class="answers"><button class="filled" name="answer" value="approve">Show a code</button></div></form>""")

_TYPE_CODE = """<h1>Connect a device</h1>
<p class="second">Type the code that the program shows.</p>
<form method="get"><fieldset><legend>Code</legend>
<input name="user_code" class="typed" autofocus autocomplete="off" required></fieldset>
<div class="answers"><button class="filled">Continue</button></div></form>"""

_CODE = Template("""<h1>Your access code</h1>
<p class="second">For $name. It works once, for the next minute.</p>
<output id="code">$code</output>
<p class="second">Paste it into Keyrack, then close this window.</p>""")


def frame(brand: Brand, title: str, content: str) -> str:
    """A whole page. `content` is HTML that is already escaped."""
    return _FRAME.substitute(
        title=escape(f"{title} · {brand.name} (Sandbox)"),
        name=escape(brand.name),
        monogram=escape(brand.monogram),
        footer=escape(brand.footer or _FOOTER.format(brand.name)),
        light=brand.light,
        dark=brand.dark,
        style=STYLE,
        content=content,
    )


def consent_page(brand: Brand, accounts: Mapping[str, Person], number: str) -> str:
    """The question: which account, and Approve or Refuse."""
    allows = "".join(f"<li>{escape(text)}</li>" for text in brand.allows)
    content = _CONSENT.substitute(
        number=escape(number), accounts=choices(accounts), allows=allows, denies=escape(brand.denies)
    )
    return frame(brand, "Keyrack asks for access", content)


def get_code_page(brand: Brand, accounts: Mapping[str, Person]) -> str:
    """Where a signed-in person asks for a one-time code."""
    return frame(brand, "Get an access code", _GET_CODE.substitute(accounts=choices(accounts)))


def type_code_page(brand: Brand) -> str:
    """Where a person types the code that a program shows."""
    return frame(brand, "Connect a device", _TYPE_CODE)


def code_page(brand: Brand, account: Person, code: str) -> str:
    """The one-time code, large enough to read out."""
    return frame(brand, "Your access code", _CODE.substitute(name=escape(account.name), code=escape(code)))


def notice_page(brand: Brand, title: str, text: str) -> str:
    """A page with a notice and no form."""
    return frame(brand, title, f'<h1>{escape(title)}</h1><p class="second">{escape(text)}</p>')


def choices(accounts: Mapping[str, Person]) -> str:
    """The accounts as radio buttons. The first is chosen."""
    return "".join(
        _CHOICE.substitute(
            id=escape(account_id),
            checked="" if number else "checked",
            letter=escape(account.name[0]),
            name=escape(account.name),
            email=escape(account.email),
        )
        for number, (account_id, account) in enumerate(accounts.items())
    )
