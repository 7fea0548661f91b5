// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Vertices are names (in a file, in a module, or everywhere); an edge goes from a mentioned name to the
// definition that mentions it. What the seeds reach is kept.
#include "analyzer/prepass/prepass.h"

#include "analyzer/parallel.h"
#include "analyzer/prepass/file_words.h"

#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>

namespace initorder {
namespace {

/// Where a name is seen: in a unit, of which the core's is everywhere, or in a file alone.
using Scope = unsigned;
constexpr Scope kEverywhere = 0;
constexpr Scope kOneFile = 1u << 31; ///< together with the file's number

struct FileEntry {
  FileWords words;
  unsigned unit = 0;
  bool header = false;
  bool included = false; ///< a header, or a source that another one includes
};

class Mentions {
public:
  Mentions(const std::vector<FileEntry> &files, const Seeds &seeds) : files_(files) {
    for (unsigned file = 0; file < files.size(); ++file)
      index_file(file);
    for (const std::string &name : seeds.names)
      reach(kEverywhere, name);
    for (const std::string &field : seeds.fields)
      reach_field(field);
    spread_all();
    reach_leaving(seeds);
    spread_all();
  }

  std::unordered_set<std::string> names() const {
    std::unordered_set<std::string> out;
    for (const auto &[scope, name] : reached_)
      out.insert(name);
    for (const Site site : executors_)
      out.insert(definition_at(site).name);
    return out;
  }

  const std::unordered_set<std::string> &fields() const { return reached_fields_; }

  std::unordered_set<std::string> variables() const {
    std::unordered_set<std::string> out;
    for (const auto &[unit, name] : reached_variables_)
      out.insert(name);
    return out;
  }

  bool executes(unsigned file, unsigned definition) const { return executors_.contains({file, definition}); }

  bool reached(unsigned file, const std::string &name) const {
    return reached_.contains({kOneFile | file, name}) || reached_.contains({files_[file].unit, name}) ||
           reached_.contains({kEverywhere, name});
  }

private:
  struct Site {
    unsigned file, definition;
    friend auto operator<=>(const Site &, const Site &) = default;
  };

  const Definition &definition_at(Site site) const { return files_[site.file].words.definitions[site.definition]; }

  void index_file(unsigned file) {
    const FileWords &words = files_[file].words;
    for (unsigned d = 0; d < words.definitions.size(); ++d) {
      for (const std::string &name : words.definitions[d].mentions)
        by_mention_[name].push_back({file, d});
      by_name_[words.definitions[d].name].push_back({file, d});
      for (const auto &[callee, argument] : words.definitions[d].passes)
        by_argument_[argument].emplace_back(file, callee);
      for (const std::string &name : words.definitions[d].calls)
        by_call_[name].push_back({file, d});
      for (const std::string &field : words.definitions[d].field_calls)
        by_field_call_[field].push_back({file, d});
    }
    for (const auto &[field, name] : words.field_assignments)
      fields_given_[name].push_back({file, field});
    for (const auto &[variable, name] : words.variable_assignments)
      variables_given_[name].push_back({file, variable});
  }

  void reach(Scope scope, const std::string &name) {
    if (reached_.insert({scope, name}).second)
      pending_.emplace_back(scope, name);
  }

  void reach_definition(Site site) {
    const FileEntry &file = files_[site.file];
    const Definition &definition = definition_at(site);
    reach(definition.own && !file.included ? kOneFile | site.file : file.unit, definition.name);
  }

  void spread_all() {
    while (!pending_.empty()) {
      const auto [scope, name] = pending_.front();
      pending_.pop_front();
      spread(scope, name);
    }
  }

  /// What a module that makes processes ends them by: the functions that do it matter, and their callers.
  void reach_leaving(const Seeds &seeds) {
    std::unordered_set<unsigned> forking;
    for (const std::string &name : seeds.forks)
      if (const auto sites = by_call_.find(name); sites != by_call_.end())
        for (const Site site : sites->second)
          forking.insert(files_[site.file].unit);
    forking.erase(kEverywhere);
    for (const std::string &name : seeds.leaves)
      if (const auto sites = by_call_.find(name); sites != by_call_.end())
        for (const Site site : sites->second)
          if (forking.contains(files_[site.file].unit))
            reach_definition(site);
  }

  bool visible(Scope scope, unsigned file) const {
    return scope == kEverywhere || scope == (kOneFile | file) || scope == files_[file].unit;
  }

