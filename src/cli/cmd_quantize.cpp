#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "cli/commands.h"
#include "cli/models_place.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "hub/size_text.h"
#include "pipeline/quantize_model.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

std::string digits(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", number);
  return text;
}

void print_losses(const pipeline::QuantizedModel& result) {
  std::vector<std::vector<std::string>> rows = {
      {"weight", "rows", "columns", "largest error", "relative error"}};
  for (const pipeline::WeightLoss& loss : result.losses) {
    rows.push_back({loss.name, std::to_string(loss.rows), std::to_string(loss.columns),
                    digits(loss.largest), digits(loss.relative())});
  }
  std::cout << columns(rows) << "all: relative error " << digits(result.relative_loss()) << '\n';
}

void print_text(const pipeline::QuantizedModel& result, const std::string& out) {
  if (!result.losses.empty()) {
    print_losses(result);
    std::cout << result.weights << " weights in INT8: " << hub::size_text(result.bytes_before)
              << " become " << hub::size_text(result.bytes_after) << '\n';
  }
  if (!out.empty()) std::cout << out << '\n';
}

json losses_json(const pipeline::QuantizedModel& result) {
  json list = json::array();
  for (const pipeline::WeightLoss& loss : result.losses) {
    list.push_back({{"name", loss.name},
                    {"rows", loss.rows},
                    {"columns", loss.columns},
                    {"largest_error", loss.largest},
                    {"relative_error", loss.relative()}});
  }
  return list;
}

json result_json(const pipeline::QuantizedModel& result, const std::string& out,
                 const std::string& dtype) {
  json object = {{"success", true},
                 {"path", out.empty() ? json() : json(out)},
                 {"type", "int8_weight_only"},
                 {"dtype", dtype},
                 {"weights", result.weights},
                 {"bytes_before", result.bytes_before},
                 {"bytes_after", result.bytes_after}};
  if (result.losses.empty()) return object;
  object["relative_error"] = result.relative_loss();
  object["report"] = losses_json(result);
  return object;
}

void require_something_to_do(const CommandCall& call, const hub::LocalModel& model) {
  if (!call.text("out").empty() || call.is_on("report")) return;
  throw Error(ErrorCode::kUsage, "quantize: --out DIR is missing",
              "Name the folder to write, such as --out checkpoints/" + model.name +
                  "-int8, or ask for --report alone.");
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const request::Settings& settings = place.settings();
  const hub::LocalModel model = named_model(call.argument(0), place.checkpoint_dir);
  require_something_of(model);
  require_something_to_do(call, model);
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(settings, isatty(STDERR_FILENO) == 1), std::cerr);
  progress.stage("quantize");
  const auto tell = [&](uint64_t done, uint64_t of) {
    progress.step(static_cast<int64_t>(done), static_cast<int64_t>(of));
  };

  const std::string dtype = call.text("dtype", "bf16");
  const pipeline::Quantizing quantizing{model.path, number_type(dtype)};
  const std::string out =
      call.text("out").empty() ? "" : folder_to_write(call.text("out")).string();
  const auto losses =
      call.is_on("report") ? pipeline::Losses::kMeasured : pipeline::Losses::kIgnored;
  const auto existing = util::existing_if(settings.force);
  const pipeline::QuantizedModel result =
      out.empty() ? pipeline::measure_quantization(quantizing, tell, stop)
                  : pipeline::quantize_model(quantizing, {out, existing}, losses, tell, stop);
  if (settings.json) {
    print_json(result_json(result, out, dtype));
  } else {
    print_text(result, out);
  }
  return 0;
}

std::vector<std::string> quantize_fields() {
  std::vector<std::string> fields = model_field_names();
  fields.insert(fields.end(), {"progress", "force"});
  return fields;
}

}  // namespace

Command quantize_command() {
  return {
      .name = "quantize",
      .summary = "a model with its linear weights in INT8, written once",
      .details =
          "Writes a new folder in which the weights that --quantization int8_weight_only (of a\n"
          "language model: --lm_quantization) would reach are 8-bit whole numbers with a scale\n"
          "per row; everything else is copied. Such a model loads without its full weights ever\n"
          "being in memory and makes the songs that quantising while loading makes, if it is\n"
          "computed in the number type given here. It stays in INT8 whatever --quantization\n"
          "says; with w8a8_dynamic its activations are quantised, too.\n"
          "\n"
          "--report tells what each weight lost: the largest error, and the root mean square of\n"
          "the errors relative to that of the weights. Without --out nothing is written.",
      .arguments = {{"NAME", "a name in the checkpoint folder, or a model folder's path"}},
      .options = {{.name = "out",
                   .value = "DIR",
                   .help = "the folder to write; --force replaces a model that is there",
                   .short_name = 'o'},
                  {.name = "type",
                   .value = "TYPE",
                   .help = "what the weights become",
                   .choices = {"int8_weight_only"},
                   .fallback = "int8_weight_only"},
                  {.name = "dtype",
                   .value = "TYPE",
                   .help = "number type that the model is to be computed in",
                   .choices = {"bf16", "fp16", "fp32"},
                   .fallback = "bf16"},
                  {.name = "report", .help = "what each weight lost"}},
      .fields = quantize_fields(),
      .examples = {{"acestep quantize acestep-v15-turbo -o checkpoints/acestep-v15-turbo-int8",
                    "half the disk, half the memory"},
                   {"acestep quantize acestep-5Hz-lm-1.7B --report", "what it would cost"}},
      .run = run};
}

}  // namespace acestep::cli
