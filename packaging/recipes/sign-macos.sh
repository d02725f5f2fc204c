#!/bin/sh
# Signs and notarises the bundle on a Mac: sign-macos.sh keyrack-VERSION-macos-arm64.zip IDENTITY PROFILE
# IDENTITY is a "Developer ID Application" certificate in the keychain, PROFILE a profile of notarytool.
# Nobody has run this. It is written from the manual pages of codesign, notarytool and stapler.
set -eu
packed=$1 identity=$2 profile=$3
folder=$(mktemp -d)
ditto -x -k "$packed" "$folder"
bundle="$folder/Keyrack.app"
sign() { codesign --force --timestamp --options runtime --sign "$identity" "$@"; }
# From the inside to the outside: libraries, frameworks, the Python with its entitlements, then the bundle.
find "$bundle" -type f \( -name '*.so' -o -name '*.dylib' \) \
    -exec codesign --force --timestamp --options runtime --sign "$identity" {} +
for framework in "$bundle"/Contents/Resources/python/lib/python3.*/site-packages/PySide6/Qt/lib/*.framework; do
    sign "$framework"
done
sign --entitlements "$(dirname "$0")/macos.entitlements" "$bundle"/Contents/Resources/python/bin/python3.*
sign "$bundle"
codesign --verify --deep --strict "$bundle"
ditto -c -k --keepParent "$bundle" "$folder/notarise.zip"
xcrun notarytool submit "$folder/notarise.zip" --keychain-profile "$profile" --wait
xcrun stapler staple "$bundle"
spctl --assess --type execute "$bundle"
ditto -c -k --keepParent "$bundle" "signed-$(basename "$packed")"
