# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# `rules --check`: nothing to say of a good pack, 1 for one that means little, 2 for one that cannot be used.
. "$2/expect.sh"

printf 'library: good\nabout: "g"\nfunctions:\n  - {name: g, opaque: true, source: "g(3)"}\n' >good.yaml
printf 'library: idle\nabout: "i"\nfunctions:\n  - {name: i, source: "i(3)"}\n' >idle.yaml
printf 'library: bad\nabot: "b"\nfunctions:\n  - {name: b, opaqe: true, source: "b(3)"}\n' >bad.yaml
mkdir folder
cp good.yaml idle.yaml folder

exits 0 rules --check good.yaml
grep -q '^0 errors, 0 warnings, 0 notes in 1 pack$' logs/out || wrong "no count"
exits 1 rules --check idle.yaml
grep -q "^idle.yaml:4: warning: nothing is said of 'i'" logs/out || wrong "no warning"
exits 1 rules --check folder
exits 2 rules --check bad.yaml
grep -q "^bad.yaml:2:1: error: unknown key 'abot'" logs/out || wrong "not the first mistake"
grep -q "^bad.yaml:4:15: error: unknown key 'opaqe'" logs/out || wrong "not the second mistake"
exits 2 rules --check missing.yaml
refuses "excludes" rules --check good.yaml some-rule