  void reach_field(const std::string &field) {
    if (!reached_fields_.insert(field).second)
      return;
    if (const auto calls = by_field_call_.find(field); calls != by_field_call_.end())
      for (const Site site : calls->second)
        reach_definition(site);
  }

  /// A function that is handed a name that matters may call it, and so may those to whom it hands its own
  /// parameters on. Its other callers are none the wiser.
  void reach_executor(unsigned unit, const std::string &name) {
    const auto sites = by_name_.find(name);
    if (sites == by_name_.end())
      return;
    for (const Site site : sites->second) {
      const FileEntry &file = files_[site.file];
      if ((file.unit != unit && file.unit != kEverywhere && !file.header) || !executors_.insert(site).second)
        continue;
      const Definition &definition = definition_at(site);
      for (const auto &[callee, argument] : definition.passes)
        if (std::find(definition.parameters.begin(), definition.parameters.end(), argument) !=
            definition.parameters.end())
          reach_executor(file.unit, callee);
    }
  }

  /// Only those who call a variable get at what it points to; names like "p" are everywhere.
  void reach_variable(unsigned unit, const std::string &variable) {
    if (!reached_variables_.insert({unit, variable}).second)
      return;
    if (const auto calls = by_call_.find(variable); calls != by_call_.end())
      for (const Site site : calls->second)
        if (unit == kEverywhere || files_[site.file].unit == unit)
          reach_definition(site);
  }

  void spread(Scope scope, const std::string &name) {
    if (const auto sites = by_mention_.find(name); sites != by_mention_.end())
      for (const Site site : sites->second)
        if (visible(scope, site.file))
          reach_definition(site);
    if (const auto passed = by_argument_.find(name); passed != by_argument_.end())
      for (const auto &[file, callee] : passed->second)
        if (visible(scope, file))
          reach_executor(files_[file].unit, callee);
    if (const auto given = fields_given_.find(name); given != fields_given_.end())
      for (const auto &[file, field] : given->second)
        if (visible(scope, file))
          reach_field(field);
    if (const auto given = variables_given_.find(name); given != variables_given_.end())
      for (const auto &[file, variable] : given->second)
        if (visible(scope, file))
          reach_variable(files_[file].unit, variable);
  }

  const std::vector<FileEntry> &files_;
  std::unordered_map<std::string, std::vector<Site>> by_name_, by_mention_, by_call_, by_field_call_;
  std::unordered_map<std::string, std::vector<std::pair<unsigned, std::string>>> fields_given_, variables_given_,
      by_argument_;
  std::set<std::pair<Scope, std::string>> reached_;
  std::set<Site> executors_;
  std::set<std::pair<unsigned, std::string>> reached_variables_;
  std::unordered_set<std::string> reached_fields_;
  std::deque<std::pair<Scope, std::string>> pending_;
};

/// A folder of modules may hold libraries too, which the host never loads by itself.
bool has_entry(const FileEntry &file, const Seeds &seeds) {
  const auto is_entry = [&](const std::string &word) { return seeds.entry_words.contains(word); };
  return std::any_of(file.words.top_level.begin(), file.words.top_level.end(), is_entry);
}

void note_asking(const FileEntry &file, const Seeds &seeds, Kept &kept) {
  for (const Definition &definition : file.words.definitions) {
    if (seeds.asked_for.contains(definition.name))
      kept.asking[definition.name].insert(file.unit);
    for (const std::string &name : seeds.asked_for)
      if (std::binary_search(definition.mentions.begin(), definition.mentions.end(), name))
        kept.asking[name].insert(file.unit);
  }
}

bool holds_something(const FileEntry &file, unsigned index, const Mentions &mentions) {
  for (unsigned d = 0; d < file.words.definitions.size(); ++d)
    if (mentions.reached(index, file.words.definitions[d].name) || mentions.executes(index, d))
      return true;
  for (const std::string &name : file.words.tables)
    if (mentions.reached(index, name))
      return true;
  return false;
}

/// Functions that only say something of their arguments, or of which process it is: is_main(rank). They reach
/// nothing, but what they return decides what their callers reach.
class Helpers {
public:
  Helpers(const std::vector<FileEntry> &files, const Seeds &seeds) : seeds_(seeds) {
    constexpr int kRounds = 2; // one helper asks another
    for (int round = 0; round < kRounds; ++round)
      for (unsigned file = 0; file < files.size(); ++file)
        for (const Definition &definition : files[file].words.definitions)
          if (is_helper(definition))
            by_name_[definition.name].insert(file);
  }

