// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/elf/support.h"

#include <openssl/crypto.h>

#include <cstdlib>

#include <dlfcn.h>
#include <link.h>

namespace initorder::elf {

class Find : public testing::TestWithParam<const char *> {
protected:
  std::shared_ptr<const Object> object = opened(made(GetParam()));
};
INSTANTIATE_TEST_SUITE_P(HashTables, Find, testing::Values("symbols.so", "symbols_old_hash.so"));

TEST_P(Find, FunctionsAndVariables) {
  EXPECT_EQ(object->find("plain")->size, opened(made(GetParam()))->function_at(object->find("plain")->address)->size);
  EXPECT_EQ(object->find("table")->size, 16u);
}

TEST_P(Find, OfSeveralVersionsTheDefault) {
  const auto found = object->find("both"), newer = object->find("both_new"), older = object->find("both_old");
  ASSERT_TRUE(found && newer && older);
  EXPECT_EQ(found->address, newer->address);
  EXPECT_NE(found->address, older->address);
}

TEST_P(Find, AnOldVersionIfThereIsNoOther) {
  EXPECT_EQ(object->find("given_up")->address, object->find("given_up_old")->address);
}

TEST_P(Find, NoIfuncsNoThreadLocalsNothingUndefined) {
  for (const auto *name : {"chosen", "per_thread", "somewhere_else", "V1", "V2", "", "plai", "plain2"})
    EXPECT_FALSE(object->find(name)) << name;
}

TEST_P(Find, AnIfuncIsNotAnsweredByItsOldVersion) {
  EXPECT_FALSE(object->find("mixed"));
}

TEST(FindStatic, InTheFilesOwnSymbolTable) {
  EXPECT_TRUE(opened(made("symbols.so"))->find("only_static"));
  EXPECT_FALSE(opened(made("symbols_stripped.so"))->find("only_static"));
}

TEST(FindStatic, NotIfTwoAreCalledSo) {
  const auto program = opened(made("statics"));
  EXPECT_TRUE(program->find("only_here"));
  EXPECT_FALSE(program->find("twice"));
}

TEST(FindStatic, InTheSeparateDebugFileOnlyIfAskedFor) {
  const auto object = opened(made("symbols_linked.so"));
  EXPECT_FALSE(object->find("only_static"));
  const auto found = object->find_stripped("only_static");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->address, opened(made("symbols.so"))->find("only_static")->address);
}

// Every default version of every function of a real library, against the loader's own answer.
TEST(FindReal, AgreesWithTheLoader) {
  for (const void *inside :
       {reinterpret_cast<const void *>(&OPENSSL_cleanup), reinterpret_cast<const void *>(&qsort)}) {
    const auto path = file_of(inside);
    const auto object = opened(path);
    void *handle = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    const link_map *loaded = nullptr;
    ASSERT_TRUE(handle && dlinfo(handle, RTLD_DI_LINKMAP, &loaded) == 0);
    unsigned compared = 0;
    for (const auto *name : {"OPENSSL_init_crypto", "ERR_get_error", "CRYPTO_set_mem_functions", "SSL_CTX_new",
                             "EVP_sha1", "pthread_create", "pthread_once", "pthread_key_create", "fork", "atexit",
                             "dlopen", "pthread_setspecific", "qsort", "environ", "stdout", "__libc_start_main"}) {
      const auto found = object->find(name);
      const void *known = dlsym(handle, name);
      if (!found || file_of(known) != path)
        continue;
      EXPECT_EQ(number(at(found->address, loaded->l_addr)), reinterpret_cast<std::uint64_t>(known)) << name;
      ++compared;
    }
    EXPECT_GE(compared, 4u) << path;
    dlclose(handle);
  }
}

} // namespace initorder::elf
