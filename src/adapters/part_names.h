// What the tensors of adapter files are called, by PEFT, LyCORIS, Kohya's scripts and ComfyUI.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace acestep::adapters {

// The matrices a change of one weight is made of. LoRA: up · down. LoKr: w1 ⊗ w2, each of which may
// be a product itself. DoRA: the length of every row besides.
enum class Part {
  kDown,       // lora_A, lora_down: [rank, in, …]
  kUp,         // lora_B, lora_up: [out, rank, …]
  kAlpha,      // a number: what is divided by the rank
  kMagnitude,  // lora_magnitude_vector, PEFT's: [out]
  kDoraScale,  // dora_scale, LyCORIS's: [out, 1], or [1, in] for columns
  kW1,         // lokr_w1: [a, b]
  kW1A,
  kW1B,
  kW2,  // lokr_w2: [c, d, …]
  kW2A,
  kW2B,
  kT2  // lokr_t2: the core between w2_a and w2_b of a convolution
};

struct PartName {
  std::string module;  // as the file calls it: "base_model.model.layers.0.self_attn.q_proj"
  Part part;
};

// Absent: the name is no part of a LoRA, DoRA or LoKr.
std::optional<PartName> part_name(std::string_view tensor);

// "LoHa" for names of methods that are known and not read; "" for all others.
std::string_view foreign_method(std::string_view tensor);

}  // namespace acestep::adapters
