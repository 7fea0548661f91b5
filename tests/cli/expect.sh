# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# What the cases share. Each begins with `. "$2/expect.sh"`; $1 is the program, $2 the folder of these tests.
# A case runs in an empty folder of its own. The first expectation that does not hold ends it, with the command.
set -u
program=$1
here=$2
INITORDER_RULES=$here/mini/rules
export INITORDER_RULES
folder=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$folder"; rm -rf "$folder"' EXIT
cd "$folder" || exit 1
chmod 755 .
cp -r "$here/mini/tree" tree
mkdir logs
chmod 777 logs

wrong() {
  echo "$1: INITORDER_RULES=$INITORDER_RULES $program $arguments"
  echo "status $status; standard output, then standard error:"
  cat logs/out logs/err
  exit 1
}

run() {
  arguments=$*
  "$program" "$@" >logs/out 2>logs/err
  status=$?
}

# exits STATUS ARGUMENT...
exits() {
  expected=$1
  shift
  run "$@"
  [ "$status" -eq "$expected" ] || wrong "expected status $expected"
}

# refuses TEXT ARGUMENT...: status 2, one line on standard error that holds TEXT, and nothing else.
refuses() {
  text=$1
  shift
  exits 2 "$@"
  [ "$(wc -l <logs/err)" -eq 1 ] || wrong "expected one line"
  [ ! -s logs/out ] || wrong "expected nothing on standard output"
  case $(cat logs/err) in
    "initorder: "*"$text"*) ;;
    *) wrong "expected '$text'" ;;
  esac
}

# shows TEXT ARGUMENT...: standard output holds TEXT.
shows() {
  text=$1
  shift
  run "$@"
  grep -qF -- "$text" logs/out || wrong "expected '$text'"
}

# Without permission: a superuser, whom permissions do not stop, becomes nobody.
as_anyone() {
  [ "$(id -u)" -eq 0 ] || return 0
  cat >unprivileged <<'SCRIPT'
#!/bin/sh
exec setpriv --reuid=65534 --regid=65534 --clear-groups "$INITORDER_PROGRAM" "$@"
SCRIPT
  chmod 755 unprivileged
  INITORDER_PROGRAM=$program
  export INITORDER_PROGRAM
  program=./unprivileged
  "$program" --version >logs/out 2>&1 || { echo "skipped: the program cannot be run as nobody"; exit 77; }
}
