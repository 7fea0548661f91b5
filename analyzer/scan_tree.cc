// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analyzer/scan_tree.h"

#include "analyzer/facts/extract.h"
#include "analyzer/link/program.h"
#include "analyzer/link/slim.h"
#include "analyzer/parallel.h"
#include "analyzer/prepass/prepass.h"
#include "analyzer/simulate/evaluate.h"
#include "analyzer/simulate/scenarios.h"
#include "analyzer/simulate/startup.h"
#include "analyzer/tree/build_flags.h"
#include "analyzer/tree/source_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <tuple>

#include <malloc.h>

namespace initorder {
namespace {

std::pair<std::string, std::string> split_field(const std::string &name) {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? std::pair<std::string, std::string>{name, {}}
                                  : std::pair{name.substr(0, dot), name.substr(dot + 1)};
}

Seeds seeds_of(const Packs &packs, const HostPack &host, const WantedEffects &wanted) {
  Seeds seeds;
  const auto add = [&](const LibraryFunction &function) {
    const bool asked = std::any_of(function.effects.begin(), function.effects.end(),
                                   [&](const CallEffect &effect) { return wanted.contains(effect.effect); });
    const auto [name, field] = split_field(function.name);
    if (function.forks && field.empty())
      seeds.forks.insert(name);
    if (asked && function.never_returns && field.empty())
      seeds.leaves.insert(name); // what leads to the end of a process is everything
    else if (!asked && function.runs.empty() && !function.resource && !function.forks && !function.stores)
      return;
    else
      field.empty() ? seeds.names.insert(name) : seeds.fields.insert(field);
  };
  std::for_each(host.functions.begin(), host.functions.end(), add);
  for (const LibraryPack &library : packs.libraries)
    std::for_each(library.functions.begin(), library.functions.end(), add);
  seeds.deciders = decided_variables(host);
  for (const PlaceVariable &variable : host.place_variables)
    seeds.deciders.insert(variable.global);
  for (const Phase &phase : host.phases) {
    seeds.names.insert(phase.opened_by.begin(), phase.opened_by.end());
    for (const EntryPoint &entry : phase.entries) {
      if (!entry.if_calls.empty())
        seeds.asked_for.insert(entry.if_calls);
      for (const std::string &name : entry.names)
        if (entry.kind == EntryPoint::Kind::core_symbol)
          seeds.names.insert(name);
        else if (entry.kind != EntryPoint::Kind::interposer)
          seeds.entry_words.insert(split_field(name).first);
    }
  }
  return seeds;
}

/// Its macros in each version: those that any version defines.
VersionedLibrary versions_of(const LibraryPack &library, const Scenario &fixed) {
  VersionedLibrary out{version_variable(library.name), {}, versions_wanted(library, fixed)};
  std::set<std::string> names;
  for (const LibraryVersion &version : library.versions)
    for (const std::string &define : version.defines)
      names.insert(define.substr(0, define.find('=')));
  for (const LibraryVersion &version : library.versions) {
    std::vector<VersionMacro> &macros = out.versions.emplace_back();
    for (const std::string &name : names) {
      const auto define = std::ranges::find_if(version.defines, [&](const std::string &d) { return d.starts_with(name + "="); });
      macros.push_back({name, define == version.defines.end() ? "" : define->substr(name.size() + 1)});
    }
  }
  return out;
}

/// Of a module that is loaded every file is read: whoever writes the variables of its parameters is then known.
void keep_whole(const SourceTree &tree, const Configured &configured, Kept &kept) {
  for (unsigned file = 0; file < tree.files.size(); ++file)
    if (const unsigned unit = tree.files[file].unit; unit != 0 && configured.loads(tree.units[unit].name))
      kept.files.push_back(file);
  std::ranges::sort(kept.files);
  const auto repeated = std::ranges::unique(kept.files);
  kept.files.erase(repeated.begin(), repeated.end());
}

ExtractContext context_for(const SourceTree &tree, const Packs &packs, const Scenario &fixed, Kept &kept) {
  ExtractContext context;
  context.root = tree.root;
  context.header_functions = std::move(kept.header_functions);
  for (const LibraryFunction &function : tree.host->functions)
    context.records.insert(split_field(function.name).first);
  for (const Phase &phase : tree.host->phases)
    for (const EntryPoint &entry : phase.entries)
      for (const std::string &name : entry.names)
        context.records.insert(split_field(name).first);
  for (const std::string &name : tree.host->config.parameters.fields) {
    context.records.insert(split_field(name).first);
    context.parameter_records.insert(split_field(name).first);
  }
  for (const LibraryPack &library : packs.libraries)
    for (const HeaderDefault &header : library.headers)
      context.header_defaults.emplace_back(header.header, header.defines);
  for (const LibraryPack &library : packs.libraries)
    if (!library.versions.empty())
      context.libraries.push_back(versions_of(library, fixed));
  return context;
}

/// Adds those through whom they are called.
void add_callers(const TranslationUnitFacts &facts, std::unordered_set<std::string> &functions) {
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds && !functions.empty(); ++round)
    for (const FunctionFacts &function : facts.functions)
      for (const Block &block : function.blocks)
        for (const Step &step : block.steps)
          if (step.kind == Step::Kind::call && step.call.callee.kind == Expr::Kind::function &&
              functions.contains(step.call.callee.name))
            functions.insert(function.name);
}

/// The functions that write a variable which one of them derives from what the scenario decides.
std::unordered_set<std::string> writers_of_decided(const TranslationUnitFacts &facts,
                                                   const std::unordered_set<std::string> &deciders) {
  std::unordered_set<std::string> out;
  for (const auto &[variable, writers] : facts.writers)
    if (std::any_of(facts.functions.begin(), facts.functions.end(), [&](const FunctionFacts &function) {
          return writers.contains(function.name) && derives(function, variable, deciders);
        }))
      out.insert(writers.begin(), writers.end());
  add_callers(facts, out);
  return out;
}

bool ends_processes(const FunctionFacts &function) {
  for (std::uint32_t b = 0; b < function.blocks.size(); ++b)
    if (b != function.exit && b != function.entry && function.blocks[b].edges.empty())
      return true;
  return false;
}

/// Where some function ends a process: the functions that write pointers, for want of which it may.
std::unordered_set<std::string> writers_of_pointers(const TranslationUnitFacts &facts) {
  std::unordered_set<std::string> out;
  if (std::ranges::none_of(facts.functions, ends_processes))
    return out;
  for (const VariableFacts &variable : facts.variables)
    if (const auto writers = facts.writers.find(variable.name); variable.is_pointer && writers != facts.writers.end())
      out.insert(writers->second.begin(), writers->second.end());
  add_callers(facts, out);
  return out;
}

/// Of all that the files say, keeps what the pre-pass found to matter: most of a function is logging, most of a
/// header's functions were seen in another file.
class WhatMatters {
  static constexpr std::size_t kSmallBlocks = 8;

public:
  WhatMatters(const Kept &kept, const HostPack &host) : kept_(kept), deciders_(decided_variables(host)) {}

