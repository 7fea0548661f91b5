# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "'server' is no process id" attach server
refuses "process 999999999: there is no such process" attach 999999999
refuses "--until up: a server that is attached to is up already" attach --until up $$
refuses "--until: no phase is called 'mod-inti'; nearest known: 'mod-init'" attach --until mod-inti $$
refuses "no host pack is called 'maxi'" attach --host maxi $$
refuses "missing/t: cannot be written" attach -o missing/t $$

# A process that cannot be attached to: an old trace stays.
echo precious >t
refuses "there is no such process" attach -o t 999999999
[ "$(cat t)" = precious ] || wrong "the old trace is gone"
