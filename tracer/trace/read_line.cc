// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "rules/nearest.h"
#include "tracer/trace/record_line.h"
#include "tracer/trace/words.h"

#include <nlohmann/json.hpp>

#include <limits>

namespace initorder::trace {
namespace {

using Json = nlohmann::json;

/// The members of one JSON object. The first mistake is kept, so that a reader need not look for one after each member.
class Members {
public:
  Members(const Json &object, std::optional<std::string> &mistake) : object_(object), mistake_(mistake) {
    if (!object.is_object())
      wrong("is no object");
  }

  void wrong(std::string what) const {
    if (!mistake_)
      mistake_ = std::move(what);
  }
  const Json *find(const char *name) const {
    if (!object_.is_object())
      return nullptr;
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }
  std::optional<std::string> &mistake() const { return mistake_; }

  /// A member that must be there.
  template <class T> void required(const char *name, T &out) const {
    if (const Json *value = find(name))
      read(name, *value, out);
    else
      wrong(in_quotes(name) + " is missing");
  }
  template <class T> void optional(const char *name, T &out) const {
    if (const Json *value = find(name))
      read(name, *value, out);
  }

private:
  template <class T> void read(const char *name, const Json &value, std::optional<T> &out) const {
    read(name, value, out.emplace());
  }
  template <class T> void read(const char *name, const Json &value, std::vector<T> &out) const {
    if (!value.is_array())
      return wrong(in_quotes(name) + " is no list");
    for (const Json &element : value)
      read(name, element, out.emplace_back());
  }
  void read(const char *name, const Json &value, std::string &out) const {
    if (value.is_string())
      out = value.get_ref<const std::string &>();
    else
      wrong(in_quotes(name) + " is no text");
  }
  void read(const char *name, const Json &value, bool &out) const {
    if (value.is_boolean())
      out = value.get<bool>();
    else
      wrong(in_quotes(name) + " is neither true nor false");
  }
  template <class T>
  requires std::is_integral_v<T>
  void read(const char *name, const Json &value, T &out) const {
    const bool fits = value.is_number_unsigned()
                          ? std::in_range<T>(value.get<std::uint64_t>())
                          : value.is_number_integer() && std::in_range<T>(value.get<std::int64_t>());
    if (fits)
      out = value.get<T>();
    else
      wrong(in_quotes(name) + " is no whole number in its range");
  }
  void read(const char *name, const Json &value, ProcessNumber &out) const {
    std::uint32_t number = 0;
    read(name, value, number);
    out = ProcessNumber{number};
  }
  void read(const char *name, const Json &value, CallNumber &out) const {
    std::uint64_t number = 0;
    read(name, value, number);
    out = CallNumber{number};
  }
  template <class T>
  requires(!kWords<T>.empty()) void read(const char *name, const Json &value, T &out) const {
    std::string text;
    read(name, value, text);
    for (const auto &[known, word] : kWords<T>)
      if (word == text)
        return void(out = known);
    wrong(in_quotes(name) + " may not be " + in_quotes(text));
  }
  void read(const char *, const Json &value, Frame &out) const {
    const Members members(value, mistake_);
    members.optional("object", out.object);
    members.required("offset", out.offset);
    members.optional("function", out.function);
    members.optional("into", out.into);
    members.optional("file", out.source.file);
    members.optional("line", out.source.line);
    members.optional("column", out.source.column);
  }
  void read(const char *, const Json &value, Value &out) const {
    const Members members(value, mistake_);
    members.required("name", out.name);
    members.required("number", out.number);
    members.optional("memory", out.memory);
    members.optional("function", out.function);
    members.optional("text", out.text);
  }

