# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which macros of a tree can expand to a name: a call that a macro makes stands where the macro is used."""
import collections
import pathlib
import re

# Of OpenSSL's headers, which are not in the tree.
ELSEWHERE = {"OPENSSL_init_ssl": {"SSL_load_error_strings", "SSL_library_init"},
             "OPENSSL_init_crypto": {"ERR_load_crypto_strings", "OpenSSL_add_all_algorithms"}}

DEFINITION = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)((?:.*\\\r?\n)*.*)", re.MULTILINE)


class Macros:
    def __init__(self, tree):
        self.using = collections.defaultdict(set)  # a word -> the macros whose text has it
        for name, macros in ELSEWHERE.items():
            self.using[name] |= macros
        for path in sorted(pathlib.Path(tree, "src").rglob("*.[ch]")):
            for macro, text in DEFINITION.findall(path.read_text(encoding="utf-8", errors="replace")):
                for word in set(re.findall(r"[A-Za-z_]\w*", text)) - {macro}:
                    self.using[word].add(macro)

    def expanding_to(self, name):
        found, rest = set(), [name]
        while rest:
            new = self.using[rest.pop()] - found
            found |= new
            rest += new
        return found
