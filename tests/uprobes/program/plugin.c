// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
__attribute__((visibility("default"))) int traced_in_plugin(int x);
int traced_in_plugin(int x) { return x + 1; }
