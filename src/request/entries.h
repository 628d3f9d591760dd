// Small changes to the entries of a document, for the dialects.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "request/document.h"

namespace acestep::request {

// nullptr: there is no such key.
const Entry* find_entry(const Document& document, std::string_view key);

// Removes the key. Absent: it is not there or null, which leaves a field open.
std::optional<nlohmann::json> take_entry(Document& document, std::string_view key);

// Adds what `from` says under our name; a problem when the document says that already.
void put_entry(Document& document, std::string_view from, const std::string& key,
               nlohmann::json value);

// Adds the value or puts it in the place of another, which is told as an adjustment.
void change_entry(Document& document, const std::string& key, const nlohmann::json& value,
                  const std::string& why);

// Null, or text that leaves a field open: "", "N/A", …
bool is_open(const nlohmann::json& value);

// The number a value holds or spells.
std::optional<double> number_in(const nlohmann::json& value);

// "true", 1 and the like; false for everything else.
bool is_true(const nlohmann::json& value);

// "FILE: key = 'value': allowed: …" becomes a problem of the document.
void refuse_value(Document& document, std::string_view key, const nlohmann::json& value,
                  const std::string& allowed);

}  // namespace acestep::request
