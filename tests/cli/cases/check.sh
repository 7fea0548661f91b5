# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
echo 'route { }' >mini.cfg
exits 0 check mini.cfg
shows "0 findings in mini.cfg" check mini.cfg
printf '#!ifdef WITH_X\nloadmodule "x"\n#!endif\n' >mini.cfg
exits 0 check mini.cfg
exits 1 check mini.cfg -A WITH_X
shows "mini.cfg:2:1: error: the module x cannot be loaded [module-missing]" check mini.cfg --define WITH_X
shows '"line":2' check mini.cfg -A WITH_X --format json
shows '"startLine":2' check mini.cfg -A WITH_X --format sarif
exits 0 check mini.cfg -A WITH_X --fail-on never
exits 0 check mini.cfg -A WITH_X --rule rand-before-fork
# What is no module is not loaded, and harms nobody.
mkdir modules
echo nothing >modules/x.so
shows "not an ELF file" check mini.cfg -A WITH_X --modules modules
cp mini.cfg other.cfg
exits 1 check other.cfg -A WITH_X # the only host that has configurations
exits 1 check other.cfg -A WITH_X --host mini -o report
[ -s report ] || wrong "no report"
