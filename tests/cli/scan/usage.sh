# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "no command"
refuses "unknown command 'scann'; nearest known: 'scan'" scann
refuses "unknown option '--fromat'; nearest known: '--format'" scan --fromat text
refuses "unexpected argument 'second'" scan tree second
refuses "--format: xml not in {text,json,sarif}" scan --format xml
refuses "--fail-on: never-ever not in" scan --fail-on never-ever
refuses "--rule: 1 required ID missing" scan --rule
refuses "--jobs: Value 0 not in range" scan --jobs 0
refuses "--jobs: Value many not in range" scan --jobs many
refuses "'mode' is not NAME=VALUE" scan tree --set mode
refuses "'=1' is not NAME=VALUE" scan tree --set =1
