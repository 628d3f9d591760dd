// The JSON of a safetensors header read event by event, so that repeated keys are seen and no
// document tree is built for a hostile file.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>

#include "weights/safetensors.h"

namespace acestep::weights {

// Every event either fits the header's grammar or throws Error kModel. Offsets in the result are
// still relative to the end of the header.
class SafetensorsSax final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit SafetensorsSax(std::string file_name) : file_name_(std::move(file_name)) {}

  SafetensorsHeader take_header() { return std::move(header_); }

  bool null() override;
  bool boolean(bool value) override;
  bool number_integer(number_integer_t value) override;
  bool number_unsigned(number_unsigned_t value) override;
  bool number_float(number_float_t value, const string_t& text) override;
  bool string(string_t& value) override;
  bool binary(binary_t& value) override;
  bool start_object(std::size_t elements) override;
  bool key(string_t& value) override;
  bool end_object() override;
  bool start_array(std::size_t elements) override;
  bool end_array() override;
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& error) override;

 private:
  enum class Place { kOutside, kRoot, kMetadata, kTensor, kShape, kOffsets };
  struct Seen {
    bool dtype = false;
    bool shape = false;
    bool offsets = false;
  };

  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail_tensor(const std::string& what) const;
  void start_tensor(const std::string& name);
  void tensor_key(const std::string& name);
  void finish_tensor();

  std::string file_name_;
  Place place_ = Place::kOutside;
  std::string key_;
  StoredTensor tensor_;
  Seen seen_;
  std::vector<uint64_t> offsets_;
  std::unordered_set<std::string> names_;
  SafetensorsHeader header_;
};

}  // namespace acestep::weights
