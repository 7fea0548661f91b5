#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Who may not look is told what to grant, in one line and with status 2; who may, is not told so.
# usage: denied.sh HOLDS INITORDER   (77: it takes root and setpriv to be somebody else)
[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || exit 77
setpriv --reuid 65534 --clear-groups "$2" --version >/dev/null 2>&1 || exit 77 # the program's folder is closed to others
folder=$(mktemp -d) && mkfifo "$folder/in" "$folder/out" || exit 1
"$1" keys <"$folder/in" >"$folder/out" &
exec 8>"$folder/in" 9<"$folder/out"
read -r ready <&9
status=0
for option in --all --stop; do
  said=$(setpriv --reuid 65534 --clear-groups "$2" inspect $! "$option" 2>&1)
  [ $? = 2 ] && [ "$(echo "$said" | wc -l)" = 1 ] || status=1
  case $said in *CAP_SYS_PTRACE*sudo*) ;; *) status=1 ;; esac
  [ $status = 0 ] || echo "$option: $said"
done
said=$("$2" inspect $! --fail-on never 2>&1) || status=1
case $said in *CAP_SYS_PTRACE*) status=1; echo "as root: $said" ;; esac
exec 8>&-
wait $!
rm -r "$folder"
exit $status