  /// Thread-safe.
  void keep(TranslationUnitFacts &facts, unsigned unit) {
    std::unordered_set<std::string> never_return;
    for (const FunctionFacts &function : facts.functions)
      if (function.never_returns)
        never_return.insert(function.name);
    const std::unordered_set<std::string> deciding = writers_of_decided(facts, deciders_);
    const std::unordered_set<std::string> setting = writers_of_pointers(facts);
    const auto interesting = [&](const CallFact &call) {
      return may_matter(call.callee) ||
             (call.callee.kind == Expr::Kind::function &&
              (never_return.contains(call.callee.name) || deciding.contains(call.callee.name) ||
               setting.contains(call.callee.name)));
    };
    std::erase_if(facts.functions, [&](const FunctionFacts &function) { return known_header(facts, function, unit); });
    for (FunctionFacts &function : facts.functions) {
      // Where a process ends, what it came back from before tells why: see FunctionFacts::serves_until_told.
      const bool ends = ends_processes(function);
      slim(function, [&](const CallFact &call) {
        return interesting(call) || (ends && call.callee.kind == Expr::Kind::function);
      });
      // Nothing of interest is called from here; only if it is small can what it returns be worth knowing.
      if (!kept_.names.contains(function.name) && !deciding.contains(function.name) &&
          function.blocks.size() > kSmallBlocks)
        drop_body(function);
    }
    facts.functions.shrink_to_fit();
  }

private:
  /// A pointer that is never given a name that matters leads nowhere; one that is never given any name, who knows.
  bool may_matter(const Expr &callee) const {
    switch (callee.kind) {
    case Expr::Kind::function:
      return kept_.names.contains(callee.name);
    case Expr::Kind::field:
      return kept_.fields.contains(callee.name) || !kept_.given_fields.contains(callee.name);
    case Expr::Kind::variable:
      return kept_.variables.contains(callee.name) || !kept_.given_variables.contains(callee.name);
    case Expr::Kind::dereference:
      return may_matter(callee.operands.front());
    default:
      return true;
    }
  }

