#!/usr/bin/env bash
# segno 1.6.6 puts one zero codeword between the data and the pad codewords of a QR code.
#
# ISO/IEC 18004, 7.4.10: a bit stream that ends on a codeword boundary is followed by the pad codewords EC and 11 at
# once. segno then adds eight padding bits where none are due, so every symbol with free space differs from the one of
# another encoder, although version, level, mode and mask are the same. Decoders stop at the terminator and read both.
# Where the data fill the symbol, both encoders agree to the module. So a known picture of another encoder can check a
# symbol of segno only for text that fills its version.
#
# Seen with segno 1.6.6 and qrcode 8.2 (byte mode, level M, mask 0):
#   14 bytes, version 1: same
#   13 bytes, version 1: 48 modules differ
#   26 bytes, version 2: same
#   20 bytes, version 2: 112 modules differ
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check segno==1.6.6 qrcode==8.2
"$folder/env/bin/python" - <<'PYTHON'
import sys

import qrcode
import segno
from qrcode.util import MODE_8BIT_BYTE, QRData


def of_segno(text, version):
    made = segno.make(text, version=version, error="m", mode="byte", boost_error=False, mask=0)
    return [list(row) for row in made.matrix]


def of_qrcode(text, version):
    made = qrcode.QRCode(version=version, error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=0, border=0)
    made.add_data(QRData(text, mode=MODE_8BIT_BYTE))
    made.make(fit=False)
    return [[int(module) for module in row] for row in made.modules]


def differing(length, version):
    one, other = of_segno("x" * length, version), of_qrcode("x" * length, version)
    return sum(a != b for row, column in zip(one, other) for a, b in zip(row, column))


seen = {(length, version): differing(length, version) for length, version in ((14, 1), (13, 1), (26, 2), (20, 2))}
for (length, version), count in seen.items():
    print(f"{length} bytes, version {version}: {f'{count} modules differ' if count else 'same'}")
expected = {(14, 1): 0, (13, 1): 48, (26, 2): 0, (20, 2): 112}
sys.exit(0 if seen == expected else "this has changed")
PYTHON
