// The parts of the field table, one per group; only request_fields.cpp puts them together.
#pragma once

#include <vector>

#include "request/field.h"

namespace acestep::request {

std::vector<Field> text_fields();
std::vector<Field> source_fields();
std::vector<Field> sampling_fields();
std::vector<Field> reference_fields();
std::vector<Field> flow_edit_fields();
std::vector<Field> seed_fields();
std::vector<Field> language_model_fields();
std::vector<Field> language_service_fields();
std::vector<Field> model_fields();
std::vector<Field> adapter_fields();
std::vector<Field> memory_fields();
std::vector<Field> output_fields();
std::vector<Field> sound_fields();  // what becomes of the song behind the models
std::vector<Field> review_fields();
std::vector<Field> terminal_fields();

// Keys of the reference's files that belong to later versions or do not change a song here.
std::vector<Field> later_fields();
std::vector<Field> ignored_fields();

}  // namespace acestep::request
