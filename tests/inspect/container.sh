#!/bin/sh
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A server in a container (pid and mount namespaces, files that the host has nowhere) is read from outside as any other.
# usage: container.sh HOLDS INITORDER   (77: it takes root and namespaces)
[ "$(id -u)" = 0 ] && unshare --pid --mount --fork true 2>/dev/null || exit 77
folder=$(mktemp -d) && mkdir -p "$folder/root/lib64" "$folder/root/only-here" && mkfifo "$folder/in" "$folder/out" || exit 1
cp "$1" "$folder/root/only-here/holds"
for library in $(ldd "$1" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'); do cp "$library" "$folder/root/only-here/"; done
cp /lib64/ld-linux-x86-64.so.2 "$folder/root/lib64/" || exit 1

LD_LIBRARY_PATH=/only-here unshare --pid --mount --fork chroot "$folder/root" /only-here/holds keys \
  <"$folder/in" >"$folder/out" &
container=$!
exec 8>"$folder/in" 9<"$folder/out"
read -r ready <&9
server=$(tr -d ' ' <"/proc/$container/task/$container/children")
status=0
said=$("$2" inspect "$server" --fail-on never 2>&1) || status=1
# Whose key it is, is in the container's libc alone.
echo "$said" | grep -qE '^ *40 +libc\.so\.6 .* 2 share one +shared memory +free$' || status=1
[ $status = 0 ] || echo "$said"
exec 8>&-
wait $container
rm -r "$folder"
exit $status
