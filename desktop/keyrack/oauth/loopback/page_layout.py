"""The HTML of the redirect listener's pages: one card, light and dark, without a script."""

from enum import Enum
from html import escape

from keyrack.language.translation import tr

STYLE = """
:root{color-scheme:light dark;--ground:#F5F6F8;--surface:#FFFFFF;--line:#E2E5EA;--text:#16191D;--second:#59616B;
--accent:#2F5BEA;--fresh:#1B7A48;--urgent:#B93127;--off:#646B75;--shadow:0 8px 32px #16191d14}
@media (prefers-color-scheme:dark){:root{--ground:#131519;--surface:#1B1E24;--line:#2B2F37;--text:#ECEEF1;
--second:#A3ABB5;--accent:#86A2FF;--fresh:#4CC38A;--urgent:#FF8178;--off:#98A0AA;--shadow:none}}
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{display:flex;align-items:center;justify-content:center;padding:24px;background:var(--ground);color:var(--text);
font:400 15px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
main{width:100%;max-width:420px;padding:40px 32px 32px;background:var(--surface);border:1px solid var(--line);
border-radius:10px;box-shadow:var(--shadow);text-align:center}
.mark{display:block;margin:0 auto 24px;width:56px;height:56px;fill:none;stroke:currentColor;stroke-width:3;
stroke-linecap:round;stroke-linejoin:round}
.good{color:var(--fresh)}.bad{color:var(--urgent)}.next{color:var(--accent)}.off{color:var(--off)}
h1{margin:0 0 8px;font-size:20px;line-height:1.3;font-weight:600}
p{margin:0;color:var(--second);text-wrap:balance}
footer{display:flex;align-items:center;justify-content:center;gap:8px;margin-top:32px;padding-top:16px;
border-top:1px solid var(--line);color:var(--second);font-size:13px}
footer svg{width:20px;height:20px;fill:none;stroke:var(--accent);stroke-width:1.5;stroke-linecap:round;
stroke-linejoin:round}
"""

_RING = '<circle cx="28" cy="28" r="25"/>'
_RACK = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M1.5 3h13M4 3v2M8 3v2.5M12 3v2"/><circle cx="8" cy="7.3" \
r="1.8"/><path d="M8 9.1v5.4M8 12h1.8M8 14.5h1.8"/></svg>'


class Mark(Enum):
    """The drawing above the title. Its shape and colour say the same as the words."""

    GOOD = ("good", '<path d="M18 28.5l7 7 14-15"/>')
    BAD = ("bad", '<path d="M28 16v15"/><circle cx="28" cy="39" r="2.2" fill="currentColor" stroke="none"/>')
    NEXT = ("next", '<path d="M18 28h19M30 20.5l7.5 7.5-7.5 7.5"/>')
    OFF = ("off", '<path d="M19 28h18"/>')


def document(mark: Mark, title: str, text: str, language: str) -> bytes:
    """A whole page in UTF-8. The words are constants of this program, and `language` is theirs, such as "ko"."""
    name, drawing = mark.value
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)} · Keyrack</title><style>{STYLE}</style></head><body><main>"
        f'<svg class="mark {name}" viewBox="0 0 56 56" aria-hidden="true">{_RING}{drawing}</svg>'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p>"
        f"<footer>{_RACK}<span>Keyrack · {escape(tr('you can close this page'))}</span></footer></main></body></html>\n"
    ).encode()
