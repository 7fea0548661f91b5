// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/packs/pack_files.h"

namespace initorder {

class AddPack : public PackFiles {
protected:
  AddPack() {
    write("hosts/server.yaml", kHost);
    write("libraries/small.yaml", kLibrary);
    write("checks/too-early.yaml", kCheck);
    auto loaded = load_packs(folder());
    if (loaded)
      packs = std::move(*loaded);
    else
      ADD_FAILURE() << error_of(loaded);
  }
  Packs packs;
};

TEST_F(AddPack, TheFirstKeySaysWhatItIs) {
  EXPECT_EQ(error_of(add_pack(packs, write("x.yaml", "library: big\nabout: b\n"))), "no error");
  EXPECT_THAT(packs.libraries, SizeIs(2));
  EXPECT_EQ(error_of(add_pack(packs, write("a.yaml", "id: a\n" + kCheck.substr(kCheck.find('\n') + 1)))), "no error");
  ASSERT_THAT(packs.checks, SizeIs(2));
  EXPECT_EQ(packs.checks[0].id, "a");
  EXPECT_EQ(error_of(add_pack(packs, write("y.yaml", "host: other\n" + kHost.substr(kHost.find('\n') + 1)))),
            "no error");
  EXPECT_THAT(packs.hosts, SizeIs(2));
}

TEST_F(AddPack, AnotherFirstKeyIsNoPack) {
  EXPECT_EQ(error_of(add_pack(packs, write("x.yaml", "title: x\nlibrary: l\n"))),
            "x.yaml:1:1: a pack begins with 'host:', 'library:' or 'id:', not 'title'");
  EXPECT_EQ(error_of(add_pack(packs, write("x.yaml", "{}\n"))),
            "x.yaml:1:1: a pack begins with 'host:', 'library:' or 'id:'");
}

TEST_F(AddPack, TheSameNameIsReplaced) {
  const auto path =
      write("mine.yaml", "library: small\nabout: \"mine\"\n" + kLibrary.substr(kLibrary.find("functions")));
  EXPECT_EQ(error_of(add_pack(packs, path)), "no error");
  ASSERT_THAT(packs.libraries, SizeIs(1));
  EXPECT_EQ(packs.libraries[0].about, "mine");
}

TEST_F(AddPack, ReplacingMayTakeAwayWhatAnotherNeeds) {
  const auto added = add_pack(packs, write("mine.yaml", "library: small\nabout: \"mine\"\n"));
  EXPECT_EQ(error_of(added), "hosts/server.yaml:12:29: no function has the effect 'set-up'");
  EXPECT_EQ(added.error().kind, Error::Kind::unknown);
  // Nothing has changed.
  EXPECT_EQ(packs.libraries.at(0).about, "a small library");
}

TEST_F(AddPack, AMistakeChangesNothing) {
  EXPECT_EQ(error_of(add_pack(packs, write("x.yaml", "library: x\n"))), "x.yaml:1:1: a library lacks 'about'");
  EXPECT_THAT(packs.libraries, SizeIs(1));
}

TEST_F(AddPack, NoSuchFile) {
  EXPECT_EQ(error_of(add_pack(packs, folder() / "x.yaml")), "x.yaml: no such file");
}

} // namespace initorder
