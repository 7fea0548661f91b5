// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Writes a trace with every kind of record to standard output, for a validator that is not ours.
#include "tests/trace/every_kind.h"
#include "tracer/trace/trace_file.h"

int main() {
  using namespace initorder;
  const auto file = trace::TraceFile::create("/dev/stdout", [](const Error &) { std::exit(1); });
  if (!file)
    return 1;
  for (const trace::Record &record : trace::every_kind())
    (*file)->take(record);
  trace::Timeline strange;
  strange.add(trace::ObjectLoaded{"/lib/\xff\x01\xc3.so", "", 0});
  (*file)->take(strange.records().back());
}
