# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
ls tree/modules >logs/modules
module=$(head -1 logs/modules)
# Only what is loaded is judged.
echo "loadmodule \"$module\"" >mini.cfg
shows "finding" check mini.cfg --source tree
grep -qF "1 module" logs/out || wrong "expected one module"
echo 'loadmodule "elsewhere"' >mini.cfg
shows "0 findings" check mini.cfg --source tree
shows "the module elsewhere is not in this tree" check mini.cfg --source tree
echo 'a = 1' >mini.cfg
refuses "mini.cfg: loads no module" check mini.cfg --source tree
echo 'loadmodule "a"' >mini.cfg
refuses "none" check mini.cfg --source none
