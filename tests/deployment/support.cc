// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/deployment/support.h"

#include <cstdlib>
#include <fstream>

namespace initorder::deployment {

SmallServer::SmallServer() {
  auto packs = load_packs(INITORDER_TEST_RULES);
  if (!packs)
    ADD_FAILURE() << packs.error().text();
  else
    packs_ = std::move(*packs);
  std::string name = (std::filesystem::temp_directory_path() / "initorder-XXXXXX").string();
  if (!mkdtemp(name.data()))
    ADD_FAILURE() << "no temporary folder";
  folder_ = name;
}

SmallServer::~SmallServer() {
  std::filesystem::remove_all(folder_);
}

Deployment SmallServer::deployed(const std::string &config, const std::string &program) {
  const std::filesystem::path file = folder_ / "server.cfg";
  std::ofstream(file) << config;
  Request request;
  request.config = file;
  request.folders = {INITORDER_MADE};
  request.program = program;
  request.libraries.folders = LibrarySearch::of_this_machine().folders;
  auto read = read_deployment(request, packs_.hosts.at(0));
  if (!read) {
    ADD_FAILURE() << read.error().text();
    return {};
  }
  return std::move(*read);
}

std::vector<std::string> SmallServer::verdict(const std::string &config) {
  std::vector<std::string> out;
  for (const Finding &finding : verdict_of(deployed(config), packs_, packs_.checks))
    out.push_back(finding.rule + " " + finding.message + (finding.certainty == Certainty::maybe ? "?" : ""));
  return out;
}

std::vector<std::string> SmallServer::hints(const std::string &config) {
  const Deployment deployment = deployed(config);
  std::vector<Finding> findings = verdict_of(deployment, packs_, packs_.checks);
  add_hints(deployment, packs_, packs_.checks, findings);
  std::vector<std::string> out;
  for (const Finding &finding : findings)
    for (std::string hint : finding.hints) {
      if (const std::size_t at = hint.find(folder_.string() + "/"); at != hint.npos)
        hint.erase(at, folder_.string().size() + 1);
      out.push_back(finding.rule + ": " + hint);
    }
  return out;
}

} // namespace initorder::deployment