  static void drop_body(FunctionFacts &function) {
    function.is_dropped = true;
    function.blocks = {Block{}, Block{}};
    function.exit = 0;
    function.entry = 1;
    // That nothing comes behind it stays known.
    if (!function.never_returns || function.runs_for_ever)
      function.blocks[1].edges = {Edge{.to = function.never_returns ? function.entry : function.exit}};
  }

  bool known_header(const TranslationUnitFacts &facts, const FunctionFacts &function, unsigned unit) {
    if (!function.is_static || function.at.file == 0)
      return false;
    const std::lock_guard lock(guard_);
    return !headers_.emplace(unit, facts.files[function.at.file], function.at.line, function.name).second;
  }

  const Kept &kept_;
  const std::unordered_set<std::string> deciders_;
  std::mutex guard_;
  std::set<std::tuple<unsigned, std::string, unsigned, std::string>> headers_;
};

/// Reads the kept files, in their order whichever thread is first. The first error ends it.
Result<std::vector<TranslationUnitFacts>> extract_all(const ExtractContext &context, const SourceTree &tree,
                                                      const Kept &kept, const std::vector<ExtractJob> &files,
                                                      unsigned jobs, const ScanOptions &options) {
  WhatMatters matters(kept, *tree.host);
  std::vector<TranslationUnitFacts> facts(files.size());
  std::mutex guard;
  std::optional<Error> first_error;
  unsigned done = 0;
  for_each_index(files.size(), jobs, [&](std::size_t i) {
    Extractor extractor(context);
    Result<TranslationUnitFacts> read = extractor.extract(files[i]);
    if (read)
      matters.keep(*read, tree.files[kept.files[i]].unit);
    const std::lock_guard lock(guard);
    if (read)
      facts[i] = std::move(*read);
    else if (!first_error)
      first_error = read.error();
    if (options.progress)
      options.progress({"parsing", ++done, static_cast<unsigned>(files.size())});
  });
  if (first_error)
    return *first_error;
  return facts;
}

void add_caveats(const std::vector<TranslationUnitFacts> &facts, std::vector<Caveat> &out) {
  for (const TranslationUnitFacts &file : facts) {
    if (file.errors > 0)
      out.push_back({Caveat::Kind::parse_errors, {file.files.front(), 0, 0},
                     fmt::format("{} error{}, the first: {}", file.errors, file.errors == 1 ? "" : "s",
                                 file.first_error)});
    for (const std::string &function : file.lost_functions)
      out.push_back({Caveat::Kind::not_read, {file.files.front(), 0, 0}, function + "() could not be followed"});
  }
}

/// The values that the globals of the scenarios have before anything ran.
Scenario defaults_of(const Program &program) {
  Scenario out;
  for (const ScenarioVariable &scenario : program.tree().host->scenario)
    for (const Variable &variable : program.variables()) {
      if (scenario.global.empty() || variable.name != scenario.global || !variable.facts || !variable.facts->has_initialiser)
        continue;
      const Value value = Evaluator::initial(program, variable.facts->initialiser, variable.translation_unit);
      if (value.kind == Value::Kind::integer)
        out[scenario.name] = std::to_string(value.integer);
    }
  return out;
}

/// One caveat for each place, whichever scenarios met it.
void add_untold(std::vector<Caveat> all, std::vector<Caveat> &out) {
  const auto key = [](const Caveat &caveat) { return std::tie(caveat.at, caveat.what); };
  std::sort(all.begin(), all.end(), [&](const Caveat &a, const Caveat &b) { return key(a) < key(b); });
  all.erase(std::unique(all.begin(), all.end(), [&](const Caveat &a, const Caveat &b) { return key(a) == key(b); }),
            all.end());
  out.insert(out.end(), all.begin(), all.end());
}

} // namespace