  /// The files that may define the helper; null: there is none of this name.
  const std::set<unsigned> *files_of(const std::string &name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second;
  }

private:
  bool is_helper(const Definition &definition) const {
    constexpr std::size_t kMostWords = 30;
    const bool takes_something = std::any_of(definition.parameters.begin(), definition.parameters.end(),
                                             [](const std::string &word) { return word != "void"; });
    const auto decides = [&](const std::string &word) { return seeds_.deciders.contains(word); };
    return definition.plain && definition.mentions.size() <= kMostWords &&
           (takes_something || std::any_of(definition.mentions.begin(), definition.mentions.end(), decides)) &&
           std::all_of(definition.calls.begin(), definition.calls.end(), [&](const std::string &name) {
             return begins_statement(name) || by_name_.contains(name);
           });
  }

  const Seeds &seeds_;
  std::unordered_map<std::string, std::set<unsigned>> by_name_;
};

/// Keeps the files of the helpers that a kept function calls, and of those that these call.
void keep_helpers(const std::vector<FileEntry> &files, const Seeds &seeds, const Mentions &mentions, Kept &kept,
                  std::set<unsigned> &kept_files) {
  const Helpers helpers(files, seeds);
  std::deque<std::pair<unsigned, const Definition *>> pending;
  for (const unsigned file : kept_files)
    for (unsigned d = 0; d < files[file].words.definitions.size(); ++d)
      if (const Definition &definition = files[file].words.definitions[d];
          mentions.reached(file, definition.name) || mentions.executes(file, d))
        pending.emplace_back(file, &definition);
  std::set<std::pair<unsigned, std::string>> seen;
  while (!pending.empty()) {
    const auto [caller, definition] = pending.front();
    pending.pop_front();
    for (const std::string &name : definition->calls) {
      const std::set<unsigned> *defining = helpers.files_of(name);
      for (const unsigned file : defining ? *defining : std::set<unsigned>{}) {
        const bool visible = files[file].header || files[file].unit == kEverywhere || files[file].unit == files[caller].unit;
        if (!visible || !seen.emplace(file, name).second)
          continue;
        kept.names.insert(name);
        if (files[file].header)
          kept.header_functions.insert(name);
        else
          kept_files.insert(file);
        for (const Definition &other : files[file].words.definitions)
          if (other.name == name)
            pending.emplace_back(file, &other);
      }
    }
  }
}

void mark_included(const SourceTree &tree, std::vector<FileEntry> &files) {
  std::unordered_set<std::string> names;
  for (const FileEntry &file : files)
    names.insert(file.words.included_sources.begin(), file.words.included_sources.end());
  for (unsigned i = 0; i < tree.files.size(); ++i)
    files[i].included = names.contains(tree.files[i].path.filename().string());
}

} // namespace

Kept rule_out(const SourceTree &tree, const Seeds &seeds, unsigned jobs) {
  std::vector<FileEntry> files(tree.files.size() + tree.headers.size());
  for_each_index(files.size(), jobs, [&](std::size_t i) {
    const bool header = i >= tree.files.size();
    const SourceFile &file = header ? tree.headers[i - tree.files.size()] : tree.files[i];
    files[i] = {read_words(file.path), file.unit, header, header};
  });
  mark_included(tree, files);
  const Mentions mentions(files, seeds);
  Kept kept;
  kept.names = mentions.names();
  kept.names.insert(seeds.leaves.begin(), seeds.leaves.end());
  for (const FileEntry &file : files) {
    note_asking(file, seeds, kept);
    for (const auto &[field, name] : file.words.field_assignments)
      kept.given_fields.insert(field);
    for (const auto &[variable, name] : file.words.variable_assignments)
      kept.given_variables.insert(variable);
  }
  std::erase_if(kept.asking, [](const auto &asked) { return !asked.second.contains(kEverywhere); });
  kept.fields = mentions.fields();
  kept.variables = mentions.variables();
  std::set<unsigned> kept_files;
  for (unsigned i = 0; i < files.size(); ++i) {
    if (!files[i].header) {
      if (has_entry(files[i], seeds))
        kept.enterable.insert(files[i].unit);
      if (holds_something(files[i], i, mentions))
        kept_files.insert(i);
      continue;
    }
    for (unsigned d = 0; d < files[i].words.definitions.size(); ++d)
      if (const std::string &name = files[i].words.definitions[d].name;
          mentions.reached(i, name) || mentions.executes(i, d))
        kept.header_functions.insert(name);
  }
  keep_helpers(files, seeds, mentions, kept, kept_files);
  kept.files.assign(kept_files.begin(), kept_files.end());
  return kept;
}

} // namespace initorder
