#include "adapters/adapter.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "adapters/target_names.h"
#include "adapters/weight_change.h"
#include "util/checked_math.h"
#include "util/error.h"
#include "util/mapped_file.h"
#include "util/quoted_text.h"
#include "util/sha256.h"
#include "util/strict_json.h"
#include "weights/safetensors.h"
#include "weights/safetensors_source.h"
#include "weights/scalar_type.h"
#include "weights/shape_text.h"

namespace acestep::adapters {
namespace {

namespace fs = std::filesystem;

std::string_view text_of(const util::MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

// The header's notes. What is wrong with an adapter's file is wrong with an input, not with a
// model.
std::map<std::string, std::string> metadata_of(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  try {
    return weights::parse_safetensors(mapped.bytes(), file.string()).metadata;
  } catch (const Error& error) {
    throw Error(ErrorCode::kInput, error.message(), error.hint());
  }
}

// What LyCORIS was told when it made the adapter (reference: lokr_utils.py writes it).
std::optional<int64_t> linear_dim_of(const std::map<std::string, std::string>& metadata,
                                     const std::string& file) {
  const auto text = metadata.find("lokr_config");
  if (text == metadata.end()) return std::nullopt;
  const std::string place = file + ", lokr_config";
  const auto config = util::parse_json(text->second, place, {}, ErrorCode::kInput);
  const auto dim = config.is_object() ? config.find("linear_dim") : config.end();
  if (dim == config.end() || dim->is_null()) return std::nullopt;
  if (dim->is_number_integer() && *dim >= 1 && *dim <= 1'000'000) return dim->get<int64_t>();
  throw Error(ErrorCode::kInput, place + ": linear_dim is " + util::in_quotes(dim->dump()) +
                                     ", expected a whole number 1 … 1000000");
}

// The numbers that follow a first dimension.
int64_t row_length_of(const std::vector<int64_t>& shape) {
  int64_t numbers = 1;  // bounded by the file's size
  for (std::size_t i = 1; i < shape.size(); ++i) numbers *= shape[i];
  return numbers;
}

bool has(const ModuleChange& change, Part part) { return change.parts.contains(part); }

std::string method_name(const ModuleChange& change) {
  if (change.method == Method::kLora) return change.has_lengths ? "DoRA" : "LoRA";
  return change.has_lengths ? "LoKr with DoRA" : "LoKr";
}

// Of the words, each once and in order.
std::string joined(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "+") + word;
  return text;
}

}  // namespace

Adapter::Adapter(const fs::path& path) : name_(adapter_name(path)), files_(adapter_files(path)) {
  if (!files_.config.empty()) {
    const util::MappedFile config(files_.config, ErrorCode::kInput);
    config_ = parse_peft_config(text_of(config), files_.config.string());
  }
  whole_rank_ = linear_dim_of(metadata_of(files_.weights), files_.weights.string());
  source_ = weights::open_safetensors(files_.weights);
  gather_parts();
  for (ModuleChange& change : changes_) describe(change);
}

void Adapter::refuse(const std::string& what) const {
  throw Error(ErrorCode::kInput, files_.weights.string() + ": " + what,
              "The file is incomplete, or made for another program; acestep adapters info shows "
              "what can be read.");
}

void Adapter::gather_parts() {
  std::map<std::string, ModuleChange> changes;
  for (const std::string& tensor : source_->names()) {
    const auto part = part_name(tensor);
    if (!part) {
      const std::string_view method = foreign_method(tensor);
      refuse("tensor " + util::in_quotes(tensor) +
             (method.empty() ? " is no part of a LoRA, DoRA or LoKr"
                             : " is of " + std::string(method) + ", which is not read"));
    }
    const weights::TensorInfo& info = *source_->find(tensor);
    const bool is_empty = std::find(info.shape.begin(), info.shape.end(), 0) != info.shape.end();
    const bool is_number = part->part == Part::kAlpha || c10::isFloatingType(info.dtype);
    if (is_empty || !is_number) {
      refuse("tensor '" + tensor + "' is " + std::string(c10::toString(info.dtype)) + " " +
             weights::shape_text(info.shape) + ", expected floating point numbers");
    }
    ModuleChange& change = changes[part->module];
    change.name = part->module;
    if (change.parts.emplace(part->part, tensor).second) continue;
    refuse("tensors '" + change.parts.at(part->part) + "' and '" + tensor + "' mean the same");
  }
  if (changes.empty()) refuse("holds no tensors");
  for (auto& [name, change] : changes) changes_.push_back(std::move(change));
}

const std::vector<int64_t>& Adapter::shape(const ModuleChange& change, Part part) const {
  return source_->find(change.parts.at(part))->shape;
}

std::string Adapter::told(const ModuleChange& change, Part part) const {
  return "'" + change.parts.at(part) + "' " + weights::shape_text(shape(change, part));
}

void Adapter::describe(ModuleChange& change) const {
  const bool is_lora = has(change, Part::kUp) || has(change, Part::kDown);
  const bool is_lokr = has(change, Part::kW1) || has(change, Part::kW1A) ||
                       has(change, Part::kW2) || has(change, Part::kW2A);
  if (is_lora == is_lokr) {
    refuse("module '" + change.name + "' has " +
           (is_lora ? "parts of a LoRA and of a LoKr"
                    : "no matrices, only '" + change.parts.begin()->second + "'"));
  }
  change.method = is_lora ? Method::kLora : Method::kLokr;
  change.has_lengths = has(change, Part::kMagnitude) || has(change, Part::kDoraScale);
  for (const auto& [part, tensor] : change.parts) {
    const bool is_matrix =
        part != Part::kAlpha && part != Part::kMagnitude && part != Part::kDoraScale;
    if (is_matrix && shape(change, part).size() < 2) refuse(told(change, part) + " is no matrix");
  }
  if (is_lora) {
    describe_lora(change);
  } else {
    describe_lokr(change);
  }
  if (change.has_lengths) check_lengths(change);
  if (config_) check_config(change);
  change.factor = factor_of(change);
}

void Adapter::describe_lora(ModuleChange& change) const {
  if (!has(change, Part::kUp) || !has(change, Part::kDown)) {
    refuse("module '" + change.name + "' has only one of its two matrices, '" +
           change.parts.at(has(change, Part::kUp) ? Part::kUp : Part::kDown) + "'");
  }
  const std::vector<int64_t>& up = shape(change, Part::kUp);
  const std::vector<int64_t>& down = shape(change, Part::kDown);
  if (row_length_of(up) != down.front()) {
    refuse("the ranks disagree: " + told(change, Part::kUp) + ", " + told(change, Part::kDown));
  }
  change.rank = down.front();
  change.rows = up.front();
  change.row_length = row_length_of(down);
}

void Adapter::describe_lokr(ModuleChange& change) const {
  struct Factor {
    int64_t rows;
    int64_t row_length;
  };
  // One whole matrix, or two whose product it is.
  const auto factor = [&](Part whole, Part a, Part b) -> Factor {
    if (has(change, whole) != (has(change, a) && has(change, b))) {
      if (has(change, whole)) {
        return {shape(change, whole).front(), row_length_of(shape(change, whole))};
      }
      const bool has_core = whole == Part::kW2 && has(change, Part::kT2);
      const std::vector<int64_t>& first = shape(change, a);
      const std::vector<int64_t>& second = shape(change, b);
      const int64_t inner = has_core ? first.front() : row_length_of(first);
      if (inner != second.front()) {
        refuse("the ranks disagree: " + told(change, a) + ", " + told(change, b));
      }
      change.rank = inner;
      if (!has_core) return {first.front(), row_length_of(second)};
      const std::vector<int64_t>& core = shape(change, Part::kT2);
      if (core.size() < 3 || core[0] != inner || core[1] != inner) {
        refuse("the ranks disagree: " + told(change, a) + ", " + told(change, Part::kT2));
      }
      return {row_length_of(first), row_length_of(second) * (row_length_of(core) / inner)};
    }
    refuse("module '" + change.name + "' lacks a part of its LoKr, or has one twice");
  };
  const Factor first = factor(Part::kW1, Part::kW1A, Part::kW1B);
  const Factor second = factor(Part::kW2, Part::kW2A, Part::kW2B);
  const auto product = [&](int64_t a, int64_t b) {
    const auto checked = util::checked_mul(static_cast<uint64_t>(a), static_cast<uint64_t>(b));
    if (!checked || *checked > (uint64_t{1} << 40)) {
      refuse("module '" + change.name + "' is larger than any weight");
    }
    return static_cast<int64_t>(*checked);
  };
  change.rows = product(first.rows, second.rows);
  change.row_length = product(first.row_length, second.row_length);
}

// One length a row, or a column.
void Adapter::check_lengths(const ModuleChange& change) const {
  const bool is_peft = has(change, Part::kMagnitude);
  const Part part = is_peft ? Part::kMagnitude : Part::kDoraScale;
  int64_t numbers = 1;
  for (const int64_t size : shape(change, part)) numbers *= size;
  const bool has_columns = !is_peft && shape(change, part).front() == 1;
  if (numbers == change.rows || (has_columns && change.row_length % numbers == 0)) return;
  refuse(told(change, part) + " is not one length for each of " + std::to_string(change.rows) +
         " rows");
}

void Adapter::check_config(const ModuleChange& change) const {
  const std::string config = files_.config.filename().string();
  if (config_->method != change.method) {
    refuse("'" + change.parts.begin()->second + "' is of " + method_name(change) + ", but " +
           config + " says otherwise");
  }
  const int64_t rank = config_->rank_of(without_prefixes(change.name));
  if (change.rank != 0 && change.rank != rank) {
    refuse("'" + change.parts.begin()->second + "' has the rank " + std::to_string(change.rank) +
           ", but " + config + " says " + std::to_string(rank));
  }
  if (config_->has_magnitudes && !change.has_lengths) {
    refuse("'" + change.name + ".lora_magnitude_vector' is missing, but " + config +
           " says use_dora");
  }
}

std::optional<double> Adapter::alpha_of(const ModuleChange& change) const {
  const auto alpha = change.parts.find(Part::kAlpha);
  if (alpha == change.parts.end()) return std::nullopt;
  const at::Tensor tensor = source_->tensor(alpha->second);
  const double value = tensor.numel() == 1 ? tensor.to(at::kDouble).item<double>() : NAN;
  if (std::isfinite(value)) return value;
  refuse(told(change, Part::kAlpha) + " is not one finite number");
}

// alpha / rank; 1 where the file names no alpha (ComfyUI does the same). Two whole matrices have
// the rank that LyCORIS was told, else none: it then wrote an alpha that means 1.
double Adapter::factor_of(const ModuleChange& change) const {
  if (config_) return config_->factor_of(without_prefixes(change.name));
  const int64_t rank = change.rank != 0 ? change.rank : whole_rank_.value_or(0);
  const std::optional<double> alpha = alpha_of(change);
  return alpha && rank != 0 ? *alpha / static_cast<double>(rank) : 1.0;
}

std::string Adapter::digest() const {
  constexpr std::size_t kDigits = 16;
  std::string digests = util::sha256_of_file(files_.weights);
  if (!files_.config.empty()) digests += util::sha256_of_file(files_.config);
  return util::sha256_of(digests).substr(0, kDigits);
}

std::string Adapter::methods() const {
  std::set<std::string> methods;
  for (const ModuleChange& change : changes_) methods.insert(method_name(change));
  return joined(methods);
}

int64_t Adapter::parameters() const {
  int64_t numbers = 0;
  for (const std::string& name : source_->names()) {
    int64_t product = 1;
    for (const int64_t size : source_->find(name)->shape) product *= size;
    numbers += product;
  }
  return numbers;
}

std::string Adapter::types() const {
  std::set<std::string> types;
  for (const ModuleChange& change : changes_) {
    for (const auto& [part, tensor] : change.parts) {
      if (part == Part::kAlpha) continue;
      const at::ScalarType dtype = source_->find(tensor)->dtype;
      types.emplace(weights::stored_type_name(weights::stored_type(dtype)));
    }
  }
  return joined(types);
}

at::Tensor Adapter::difference(const ModuleChange& change, const at::Tensor& base) const {
  Parts parts;
  for (const auto& [part, tensor] : change.parts) {
    if (part != Part::kAlpha) parts.emplace(part, source_->tensor(tensor).to(at::kFloat));
  }
  at::Tensor difference = change_of(parts, change.factor, base);
  if (at::isfinite(difference).all().item<bool>()) return difference;
  refuse("module '" + change.name + "' holds numbers that are not finite");
}

}  // namespace acestep::adapters
