# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# What is wrong with the configuration by itself is told beside what is wrong with the source.
cat >parameter-astray.yaml <<'END'
id: parameter-astray
title: "t"
severity: error
why: "w"
fix: "f"
example: "e"
sources: ["s"]
patterns: [{match: {effects: [parameter.no-module], process: main}, says: "no module takes {call}"}]
END
printf '%s\n' 'loadmodule "early"' 'modparam("nobody", "x", 1)' >mini.cfg
shows "$PWD/mini.cfg:2:1: error: no module takes nobody.x" check mini.cfg --source tree --pack parameter-astray.yaml
if grep -q "^  here " logs/out; then wrong "expected no word on headers"; fi
grep -qF "modules/early/early.c:7" logs/out || wrong "expected what stands in the source too"
# Whether a module is installed here says nothing of a tree.
exits 0 check mini.cfg --source tree --rule module-missing
