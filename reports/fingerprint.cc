// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "reports/fingerprint.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <stdexcept>

namespace initorder {
namespace {

std::string sha256(const std::string &text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("libcrypto cannot compute SHA-256");
  std::string hex;
  for (unsigned i = 0; i < size; ++i)
    hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

/// What makes a finding itself, wherever its line is now. NUL stands in none of the parts.
std::string identity_of(const Finding &finding) {
  std::string text = "initorder/v1";
  for (const std::string *part :
       {&finding.rule, &finding.site.file, &finding.events.front().site_function, &finding.call})
    text += '\0' + *part;
  return text;
}

} // namespace

std::vector<std::string> fingerprints_of(const std::vector<Finding> &findings) {
  std::vector<std::size_t> by_site(findings.size());
  std::iota(by_site.begin(), by_site.end(), 0);
  std::ranges::stable_sort(by_site, {}, [&](std::size_t i) { return findings[i].site; });
  std::map<std::string, unsigned> seen;
  std::vector<std::string> fingerprints(findings.size());
  for (std::size_t i : by_site) {
    const std::string identity = identity_of(findings[i]);
    fingerprints[i] = sha256(identity + '\0' + std::to_string(seen[identity]++));
  }
  return fingerprints;
}

} // namespace initorder