  const Json &object_;
  std::optional<std::string> &mistake_;
};

void read(const Members &in, Began &out) {
  int schema = 0;
  in.required("initorder-trace", schema);
  if (schema != kSchema)
    in.wrong("is a trace of schema " + std::to_string(schema) + ", and this program reads " + std::to_string(kSchema));
  in.optional("version", out.version);
  in.optional("started", out.started);
  in.required("command", out.command);
  in.optional("host", out.host);
  in.optional("machine", out.machine);
  in.optional("system", out.system);
}
void read(const Members &in, ProcessStarted &out) {
  in.required("how", out.how);
  in.required("pid", out.pid);
  in.optional("parent", out.parent);
  in.optional("parent-thread", out.parent_thread);
  in.optional("by-host", out.by_host);
}
void read(const Members &in, ProcessNamed &out) {
  in.required("name", out.name);
}
void read(const Members &in, ProcessExecuted &out) {
  in.required("program", out.program);
}
void read(const Members &in, ProcessEnded &out) {
  in.optional("status", out.status);
  in.optional("signal", out.signal);
}
void read(const Members &in, ThreadStarted &out) {
  in.required("started", out.started);
}
void read(const Members &, ThreadEnded &) {}
void read(const Members &in, ObjectLoaded &out) {
  in.required("object", out.object);
  in.optional("build-id", out.build_id);
  in.optional("base", out.base);
}
void read(const Members &in, ObjectUnloaded &out) {
  in.required("object", out.object);
}
void read(const Members &in, PhaseBegan &out) {
  in.required("opens", out.phase);
  in.optional("function", out.function);
}
void read(const Members &in, PhaseEnded &out) {
  in.required("closes", out.phase);
}
void read(const Members &in, EntryBegan &out) {
  in.required("of", out.module);
  in.optional("in", out.phase);
  in.required("entry", out.entry);
  in.optional("arguments", out.arguments);
}
void read(const Members &in, EntryEnded &out) {
  in.required("of", out.module);
  in.required("entry", out.entry);
  in.optional("result", out.result);
}
void read(const Members &in, Called &out) {
  in.required("call", out.call);
  in.required("function", out.function);
  in.required("library", out.library);
  in.optional("effects", out.effects);
  in.optional("arguments", out.arguments);
  in.optional("stack", out.stack);
}
void read(const Members &in, Returned &out) {
  in.required("call", out.call);
  in.optional("result", out.result);
  in.optional("outputs", out.outputs);
}
void read(const Members &in, SignalReceived &out) {
  in.required("signal", out.signal);
}
void read(const Members &in, BudgetSpent &out) {
  in.required("function", out.function);
  in.required("library", out.library);
  in.required("calls", out.calls);
  in.optional("in-children", out.in_children);
}
void read(const Members &in, Remarked &out) {
  in.required("text", out.text);
}
void read(const Members &, CameUp &) {}
void read(const Members &in, Finished &out) {
  in.required("why", out.why);
}

template <class T> void read_as(const Members &in, Record &out) {
  read(in, out.what.emplace<T>());
}

struct Kind {
  std::string_view name;
  void (*read)(const Members &, Record &);
};
constexpr Kind kKinds[] = {
    {"began", read_as<Began>},
    {"process-started", read_as<ProcessStarted>},
    {"process-named", read_as<ProcessNamed>},
    {"process-executed", read_as<ProcessExecuted>},
    {"process-ended", read_as<ProcessEnded>},
    {"thread-started", read_as<ThreadStarted>},
    {"thread-ended", read_as<ThreadEnded>},
    {"object-loaded", read_as<ObjectLoaded>},
    {"object-unloaded", read_as<ObjectUnloaded>},
    {"phase-began", read_as<PhaseBegan>},
    {"phase-ended", read_as<PhaseEnded>},
    {"entry-began", read_as<EntryBegan>},
    {"entry-ended", read_as<EntryEnded>},
    {"called", read_as<Called>},
    {"returned", read_as<Returned>},
    {"signal-received", read_as<SignalReceived>},
    {"budget-spent", read_as<BudgetSpent>},
    {"remarked", read_as<Remarked>},
    {"came-up", read_as<CameUp>},
    {"finished", read_as<Finished>},
};
static_assert(std::size(kKinds) == std::variant_size_v<decltype(Record::what)>, "each kind of record has a name");

void read(const Members &in, Record &out) {
  std::int64_t at = 0;
  std::string kind;
  in.required("n", out.number);
  in.required("at-ns", at);
  in.required("process", out.process);
  in.required("thread", out.thread);
  in.optional("phase", out.phase);
  in.optional("module", out.module);
  in.required("kind", kind);
  out.at = std::chrono::nanoseconds(at);
  for (const Kind &known : kKinds)
    if (known.name == kind)
      return known.read(in, out);
  in.wrong("'kind' may not be " + in_quotes(kind));
}

} // namespace

Result<Record> record_of(std::string_view line) {
  // A record is never as deep as this; what is deeper is not kept.
  constexpr int deepest = 8;
  bool too_deep = false;
  const auto keep = [&](int depth, Json::parse_event_t, Json &) {
    too_deep |= depth > deepest;
    return depth <= deepest;
  };
  const Json json = Json::parse(line, keep, false);
  if (json.is_discarded())
    return Error{Error::Kind::malformed, "", "is not JSON"};
  if (too_deep)
    return Error{Error::Kind::malformed, "", "is no record of a trace: too deep"};
  std::optional<std::string> mistake;
  Record record;
  read(Members(json, mistake), record);
  if (mistake)
    return Error{Error::Kind::malformed, "", "is no record of a trace: " + *mistake};
  return record;
}

} // namespace initorder::trace
