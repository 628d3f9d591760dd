#include "request/field_lists.h"

namespace acestep::request {

std::vector<Field> adapter_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kModels;
  return {
      {.name = "lora",
       .group = kGroup,
       .type = FieldType::kTextList,
       .member = &Settings::lora,
       .help = "LoRA, DoRA or LoKr adapter of the diffusion model: a file, a folder or a name in "
               "adapter_dir, and how much of it; repeatable",
       .value_name = "PATH[:SCALE]",
       .aliases = {"lora_path", "adapter"}},
      {.name = "lora_scale",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::lora_scale,
       .help = "scale of adapters that name none; 0 changes nothing",
       .aliases = {"adapter_scale"},
       .default_note = "1"},
      {.name = "adapter_dir",
       .group = kGroup,
       .member = &Settings::adapter_dir,
       .help = "folder where adapters are looked up by name",
       .value_name = "DIR",
       .aliases = {"adapters"},
       .default_note = "adapters in project_root"},
  };
}

}  // namespace acestep::request
