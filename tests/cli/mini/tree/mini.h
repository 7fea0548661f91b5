// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once
struct mini_exports {
  const char *name;
  int (*init)(void);
  int (*child)(int rank);
};
int mini_rand(void);
void mini_wipe(void);
void mini_init_modules(void);
void mini_init_children(void);
