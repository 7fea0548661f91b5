# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
as_anyone
chmod 000 tree/modules/early/early.c
refuses "early.c" scan tree
chmod 000 tree
refuses "tree" scan tree
cp "$INITORDER_RULES/checks/rand-before-fork.yaml" secret.yaml
chmod 000 secret.yaml
refuses "secret.yaml" rules --pack secret.yaml
