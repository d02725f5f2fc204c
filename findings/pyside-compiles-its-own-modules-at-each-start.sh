#!/usr/bin/env bash
# PySide6 6.11.3: every start compiles thirteen of Shiboken's own modules anew, and no byte code of them is ever kept.
#
# They lie in libshiboken as a zip of sources, because one library serves all versions of Python. The importer that
# reads it hands each source to compile(), so that neither compileall nor the first start of a program leaves anything
# for the next one. With SBK_EMBED=0 in the environment the library writes them into shiboken6/files.dir once, and from
# then on Python imports them from there like any other module, with byte code.
# So a package that is made once for many starts unfolds them, and compiles them with everything else.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   at first: 13 compiled, 0 from byte code
#   again: 13 compiled, 0 from byte code
#   unfolded by SBK_EMBED=0: 0 compiled, 13 from byte code
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check shiboken6==6.11.3
unset SBK_EMBED PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX
cat >"$folder/count.py" <<'PYTHON'
import sys

compiled = []
sys.addaudithook(lambda event, args: compiled.append(str(args[1])) if event == "compile" and args[0] else None)
import shiboken6  # noqa: E402

support = [module for name, module in sys.modules.items() if name.split(".")[0] == "shibokensupport"]
anew = [path for path in compiled if "shibokensupport" in path]
kept = [module for module in support if str(getattr(module, "__cached__", None)).endswith(".pyc")]
print(len(anew), "compiled,", len(kept), "from byte code")
PYTHON
python=$folder/env/bin/python
first=$("$python" "$folder/count.py")
again=$("$python" "$folder/count.py")
SBK_EMBED=0 "$python" "$folder/count.py" >/dev/null
unfolded=$("$python" "$folder/count.py")
printf 'at first: %s\nagain: %s\nunfolded by SBK_EMBED=0: %s\n' "$first" "$again" "$unfolded"
seen="13 compiled, 0 from byte code"
if [ "$first" != "$seen" ] || [ "$again" != "$seen" ] || [ "$unfolded" != "0 compiled, 13 from byte code" ]; then
    echo "this has changed" >&2
    exit 1
fi
