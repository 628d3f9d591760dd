// The parts of a sampling step on their own: noise, wavelet correction, guidance.
#include <ATen/ATen.h>

#include <string>

#include "diffusion/dcw.h"
#include "diffusion/guidance.h"
#include "diffusion/noise.h"
#include "golden/diffusion/runners.h"
#include "golden/diffusion/sampling_options.h"

namespace acestep::golden {
namespace {

constexpr double kExact = 0.0;

// The number behind the last "_" of "out.scale_1.5", or behind "t" of "out.t0.4".
double number_in(const std::string& name) {
  const auto digits = name.find_first_of("0123456789");
  return std::stod(name.substr(digits));
}

}  // namespace

void run_prepare_noise(const Case& the_case, Check& check) {
  const nlohmann::json& params = the_case.entry.at("params");
  const auto shape = params.at("shape").get<std::vector<int64_t>>();
  const at::Tensor fp32 = noise_streams(params.at("seed"), shape[0]).draw(shape[1], at::kFloat);
  const at::Tensor bf16 = noise_streams(params.at("seed"), shape[0]).draw(shape[1], at::kBFloat16);
  check.tensor("out.noise_fp32", fp32, kExact);
  check.tensor("bf16.noise", bf16, kExact);
}

void run_dcw(const Case& the_case, Check& check) {
  const nlohmann::json& params = the_case.entry.at("params");
  diffusion::DcwOptions options;
  options.mode = diffusion::parse_dcw_mode(params.at("mode"));
  options.scaler = params.at("scaler");
  options.high_scaler = params.at("high_scaler");
  options.wavelet = params.at("wavelet");
  const diffusion::Dcw dcw(options);
  for (const auto& [name, value] : the_case.tensors) {
    if (name.rfind("out.", 0) != 0) continue;
    check.tensor(name, dcw.correct(the_case.tensor("in.x_next"), the_case.tensor("in.denoised"),
                                   number_in(name)));
  }
}

void run_apg(const Case& the_case, Check& check) {
  const nlohmann::json& params = the_case.entry.at("params");
  const at::Tensor& cond = the_case.tensor("in.cond");
  const at::Tensor& uncond = the_case.tensor("in.uncond");
  diffusion::ProjectedGuidance guidance;
  std::vector<at::Tensor> guided;
  std::vector<at::Tensor> momenta;
  for (int64_t step = 0; step < cond.size(0); ++step) {
    guided.push_back(guidance(cond[step], uncond[step], params.at("guidance_scale")));
    momenta.push_back(guidance.momentum());
  }
  check.tensor("out.guided", at::stack(guided));
  check.tensor("mid.momentum", at::stack(momenta));
}

void run_adg(const Case& the_case, Check& check) {
  const nlohmann::json& params = the_case.entry.at("params");
  const double sigma = params.at("sigma");
  for (const auto& [name, value] : the_case.tensors) {
    if (name.rfind("out.", 0) != 0) continue;
    diffusion::AngleOptions options;
    if (params.contains("angle_clip")) options.largest_angle = params["angle_clip"].get<double>();
    if (name.find("no_clip") != std::string::npos) options.largest_angle.reset();
    if (name.find("w_norm") != std::string::npos) {
      options.largest_angle = 3.14 / 3;  // reference: adg_w_norm_forward
      options.keeps_norm = true;
    }
    check.tensor(name, diffusion::angle_guidance(
                           the_case.tensor("in.latents"), the_case.tensor("in.cond"),
                           the_case.tensor("in.uncond"), sigma, number_in(name), options));
  }
}

}  // namespace acestep::golden
