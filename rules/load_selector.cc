// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/load_selector.h"

namespace initorder {

void read_event_keys(Fields &fields, Selector &out) {
  fields.optional_filled("effects", out.effects);
  fields.optional("process", out.process);
  fields.optional_filled("threads", out.threads);
  fields.optional_filled("phases", out.phases);
  fields.optional("before-fork", out.before_fork);
  fields.mention("effects", Mention::Of::effect);
  fields.mention("phases", Mention::Of::phase);
}

} // namespace initorder
