# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
mkdir empty other
echo 'int main(void) { return 0; }' >other/main.c
refuses "empty" scan empty
refuses "other" scan other
refuses "missing" scan missing
refuses "missing: " scan missing --only modules
refuses "mini.h" scan tree/mini.h
refuses "nginx" scan tree --host nginx
refuses "no_such_variable" scan tree --set no_such_variable=1
