# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# What runs on production hosts loads no compiler.
arguments=
status=0
ldd "$program" >logs/out 2>logs/err || status=$?
! grep -qiE 'llvm|clang' logs/out || wrong "LLVM is loaded"
