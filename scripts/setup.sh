#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: scripts/setup.sh build|test
# Installs by apt-get what a build, or a build with tests, stands on. Does nothing if all of it is there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/common.sh"

packages="cmake ninja-build g++ clang-19 libclang-19-dev llvm-19-dev libyaml-dev libfmt-dev nlohmann-json3-dev
  libcli11-dev libssl-dev dpkg-dev pkg-config libdw-dev libelf-dev libunwind-dev libzydis-dev"
case ${1-} in
  build) ;;
  # The lab's modules link OpenSSL and embed CPython; the SARIF of every test is held against its schema.
  test) packages="$packages libgtest-dev libgmock-dev python3 python3-dev python3-jsonschema openssl
    gdb musl-tools kamailio kamailio-tls-modules kamailio-python3-modules" ;;
  *) fail "usage: scripts/setup.sh build|test" ;;
esac

if ! command -v apt-get >/dev/null; then
  say "no apt-get here: whatever is missing, install it by hand (README.md lists what is needed)"
  exit 0
fi

missing=
for package in $packages; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=
elif command -v sudo >/dev/null; then
  as_root=sudo
else
  fail "packages are missing, and only root can install them" "run as root: apt-get install$missing"
fi

say "installing$missing"
apt() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 \
    -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}
# One archive of the machine that cannot be reached need not be one that is needed here: install decides.
apt update || say "apt-get update was not complete; going on"
# shellcheck disable=SC2086 # a list of names
apt install --no-install-recommends $missing ||
  fail "apt-get could not install what is missing; the reason stands above" \
    "needed:$missing" "they are in Debian 12 (bookworm), section main"
