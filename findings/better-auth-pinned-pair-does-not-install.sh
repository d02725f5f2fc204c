#!/usr/bin/env bash
# better-auth 1.7.5 and its OAuth provider 1.7.5, both pinned exactly, cannot be installed by npm.
#
# The provider wants @better-auth/core as a peer of ^1.7.5 and @better-auth/utils as a peer of exactly 0.4.2. npm takes the
# newest core that fits, which in turn wants a newer "better-call" and utils than the provider's exact peers allow, and
# gives up with ERESOLVE. So pinning the two packages that a project uses is not enough: the version that once worked
# stops installing when a newer core comes out. Pinning @better-auth/core and @better-auth/utils as well makes it install.
# A provider's own lock file protects its author and not those who follow the documentation's `npm install`.
#
# Seen with npm 11.19.1, on 2026-11-29:
#   the two packages: ERESOLVE
#   with @better-auth/core 1.7.5 and @better-auth/utils 0.4.2: resolved
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
resolved() {
  rm -rf "$folder/try" && mkdir "$folder/try" && cd "$folder/try"
  echo '{"private": true}' > package.json
  if said=$(npm install --package-lock-only --ignore-scripts --no-audit --no-fund "$@" 2>&1); then echo resolved
  elif grep -q ERESOLVE <<<"$said"; then echo ERESOLVE
  else echo "$said"; fi
}
two=$(resolved better-auth@1.7.5 @better-auth/oauth-provider@1.7.5)
four=$(resolved better-auth@1.7.5 @better-auth/oauth-provider@1.7.5 @better-auth/core@1.7.5 @better-auth/utils@0.4.2)
echo "the two packages: $two"
echo "with @better-auth/core 1.7.5 and @better-auth/utils 0.4.2: $four"
[[ $two == ERESOLVE && $four == resolved ]] || { echo "this has changed" >&2; exit 1; }
