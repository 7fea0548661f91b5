# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "no command to trace" trace
refuses "no command to trace" trace -o t --
refuses "--until: no phase is called 'mod-inti'; nearest known: 'mod-init'" trace --until mod-inti -- true
refuses "no host pack is called 'maxi'" trace --host maxi -- true
refuses "--for: Value 0 not in range" trace --for 0 -- true
refuses "missing/t: cannot be written" trace -o missing/t -- true
refuses "unknown option '-f'" trace true -f

# A command that does not exist: an old trace stays.
echo precious >t
refuses "no-such-command" trace -o t -- no-such-command
[ "$(cat t)" = precious ] || wrong "the old trace is gone"
