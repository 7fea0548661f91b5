# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "no rule is called 'rand-before-frok'; nearest known: 'rand-before-fork'" scan tree --rule rand-before-frok
refuses "no rule is called 'rand'" rules rand
