"""The style sheet of the sandbox's pages, light and dark."""

STYLE = """
:root{color-scheme:light dark;
--ground:#f5f6f8;--surface:#fff;--line:#e2e5ea;--text:#16191d;--second:#59616b;--good:#1b7a48;--on:#fff;--warn:#8a5800}
@media(prefers-color-scheme:dark){:root{--ground:#131519;--surface:#1b1e24;--line:#2b2f37;--text:#eceef1;
--second:#a3abb5;--good:#4cc38a;--on:#131519;--warn:#f0b445}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:40px 16px;display:flex;flex-direction:column;align-items:center;gap:16px;
background:var(--ground);color:var(--text);font:14px/1.5 system-ui,"Segoe UI",Cantarell,"DejaVu Sans",sans-serif}
header,main,footer{width:100%;max-width:440px}
header{display:flex;align-items:center;gap:10px;font-size:15px}
.tile{display:grid;place-items:center;width:32px;height:32px;border-radius:8px;background:var(--accent);color:var(--on);
font-weight:600;font-size:13px}
.badge{margin-left:auto;padding:2px 9px;border:1px solid var(--warn);border-radius:99px;color:var(--warn);
font-size:12px}
main{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:24px}
h1{margin:0;font-size:20px;font-weight:600;line-height:1.3}
h2{margin:20px 0 4px;font-size:13px;font-weight:600}
.second,small,footer,.no{color:var(--second)}
p{margin:4px 0 0}
fieldset{border:0;margin:20px 0 0;padding:0;display:grid;gap:8px}
legend{padding:0 0 6px;font-size:13px;font-weight:600}
.choice{display:flex;align-items:center;gap:12px;padding:10px 12px;border:1px solid var(--line);border-radius:7px;
cursor:pointer}
.choice:hover{border-color:var(--second)}
.choice:has(:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choice:focus-within{outline:2px solid var(--accent);outline-offset:2px}
.choice input{accent-color:var(--accent);margin:0;order:3;margin-left:auto;width:16px;height:16px}
.choice b{display:block;font-weight:600}
small{display:block;font-size:12.5px}
.round{display:grid;place-items:center;width:34px;height:34px;flex:none;border-radius:50%;background:var(--ground);
border:1px solid var(--line);font-weight:600}
ul{list-style:none;margin:0;padding:0}
.yes li{padding:2px 0 2px 24px;position:relative}
.yes li:before{content:"";position:absolute;left:5px;top:7px;width:5px;height:9px;border:solid var(--good);
border-width:0 1.5px 1.5px 0;transform:rotate(45deg)}
.no{margin-top:8px;font-size:12.5px}
.answers{display:flex;justify-content:flex-end;gap:8px;margin-top:24px;padding-top:16px;
border-top:1px solid var(--line)}
button{min-height:36px;padding:0 18px;border-radius:7px;border:1px solid var(--line);font:inherit;font-weight:600;
background:transparent;color:var(--text);cursor:pointer;transition:filter .14s,border-color .14s}
button:hover{border-color:var(--second);filter:brightness(1.06)}
button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.filled{background:var(--accent);border-color:var(--accent);color:var(--on)}
output{display:block;margin:20px 0 12px;padding:16px;border:1px dashed var(--second);border-radius:7px;
text-align:center;font:600 26px/1.2 ui-monospace,"DejaVu Sans Mono",monospace;letter-spacing:.12em;user-select:all}
footer{font-size:12px;text-align:center}
.typed{padding:12px;border:1px solid var(--line);border-radius:7px;background:var(--ground);color:var(--text);
font:600 20px/1.2 ui-monospace,"DejaVu Sans Mono",monospace;letter-spacing:.1em;text-align:center;
text-transform:uppercase}
.wide main,.wide header,.wide footer{max-width:860px}
.faults{width:100%;border-collapse:collapse;margin-top:4px;font-size:13px}
.faults td{padding:6px 8px 6px 0;border-top:1px solid var(--line);vertical-align:middle}
.faults td:last-child{text-align:right;padding-right:0;white-space:nowrap}
.faults form{margin:0}
.faults code{font:12.5px ui-monospace,"DejaVu Sans Mono",monospace}
.faults button{min-height:26px;padding:0 12px;font-size:12.5px}
.on td{color:var(--warn)}
details{border-top:1px solid var(--line);padding:10px 0}
summary{cursor:pointer;font-weight:600}
.row{display:flex;gap:8px;align-items:center;flex-wrap:wrap;margin-top:12px}
select{min-height:32px;border-radius:7px;border:1px solid var(--line);background:var(--surface);color:var(--text);
font:inherit;padding:0 8px;max-width:100%}
"""
