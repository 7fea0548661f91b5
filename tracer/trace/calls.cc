// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tracer/trace/calls.h"

#include <algorithm>
#include <ranges>

namespace initorder::trace {
namespace {

/// The name under which an argument was written down.
const std::string *name_of_argument(const LibraryFunction &function, unsigned argument) {
  const std::vector<TracedArgument> &known = function.trace.arguments;
  return argument < known.size() && known[argument].type != TracedArgument::Type::skip ? &known[argument].name
                                                                                       : nullptr;
}

std::optional<std::int64_t> number_of(const std::vector<Value> &values, const std::string &name) {
  const auto found = std::ranges::find(values, name, &Value::name);
  return found == values.end() ? std::nullopt : std::optional(found->number);
}

/// A function that returns an int leaves the register's upper half as it was.
bool is_result(std::int64_t result, std::int64_t expected) {
  return result == expected || static_cast<std::int32_t>(result) == expected;
}

bool has_failed(const Call &call) {
  if (!call.returned || !call.returned->result || !call.function)
    return false;
  const std::optional<ResourceRef> &resource = call.function->resource;
  const std::optional<std::int64_t> success = call.function->success ? call.function->success
                                              : resource             ? resource->success
                                                                     : std::nullopt;
  if (success)
    return !is_result(*call.returned->result, *success);
  // A null handle is none.
  return resource && !resource->closes && resource->in == ResourceRef::In::result && *call.returned->result == 0;
}

} // namespace

bool Call::has(std::string_view effect) const {
  return std::ranges::find(called->effects, effect) != called->effects.end();
}

std::optional<std::int64_t> Call::handle(const ResourceRef &ref) const {
  if (ref.in == ResourceRef::In::result)
    return returned ? returned->result : std::nullopt;
  const std::string *name = function ? name_of_argument(*function, ref.argument) : nullptr;
  if (!name)
    return std::nullopt;
  if (ref.in == ResourceRef::In::argument)
    return number_of(called->arguments, *name);
  return returned ? number_of(returned->outputs, *name) : std::nullopt;
}

Calls::Calls(const std::vector<Record> &records, const HostPack &host, const std::vector<LibraryPack> &libraries) {
  for (const LibraryPack &library : libraries)
    know(library.functions, library.name);
  know(host.functions, host.name);

  std::map<CallNumber, std::size_t> open;
  for (const Record &record : records) {
    if (const auto *called = std::get_if<Called>(&record.what)) {
      const auto [first, last] = functions_.equal_range(called->function);
      // The one that says how its arguments are called, as probes_of() chooses.
      auto chosen =
          std::find_if(first, last, [](const auto &entry) { return !entry.second.function->trace.arguments.empty(); });
      if (chosen == last)
        chosen = first;
      open[called->call] = calls_.size();
      calls_.push_back({&record, called, nullptr, nullptr, chosen == last ? nullptr : chosen->second.function, false});
    } else if (const auto *returned = std::get_if<Returned>(&record.what)) {
      const auto call = open.find(returned->call);
      // A function that forks returns twice; the child's return is not the call's.
      if (call == open.end() || calls_[call->second].record->process != record.process)
        continue;
      calls_[call->second].return_record = &record;
      calls_[call->second].returned = returned;
      open.erase(call);
    }
  }
  for (Call &call : calls_)
    call.failed = has_failed(call);
}

void Calls::know(const std::vector<LibraryFunction> &functions, const std::string &library) {
  for (const LibraryFunction &function : functions)
    functions_.emplace(function.name, Entry{&function, &library});
}

EffectOfCall Calls::effect(const Called &called, const std::string &name) const {
  const auto [first, last] = functions_.equal_range(called.function);
  for (const auto &[function, entry] : std::ranges::subrange(first, last))
    for (const CallEffect &effect : entry.function->effects)
      if (effect.effect == name)
        return {&effect, entry.function, entry.library};
  return {};
}

bool Calls::is_function_of(std::string_view library, std::string_view function) const {
  const auto [first, last] = functions_.equal_range(function);
  return std::any_of(first, last, [&](const auto &entry) { return *entry.second.library == library; });
}

} // namespace initorder::trace
