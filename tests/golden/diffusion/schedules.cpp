#include <ATen/ATen.h>

#include "diffusion/schedule.h"
#include "golden/diffusion/model_bundle.h"
#include "golden/diffusion/runners.h"
#include "models/dit_config.h"

namespace acestep::golden {
namespace {

constexpr double kScheduleBound = 1e-6;

diffusion::Schedule schedule_of(const nlohmann::json& args, const std::filesystem::path& models) {
  const models::DitConfig config =
      models::read_dit_config(models / args.at("model").get<std::string>());
  diffusion::ScheduleOptions options;
  options.family = schedule_family(config);
  if (args.contains("infer_steps") && !args["infer_steps"].is_null()) {
    options.steps = args["infer_steps"];
  }
  options.shift = args.value("shift", config.is_turbo ? 3.0 : 1.0);
  if (args.contains("timesteps") && !args["timesteps"].is_null()) {
    options.timesteps = args["timesteps"].get<std::vector<double>>();
  }
  options.cover_strength = args.value("audio_cover_strength", 1.0);
  options.cover_noise_strength = args.value("cover_noise_strength", 0.0);
  return make_schedule(options);
}

}  // namespace

void run_schedules(const Case& the_case, Check& check) {
  for (const nlohmann::json& call : the_case.data) {
    const nlohmann::json& args = call.at("args");
    const diffusion::Schedule schedule = schedule_of(args, the_case.checkpoints);
    const auto expected = call.at("result").at("t").get<std::vector<float>>();
    const std::vector<float> levels(schedule.levels.begin(), schedule.levels.end() - 1);
    const auto floats = at::TensorOptions(at::kFloat);
    check.tensor_absolute(args.dump() + " t", at::tensor(levels, floats),
                          at::tensor(expected, floats), kScheduleBound);
    std::vector<int> non_cover;
    for (int64_t k = 0; k < schedule.steps(); ++k) non_cover.push_back(k >= schedule.cover_steps);
    check.equal(args.dump() + " non_cover", non_cover, call.at("result").at("non_cover"));
    check.count();
  }
}

}  // namespace acestep::golden
