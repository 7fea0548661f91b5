# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "none.cfg: No such file or directory" check none.cfg
refuses "tree: not a file" check tree
printf 'a = 1\nloadmodule "x\n' >mini.cfg
refuses 'mini.cfg:2: this text is not closed: a " is missing' check mini.cfg
printf 'include_file "mini.cfg"\n' >mini.cfg
refuses "mini.cfg:1: more than 10 files include each other" check mini.cfg
echo 'a = 1' >mini.cfg
refuses "no host pack with a configuration is called 'maxi'; nearest known: 'mini'" check mini.cfg --host maxi
refuses "--modules: 'none' is no folder" check mini.cfg --modules none
refuses "--define: '=1' is not NAME or NAME=VALUE" check mini.cfg -A =1
refuses "no rule is called 'x'" check mini.cfg --rule x
refuses "FILE is required" check
INITORDER_RULES=$here/../../rules
echo 'loadmodule "tls_openssl.so"' >opensips.cfg
refuses "opensips.cfg: the configuration language of OpenSIPS SIP server is not described in its pack" check opensips.cfg
echo 'a = 1' >any.cfg
refuses "any.cfg: the configuration language of OpenSIPS SIP server is not described in its pack" check any.cfg --host opensips
