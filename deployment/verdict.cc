// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "deployment/verdict.h"

#include "deployment/predict.h"
#include "rules/engine.h"

#include <algorithm>

namespace initorder::deployment {

namespace {

bool is_from_code(const Event &event) {
  return event.site.line == 0;
}

} // namespace

std::vector<Finding> verdict_of(const Deployment &deployment, const Packs &packs, const std::vector<Check> &checks,
                                std::vector<Caveat> *caveats) {
  std::vector<Finding> out = judge({predict(deployment, packs, caveats)}, checks, *deployment.host);
  for (Finding &finding : out) {
    if (std::ranges::none_of(finding.events, is_from_code) && std::ranges::none_of(finding.related, is_from_code))
      continue;
    finding.certainty = Certainty::maybe;
    for (Event &event : finding.events)
      event.certainty = Certainty::maybe;
  }
  return out;
}

} // namespace initorder::deployment
