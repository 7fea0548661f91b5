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
cat >other.yaml <<'END'
host: other
title: "Another server"
layouts: [{name: none, recognise: [{file: no-such-file}], modules: [modules]}]
phases: [{id: load, title: load, process: main, source: here}]
END
echo 'loadmodule "x"' >other.cfg
refuses "other.cfg: the configuration language of Another server is not described in its pack" check other.cfg --pack other.yaml
refuses "mini.cfg: the configuration language of Another server is not described in its pack" check mini.cfg --host other --pack other.yaml
