// The doors through which bytes of strangers come in, in the form that libFuzzer calls.
#pragma once

#include <cstddef>
#include <cstdint>

namespace acestep::fuzz {

// Each returns 0 when the bytes were read and -1 when they were refused with the Error that the
// door promises. Anything else that leaves them is a mistake of ours.
int fuzz_safetensors(const uint8_t* bytes, size_t count);
int fuzz_torch_tensor(const uint8_t* bytes, size_t count);
// The archive's checksums catch most damage, so the pickle inside is also tried alone.
int fuzz_tensor_pickle(const uint8_t* bytes, size_t count);

// One file of an otherwise sound tokenizer folder; what opens also encodes a text.
int fuzz_tokenizer_json(const uint8_t* bytes, size_t count);
int fuzz_tokenizer_config(const uint8_t* bytes, size_t count);
int fuzz_merges(const uint8_t* bytes, size_t count);

// PEFT's adapter_config.json.
int fuzz_adapter_config(const uint8_t* bytes, size_t count);

int fuzz_audio(const uint8_t* bytes, size_t count);

// Through all that a request passes before any model is touched.
int fuzz_request_json(const uint8_t* bytes, size_t count);
int fuzz_request_toml(const uint8_t* bytes, size_t count);
int fuzz_env_file(const uint8_t* bytes, size_t count);

// What a model hub answers: its lists of files, the header lines of its answers.
int fuzz_huggingface_list(const uint8_t* bytes, size_t count);
int fuzz_modelscope_list(const uint8_t* bytes, size_t count);
int fuzz_http_head(const uint8_t* bytes, size_t count);

}  // namespace acestep::fuzz
