#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One deployment, judged from Debian's Kamailio source: its load order and its parameters decide.

usage: check_source.py INITORDER KAMAILIO_SOURCE_SH
"""
import json
import pathlib
import subprocess
import sys
import tempfile


def findings(initorder, tree, lines):
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, "kamailio.cfg")
        config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [initorder, "check", str(config), "--source", tree, "--format", "json", "--fail-on", "never"]
        text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return {(one["rule"], pathlib.Path(one["site"]["file"]).name, one["certainty"]): one
            for one in json.loads(text)["findings"]}


def main(initorder, source_script):
    source = subprocess.run([source_script, "--cached"], stdout=subprocess.PIPE, text=True, check=False)
    if source.returncode != 0:
        print("skipped: no Kamailio source; ./check gets it, or set INITORDER_KAMAILIO")
        return 77
    tree = source.stdout.strip()
    modules = ['loadmodule "crypto"', 'loadmodule "tls"', 'loadmodule "ims_usrloc_scscf"']
    mode = 'modparam("ims_usrloc_scscf", "db_mode", {})'
    # ims_usrloc_scscf_mod.c, child_init: with db_mode 0 it connects to no database.
    with_database = findings(initorder, tree, modules + [mode.format(1)])
    without = findings(initorder, tree, modules + [mode.format(0)])
    late = ("tls-loaded-late", "Makefile", "always")
    kept = ("connection-before-fork", "ims_usrloc_scscf_mod.c", "always")
    wrong = []
    if late not in with_database or late not in without:
        wrong.append("crypto is loaded before tls, and nobody says so")
    if kept not in with_database:
        wrong.append("db_mode 1 keeps a connection, and it is not told, or not as certain")
    if any(rule == "connection-before-fork" and file == kept[1] for rule, file, _ in without):
        wrong.append("db_mode 0 connects to no database, and a connection is told")
    for text in wrong:
        print(text)
    if wrong:
        print(*with_database, "", *without, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
