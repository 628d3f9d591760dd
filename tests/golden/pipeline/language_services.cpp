// What understand_music, create_sample and format_sample of the reference answered: prompts, every
// token, and the fields of the result.
#include "pipeline/language_services.h"

#include <ATen/ATen.h>

#include "diffusion/noise.h"
#include "golden/pipeline/runners.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

class SilentObserver final : public song::Observer {
 public:
  void stage(std::string_view) override {}
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment&) override {}
};

std::string text_at(const json& arguments, const char* name) {
  const auto found = arguments.find(name);
  return found != arguments.end() && found->is_string() ? found->get<std::string>() : "";
}

text::Metadata given_by(const json& arguments) {
  const json values = arguments.value("user_metadata", json::object());
  text::Metadata given;
  for (const auto& [name, value] : values.items()) {
    given[name] = value.is_string() ? text::MetadataValue(value.get<std::string>())
                                    : text::MetadataValue(value.get<int64_t>());
  }
  return given;
}

pipeline::ServiceTask task_of(const json& call) {
  const json& arguments = call.at("args");
  const std::string name = call.at("call");
  if (name == "understand_music") return pipeline::CodesToDescribe{arguments.at("audio_codes")};
  if (name == "create_sample") {
    return lm::Wish{.query = arguments.at("query"),
                    .is_instrumental = arguments.value("instrumental", false),
                    .language = text_at(arguments, "vocal_language")};
  }
  return lm::Draft{.caption = arguments.at("caption"),
                   .lyrics = arguments.at("lyrics"),
                   .given = given_by(arguments)};
}

lm::SampleOptions options_of(const json& call) {
  const json& pass = call.at("passes").at(0);
  lm::SampleOptions options;
  options.compat = text::Compat::kReference;
  options.sampling.temperature = pass.at("temperature");
  options.sampling.repetition_penalty = pass.at("repetition_penalty");
  if (pass.at("top_k").is_number()) options.sampling.top_k = pass.at("top_k");
  if (pass.at("top_p").is_number()) options.sampling.top_p = pass.at("top_p");
  return options;
}

void check_pass(const std::string& label, const lm::ComposePass& pass, const json& expected,
                Check& check) {
  check.equal(label + " prompt", pass.request.prompt, expected.at("prompt"));
  check.equal(label + " prompt ids", json::array({pass.result.prompt_ids}),
              expected.at("prompt_ids"));
  check.equal(label + " max_new_tokens", pass.request.max_new_tokens,
              expected.at("max_new_tokens"));
  check.equal(label + " new ids", pass.result.new_ids, expected.at("new_ids"));
  check.equal(label + " output", pass.result.text, expected.at("output"));
}

void check_result(const std::string& label, const json& answer, const json& expected,
                  Check& check) {
  for (const auto& [name, value] : answer.items()) {
    // understand and format results have no such field.
    if (name == "instrumental" && !expected.contains(name)) continue;
    check.equal(label + " " + name, value, expected.at(name));
  }
}

}  // namespace

void run_lm_calls(const Case& the_case, Check& check) {
  pipeline::Components components(
      pipeline::find_models({the_case.checkpoints, "acestep-v15-turbo", "acestep-5Hz-lm-0.6B"}), {},
      {}, {.keeps_models = true});
  SilentObserver observer;
  const song::StageContext context{.observer = observer, .check_stop = {}};
  for (const json& call : the_case.data) {
    const std::string label = call.at("name");
    const pipeline::ServiceAnswer answer = pipeline::serve(
        components,
        {.task = task_of(call),
         .options = {options_of(call)},
         .generator = diffusion::make_generator(call.at("global_torch_seed").get<uint64_t>())},
        context);
    check.equal(label + " passes", 1, call.at("passes").size());
    check.equal(label + " told", pipeline::service_prompt(task_of(call)),
                answer.pass.request.prompt);
    check_pass(label, answer.pass, call.at("passes").at(0), check);
    check_result(label, pipeline::to_json(answer.song), call.at("result"), check);
    check.count();
  }
}

}  // namespace acestep::golden
