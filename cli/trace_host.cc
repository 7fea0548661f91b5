// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "cli/trace_host.h"

#include "rules/nearest.h"
#include "tracer/trace/verdict.h"

#include <algorithm>

namespace initorder {

Result<const HostPack *> host_for(const std::vector<trace::Record> &records, const Packs &packs,
                                  const std::string &named) {
  if (named.empty())
    return trace::host_of(records, packs.hosts);
  std::vector<std::string> known;
  for (const HostPack &host : packs.hosts) {
    if (host.name == named)
      return &host;
    known.push_back(host.name);
  }
  return Error{Error::Kind::unknown, "", "no host pack is called " + in_quotes(named) + nearest(named, known)};
}

} // namespace initorder
