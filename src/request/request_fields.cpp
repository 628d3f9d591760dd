#include "request/request_fields.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "request/field_lists.h"
#include "util/error.h"

namespace acestep::request {
namespace {

void append(std::vector<Field>& table, std::vector<Field> part) {
  std::move(part.begin(), part.end(), std::back_inserter(table));
}

std::vector<Field> build_table() {
  std::vector<Field> table;
  append(table, text_fields());
  append(table, source_fields());
  append(table, sampling_fields());
  append(table, reference_fields());
  append(table, flow_edit_fields());
  append(table, seed_fields());
  append(table, language_model_fields());
  append(table, language_service_fields());
  append(table, model_fields());
  append(table, adapter_fields());
  append(table, memory_fields());
  append(table, output_fields());
  append(table, sound_fields());
  append(table, review_fields());
  append(table, terminal_fields());
  append(table, later_fields());
  append(table, ignored_fields());
  return table;
}

using Index = std::map<std::string, const Field*, std::less<>>;

Index build_index() {
  Index index;
  for (const Field& field : all_fields()) {
    ACE_CHECK(index.emplace(field.name, &field).second);
    for (const std::string& alias : field.aliases) {
      ACE_CHECK(index.emplace(alias, &field).second);
    }
  }
  return index;
}

}  // namespace

const std::vector<Field>& all_fields() {
  static const std::vector<Field> table = build_table();
  return table;
}

const Field* find_field(std::string_view name) {
  static const Index index = build_index();
  std::string key(name);
  std::replace(key.begin(), key.end(), '-', '_');
  const auto found = index.find(key);
  return found == index.end() ? nullptr : found->second;
}

const Field& field_named(std::string_view name) {
  const Field* field = find_field(name);
  ACE_CHECK(field != nullptr);
  return *field;
}

const std::vector<const Field*>& supported_fields() {
  static const std::vector<const Field*> fields = [] {
    std::vector<const Field*> list;
    for (const Field& field : all_fields()) {
      if (field.support == FieldSupport::kNow) list.push_back(&field);
    }
    return list;
  }();
  return fields;
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const Field* field : supported_fields()) {
    names.push_back(field->name);
    names.insert(names.end(), field->aliases.begin(), field->aliases.end());
  }
  return names;
}

const std::vector<FieldGroup>& all_groups() {
  static const std::vector<FieldGroup> groups = {
      FieldGroup::kText,   FieldGroup::kSource,        FieldGroup::kSampling,
      FieldGroup::kSeeds,  FieldGroup::kLanguageModel, FieldGroup::kModels,
      FieldGroup::kMemory, FieldGroup::kOutput,        FieldGroup::kTerminal};
  return groups;
}

std::string_view title_of(FieldGroup group) {
  switch (group) {
    case FieldGroup::kText:
      return "The song";
    case FieldGroup::kSource:
      return "Source audio and tasks";
    case FieldGroup::kSampling:
      return "Sampling";
    case FieldGroup::kSeeds:
      return "Seeds and batch";
    case FieldGroup::kLanguageModel:
      return "5 Hz language model";
    case FieldGroup::kModels:
      return "Models and machine";
    case FieldGroup::kMemory:
      return "Memory and tiers";
    case FieldGroup::kOutput:
      return "Output";
    case FieldGroup::kTerminal:
      return "Terminal";
  }
  return "";
}

}  // namespace acestep::request
