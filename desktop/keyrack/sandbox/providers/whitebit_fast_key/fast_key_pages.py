"""The pages of WhiteBIT's sign-in for an API key: permission boxes, then two-factor."""

from collections.abc import Mapping
from html import escape
from string import Template

from keyrack.sandbox.pages.page_frame import Brand, choices, frame
from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, READING

CODE = "123456"
BRAND = Brand("WhiteBIT", "WB", "#2c4bd8", "#93a8ff")

GATES = {
    "2fa": ("Two-factor is off", "Switch it on in your security settings first. Nothing was sent to Keyrack."),
    "kyc": ("Verification needed", "Verify your identity on your main account first. Nothing was sent to Keyrack."),
    "region": (
        "Not available",
        "API keys are not offered for your account. Ask the support. Nothing was sent to Keyrack.",
    ),
    "key": (
        "There is a key already",
        "Delete it in your settings first (partner_key_active_exists). Nothing was sent to Keyrack.",
    ),
}

_CONSENT = Template("""<h1>Keyrack asks for access</h1>
<p class="second">It may let you make an API key, read that key, and delete it.</p>
<form method="post" target="_blank"><input type="hidden" name="ask" value="$number">
<fieldset><legend>Account</legend>$accounts</fieldset>
<div class="answers"><button class="plain" name="answer" value="refuse">Refuse</button>
<button class="filled" name="answer" value="approve">Agree</button></div></form>
<p class="second">Once you have agreed, come back to this page and <a rel="next" href="/api-keys/new?ask=$number">make
the key</a>.</p>""")

_RIGHTS = Template("""<h1>Keyrack asks for an API key</h1>
<p class="second">Choose what the key may do. You can only change it by making a new key.</p>
<form method="post"><input type="hidden" name="ask" value="$number">
$accounts
<fieldset><legend>Permissions</legend>$boxes</fieldset>
<div class="answers"><button class="plain" name="answer" value="refuse">Refuse</button>
<button class="filled" name="answer" value="approve">Continue</button></div></form>""")

_BOX = Template("""<label class="choice"><span><b>$title</b><small>$says</small></span>
<input type="checkbox" name="allow_$name" value="yes" $checked></label>""")

_SECOND_FACTOR = Template("""<h1>Confirm that it is you</h1>
<p class="second">Enter the code of your authenticator. In this stand-in it is always $code.</p>
<p class="no">$problem</p>
<form method="post"><input type="hidden" name="ask" value="$number">
<fieldset><legend>Code</legend><input class="typed" name="totp" placeholder="$code" inputmode="numeric"
autocomplete="off" autofocus></fieldset>$warning
<div class="answers"><button class="filled" name="answer" value="approve" style="order:2">Make the key</button>
<button class="plain" name="answer" value="refuse">Refuse</button></div></form>""")  # Enter presses the first button

_WARNING = """<fieldset><legend>Withdrawals</legend><label class="choice"><span><b>I understand the danger</b>
<small>Whoever holds this key can send your money away.</small></span>
<input type="checkbox" name="understood" value="yes"></label></fieldset>"""


def consent_page(accounts: Mapping[str, Person], number: str) -> str:
    """The first page: which account agrees. The key is made on a page of its own after that (Q19)."""
    content = _CONSENT.substitute(number=escape(number), accounts=choices(accounts))
    return frame(BRAND, "Keyrack asks for access", content)


def rights_page(accounts: Mapping[str, Person], number: str) -> str:
    """The permissions. Those that only read are ticked. The older order chooses the account here too."""
    boxes = "".join(
        _BOX.substitute(
            name=name,
            title=escape(title),
            says="can move money" if risky else "reads only",
            checked="checked" if name in READING else "",
        )
        for name, (title, _, risky) in GROUPS.items()
    )
    chosen = f"<fieldset><legend>Account</legend>{choices(accounts)}</fieldset>" if accounts else ""
    content = _RIGHTS.substitute(number=escape(number), accounts=chosen, boxes=boxes)
    return frame(BRAND, "Keyrack asks for an API key", content)


def second_factor_page(number: str, problem: str, *, withdraws: bool) -> str:
    """The second page, which is always shown. The right to withdraw needs one more box."""
    content = _SECOND_FACTOR.substitute(
        number=escape(number), code=CODE, problem=escape(problem), warning=_WARNING if withdraws else ""
    )
    return frame(BRAND, "Confirm that it is you", content)
