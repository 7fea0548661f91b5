#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# usage: scripts/kamailio-source.sh [--cached]
# Prints the folder of Debian 12's Kamailio source, and gets it first unless --cached. Status 1: cannot be had.
# $INITORDER_KAMAILIO names one that is there already.
#
# apt-get gets a configuration of its own, with deb-src, its own lists and its own cache: the machine's is read (its
# mirror and proxy are kept), never written. The signature is checked with Debian's keyring.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/common.sh"

suite=bookworm
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
cache=${INITORDER_CACHE:-${XDG_CACHE_HOME:-${HOME:-$root}/.cache}/initorder}
kept=$cache/kamailio-$suite

if [ -n "${INITORDER_KAMAILIO-}" ]; then
  [ -d "$INITORDER_KAMAILIO/src/core" ] || fail "INITORDER_KAMAILIO=$INITORDER_KAMAILIO is not a Kamailio source tree"
  echo "$INITORDER_KAMAILIO"
  exit 0
fi
# `kept` is renamed into place when complete.
for tree in "$kept"/kamailio-*/; do
  if [ -d "$tree/src/core" ]; then
    echo "${tree%/}"
    exit 0
  fi
done
[ "${1-}" != --cached ] || exit 1

cannot() {
  printf 'no Kamailio source: %s\n' "$1" >&2
  exit 1
}
command -v apt-get >/dev/null || cannot "there is no apt-get here"
command -v dpkg-source >/dev/null || cannot "dpkg-source is missing (apt-get install dpkg-dev)"
[ -r "$keyring" ] || cannot "$keyring is missing (apt-get install debian-archive-keyring)"

mkdir -p "$cache"
work=$(mktemp -d "$cache/getting-kamailio.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/lists/partial" "$work/apt/archives/partial" "$work/tree"

# The hooks are for updates of the machine's own lists.
cat >"$work/apt.conf" <<EOF
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$work/lists";
Dir::Cache "$work/apt";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "30";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
EOF

get_from() {
  echo "deb-src [signed-by=$keyring] $1 $suite main" >"$work/sources.list"
  apt-get -q -c "$work/apt.conf" update </dev/null >&2 &&
    (cd "$work/tree" && apt-get -q -c "$work/apt.conf" source --only-source kamailio </dev/null >&2)
}

mirrors() {
  # shellcheck disable=SC2016 # apt-get fills these in
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    sed -n "s:/*$::; s/^$suite main //p" || true
  echo http://deb.debian.org/debian
}
for mirror in $(mirrors | awk '!seen[$0]++'); do
  say "getting Debian's Kamailio source from $mirror"
  if get_from "$mirror"; then
    rm -f "$work"/tree/*.tar.* "$work"/tree/*.dsc
    # Someone else may have been faster: then theirs is as good.
    mv -T "$work/tree" "$kept" 2>/dev/null || true
    "$0" --cached
    exit
  fi
done
cannot "no mirror gave it; the reason stands above"
