# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
exits 0 --help
exits 0 scan --help
shows "--fail-on note|warning|error|never" scan --help
shows "Exit status: 0 nothing found" scan --help
exits 0 --version
shows "initorder 0." scan --version
