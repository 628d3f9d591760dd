#include "request/song_values.h"

namespace acestep::request {

const std::vector<std::string>& vocal_languages() {
  static const std::vector<std::string> codes = {
      "ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en",  "es", "fa",     "fi",
      "fr", "he", "hi", "hr", "ht", "hu", "id", "is", "it", "ja",  "ko", "la",     "lt",
      "ms", "ne", "nl", "no", "pa", "pl", "pt", "ro", "ru", "sa",  "sk", "sr",     "sv",
      "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "yue", "zh", "unknown"};
  return codes;
}

const std::vector<std::string>& time_signatures() {
  static const std::vector<std::string> beats = {"2", "3", "4", "6"};
  return beats;
}

}  // namespace acestep::request
