# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
exits 1 scan tree --only modules/early
exits 1 scan "$PWD/tree" --only "$PWD/tree/modules/early/"
exits 0 scan tree --only modules/late
exits 1 scan tree --only modules/late --only ./modules/early
refuses "'modules/nix' is not in the tree" scan tree --only modules/nix
refuses "'..' is not in the tree" scan tree --only ..
