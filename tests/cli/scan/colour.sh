# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
escape=$(printf '\033')
shows "$escape" scan tree --color always
exits 1 scan tree
! grep -qF "$escape" logs/out || wrong "colour without a terminal"
