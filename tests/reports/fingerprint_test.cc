// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/fingerprint.h"
#include "sample.h"

#include <gmock/gmock.h>

using namespace initorder;

static Finding at_line(unsigned line) {
  Finding finding = sample_finding();
  finding.site.line = finding.events[0].site.line = line;
  return finding;
}

TEST(Fingerprint, StaysWhenLinesMove) {
  EXPECT_EQ(fingerprints_of({at_line(20)}), fingerprints_of({at_line(30)}));
  EXPECT_EQ(fingerprints_of({at_line(20)})[0].size(), 64u);
}

TEST(Fingerprint, EqualCallsOfOneFunctionAreNumberedByLine) {
  const auto in_order = fingerprints_of({at_line(20), at_line(30)});
  const auto turned = fingerprints_of({at_line(35), at_line(25)});
  EXPECT_NE(in_order[0], in_order[1]);
  EXPECT_EQ(in_order[0], turned[1]);
  EXPECT_EQ(in_order[1], turned[0]);
}

TEST(Fingerprint, DiffersByEachPartOfTheSite) {
  const std::string plain = fingerprints_of({sample_finding()})[0];
  Finding other = sample_finding();
  other.site.file = "b.c";
  EXPECT_NE(fingerprints_of({other})[0], plain);
  other = sample_finding();
  other.call = "SSL_CTX_new";
  EXPECT_NE(fingerprints_of({other})[0], plain);
  other = sample_finding();
  other.events[0].site_function = "other";
  EXPECT_NE(fingerprints_of({other})[0], plain);
  other = sample_finding();
  other.rule = "other";
  EXPECT_NE(fingerprints_of({other})[0], plain);
}
