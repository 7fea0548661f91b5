# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "missing" rules --rules-dir missing
refuses "missing.yaml" rules --pack missing.yaml

# One more rule, and one with a mistake: file:line:column.
sed 's/rand-before-fork/one-more/' "$INITORDER_RULES/checks/rand-before-fork.yaml" >one-more.yaml
shows "one-more" rules --pack one-more.yaml
mkdir mistake
sed 's/^title:/titel:/' one-more.yaml >mistake/one-more.yaml
refuses "mistake/one-more.yaml:3:1: " scan tree --pack mistake/one-more.yaml
INITORDER_RULES=missing-too
refuses "missing-too" rules
exits 0 rules --rules-dir "$here/mini/rules"
