// Valid files of every kind, small: what the mutations start from.
#pragma once

#include <string>
#include <vector>

namespace acestep::fuzz {

std::string safetensors_seed();
std::string torch_tensor_seed();
std::string tensor_pickle_seed();

// 256 bytes, three merges, four added tokens.
std::string tokenizer_json_seed();
std::string tokenizer_config_seed();
std::string vocabulary_seed();
std::string merges_seed();

// One of each accepted kind.
std::vector<std::string> audio_seeds();

std::string adapter_config_seed();
std::string request_json_seed();
std::string request_toml_seed();
std::string acestep_cpp_seed();
std::string reference_sidecar_seed();
std::string env_file_seed();

// Lists with a file of the vae, another model's and one that is left out.
std::string huggingface_list_seed();
std::string modelscope_list_seed();
std::string http_head_seed();

}  // namespace acestep::fuzz
