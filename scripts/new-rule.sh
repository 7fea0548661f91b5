#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Begins a rule: its YAML, which is its page too, and a test that fails until the rule says what it is meant to say.
# usage: scripts/new-rule.sh ID EFFECT     (scripts/new-rule.sh curl-before-fork curl.init)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/scripts/common.sh"

[ $# -eq 2 ] || fail "usage: scripts/new-rule.sh ID EFFECT" "ID is the rule's name, as in curl-before-fork" \
  "EFFECT is what it forbids, as in curl.init; the packs in rules/ name the effects that there are"
id=$1
effect=$2
case $id in
*[!a-z0-9-]* | -* | '') fail "'$id' is no name for a rule: small letters, digits and '-'" ;;
esac
case $effect in
*[!a-z0-9.-]* | '') fail "'$effect' is no name for an effect: small letters, digits, '.' and '-'" ;;
esac
rule=$root/rules/checks/$id.yaml
fixture=$root/tests/analyzer/fixtures/rules/$id.c
for file in "$rule" "$fixture"; do
  [ ! -e "$file" ] || fail "$file is there already"
done

cat >"$rule" <<END
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
id: $id
title: "TODO: what is done too early, in one line"
severity: warning
why: >-
  TODO: what goes wrong, and how it shows.
fix: >-
  TODO: where to do it instead.
example: |
  static int mod_init(void)
  {
      return todo();
  }
sources:
  - "TODO: an issue, a commit or a manual"
patterns:
  - match: {effects: [$effect], process: main, before-fork: true}
    says: "'{call}' TODO in {phase}"
END
cat >"$fixture" <<END
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// TODO: what the rule finds in mod_init(), and why child_init() may do the same.
// run: --rule $id
#include "../../core/sr_module.h"

static int mod_init(void) {
  return todo(); // expect: $id "'todo'"
}

static int child_init(int rank) {
  return rank > 0 ? todo() : 0; // silent: each worker does its own. PROC_INIT is the main process, before fork
}

struct module_exports exports = {"todo", 0, 0, mod_init, child_init};
END
cat <<END
rules/checks/$id.yaml                      replace each TODO
tests/analyzer/fixtures/rules/$id.c        replace todo() by a function that has the effect $effect; it fails until then
then   initorder rules --check rules/checks/$id.yaml
       initorder rules $id                       # its page
       cmake build && ctest --test-dir build -R rules.$id
END
