# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
exits 0 rules
shows "rand-before-fork      warning  Random" rules
shows "wipe-before-fork-too  note     Wiping" rules
exits 0 rules rand-before-fork
shows "  why     Every worker would share it." rules rand-before-fork
shows "          }" rules rand-before-fork
shows "  source  mini.h" rules rand-before-fork
