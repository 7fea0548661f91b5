// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loads, uses and unloads the same object, over and over. Its path is the argument.
#include "common.h"
#include <dlfcn.h>

int main(int count, char **arguments) {
  bounded();
  MUST(count == 2);
  for (int i = 0; i < 5; ++i) {
    void *plugin = dlopen(arguments[1], RTLD_NOW);
    MUST(plugin != NULL);
    int (*function)(int) = (int (*)(int))dlsym(plugin, "traced_in_plugin");
    const int one = function(1);
    say("%d %d", one, function(i));
    void *twice = dlopen(arguments[1], RTLD_NOW);
    say("the same %d", twice == plugin);
    dlclose(twice);
    dlclose(plugin);
  }
  say("nothing %d", dlopen("/nonexistent.so", RTLD_NOW) == NULL);
  return 0;
}
