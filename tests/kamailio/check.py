#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks configurations of Debian's Kamailio, against its installed modules.

usage: check.py INITORDER FOLDER

Status 77: Kamailio is not installed.
"""
import json
import pathlib
import shutil
import subprocess
import sys

STOCK = pathlib.Path("/etc/kamailio/kamailio.cfg")
# Line 3 brings libcrypto before tls does; line 6 has a driver that nothing loads.
CONFIG = """#!KAMAILIO
loadmodule "pv.so"
loadmodule "crypto.so"
loadmodule "tls.so"
loadmodule "usrloc.so"
modparam("usrloc", "db_url", "mysql://u:p@localhost/k")
request_route {
  exit;
}
"""


def check(initorder, file, *more):
    done = subprocess.run([initorder, "check", file, "--format", "json", *more], capture_output=True, text=True, check=False)
    assert done.stdout, f"{done.args}: status {done.returncode}: {done.stderr}"
    return done.returncode, json.loads(done.stdout)


def found(report):
    return {(finding["rule"], finding["site"]["line"], finding["call"], finding["certainty"])
            for finding in report["findings"] if finding["site"]["line"]}


def main(initorder, folder):
    if not shutil.which("kamailio") or not STOCK.exists():
        print("skipped: no kamailio in PATH; ./check installs Debian's")
        return 77
    status, report = check(initorder, STOCK)
    assert status == 0 and not report["findings"], report
    # All that it cannot tell is where calls through pointers go.
    assert all("calls through pointers" in caveat["what"] for caveat in report["caveats"]), report["caveats"]
    # All that it can be made to load.
    defines = [word for name in ("WITH_AUTH", "WITH_NAT", "WITH_PRESENCE", "WITH_ANTIFLOOD", "WITH_DEBUG") for word in ("-A", name)]
    status, report = check(initorder, STOCK, *defines)
    assert {finding["rule"] for finding in report["findings"]} <= {"module-missing", "database-driver-missing"}, report["findings"]

    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "kamailio.cfg"
    file.write_text(CONFIG)
    status, report = check(initorder, file)
    assert status == 1
    assert found(report) == {("tls-loaded-late", 3, "libcrypto.so.3", "always"),
                             ("database-driver-missing", 6, "db_mysql", "always")}, found(report)
    late = [finding for finding in report["findings"] if finding["rule"] == "tls-loaded-late"]
    assert f'{file}:4: move loadmodule "tls.so" before line 3 (loadmodule "crypto.so")' in late[0]["hints"][0], late
    # What tls does before the fork stands in its code: a maybe, each.
    code = [finding for finding in report["findings"] if not finding["site"]["line"]]
    assert ("openssl-state-before-fork", "tls.so", "SSL_CTX_new") in {
        (finding["rule"], finding["site"]["file"], finding["call"]) for finding in code}, code
    assert {finding["certainty"] for finding in code} == {"maybe"}, code
    # The program defines pthread_mutex_init() itself, and so cures OpenSSL's locks.
    assert "mutex-not-shared" not in {finding["rule"] for finding in code}, code

    # In the right order what is certain is gone.
    lines = CONFIG.splitlines()
    file.write_text("\n".join([lines[0], lines[3], lines[1], lines[2], *lines[6:]]) + "\n")
    status, report = check(initorder, file)
    assert found(report) == set(), found(report)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
