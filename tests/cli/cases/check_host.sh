# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# Whose configuration it is: the first line or the file's name says it, or --host.
INITORDER_RULES=$here/../../rules
printf '#!KAMAILIO\n' >proxy.cfg
shows "in proxy.cfg: Kamailio" check proxy.cfg
printf '#!OPENSIPS\n' >proxy.cfg
shows "in proxy.cfg: OpenSIPS" check proxy.cfg
echo 'a = 1' >opensips-edge.cfg
shows "in opensips-edge.cfg: OpenSIPS" check opensips-edge.cfg
shows "in opensips-edge.cfg: Kamailio" check opensips-edge.cfg --host kamailio
# Else the only one that is installed.
mkdir bin
PATH=$PWD/bin:/bin
for name in kamailio opensips; do
  if command -v "/usr/sbin/$name" >/dev/null; then exit 0; fi
done
echo 'a = 1' >proxy.cfg
refuses "proxy.cfg: cannot tell whose configuration this is: name the host with --host" check proxy.cfg
: >bin/opensips
shows "OpenSIPS" check proxy.cfg