Result<ScanResult> scan_tree(const ScanOptions &options, const Packs &given, const TakeSequence &take) {
  // What packs say for the tracer alone is no prediction.
  const Packs packs = predicted(given);

  // Which server is it, and what belongs to it? From here the set of modules and files is final.
  Result<SourceTree> tree = read_source_tree(options.root, packs.hosts, options.host);
  if (!tree)
    return tree.error();
  const Result<Scenario> fixed = checked_settings(packs, *tree->host, options.fixed);
  if (!fixed)
    return fixed.error();
  std::vector<Caveat> missing;
  const Configured *configured = options.configured ? &*options.configured : nullptr;
  if (configured)
    for (const ConfiguredModule &module : configured->modules)
      if (std::ranges::find(tree->units, module.name, &LinkageUnit::name) == tree->units.end())
        missing.push_back({Caveat::Kind::not_read, module.at, "the module " + module.name + " is not in this tree"});
  const unsigned jobs = options.jobs ? options.jobs : std::max(1u, std::thread::hardware_concurrency());

  // Most files cannot lie between an entry point and an effect. The words in them tell which.
  const WantedEffects wanted = wanted_effects(packs, *tree->host);
  Kept kept = rule_out(*tree, seeds_of(packs, *tree->host, wanted), jobs);
  if (configured)
    keep_whole(*tree, *configured, kept);

  // The others go through the compiler's front end. From here on no source is read.
  Result<std::vector<ExtractJob>> files = compile_jobs(*tree, options.compile_database, kept.files);
  if (!files)
    return files.error();
  ExtractContext context = context_for(*tree, packs, *fixed, kept);
  context.reads_own_headers = configured != nullptr;
  Result<std::vector<TranslationUnitFacts>> facts = extract_all(context, *tree, kept, *files, jobs, options);
  if (!facts)
    return facts.error();
  ScanResult result;
  result.host = &given.hosts[static_cast<std::size_t>(tree->host - packs.hosts.data())]; // not the copy's
  result.layout = tree->layout->name;
  result.root = tree->root;
  result.files = static_cast<unsigned>(tree->files.size());
  result.parsed = static_cast<unsigned>(kept.files.size());
  result.ruled_out = result.files - result.parsed;
  result.modules = static_cast<unsigned>(tree->units.size() - 1);
  result.caveats = std::move(missing);
  add_caveats(*facts, result.caveats);

  // Names get their meaning across files. From here on the program is fixed, whatever the scenario.
  const Program program(*tree, packs, std::move(*facts), kept, wanted, configured);
  const std::vector<Scenario> scenarios = scenarios_of(program, packs, *fixed, configured);
  result.defaults = defaults_of(program);

  malloc_trim(0);

  // Each scenario is a start-up of its own.
  std::vector<Caveat> untold;
  simulate(program, packs, scenarios, configured, [&](const Simulation &simulation) {
    untold.insert(untold.end(), simulation.untold.begin(), simulation.untold.end());
    if (options.progress)
      options.progress({"simulating", static_cast<unsigned>(result.scenarios.size() + 1),
                        static_cast<unsigned>(scenarios.size())});
    result.scenarios.push_back(simulation.sequence.scenario);
    take(*result.host, simulation.sequence);
  });
  add_untold(std::move(untold), result.caveats);
  return result;
}

} // namespace initorder
