#include "request/song_values.h"

#include <algorithm>
#include <cmath>

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

const std::vector<std::string>& wavelets() {
  static const std::vector<std::string> names = [] {
    constexpr int kLargestOrder = 20;
    std::vector<std::string> list = {"haar"};
    for (int order = 1; order <= kLargestOrder; ++order)
      list.push_back("db" + std::to_string(order));
    for (int order = 2; order <= kLargestOrder; ++order)
      list.push_back("sym" + std::to_string(order));
    return list;
  }();
  return names;
}

const std::vector<double>& turbo_levels() {
  static const std::vector<double> levels = {1.0,
                                             0.9545454545454546,
                                             0.9333333333333333,
                                             0.9,
                                             0.875,
                                             0.8571428571428571,
                                             0.8333333333333334,
                                             0.7692307692307693,
                                             0.75,
                                             0.6666666666666666,
                                             0.6428571428571429,
                                             0.625,
                                             0.5454545454545454,
                                             0.5,
                                             0.4,
                                             0.375,
                                             0.3,
                                             0.25,
                                             0.2222222222222222,
                                             0.125};
  return levels;
}

double nearest_turbo_level(double level) {
  const double wanted = static_cast<float>(level);
  const std::vector<double>& levels = turbo_levels();
  return *std::min_element(levels.begin(), levels.end(), [wanted](double a, double b) {
    return std::abs(a - wanted) < std::abs(b - wanted);
  });
}

const std::vector<std::string>& track_names() {
  static const std::vector<std::string> names = {
      "woodwinds", "brass",  "fx",   "synth", "strings",        "percussion",
      "keyboard",  "guitar", "bass", "drums", "backing_vocals", "vocals"};
  return names;
}

}  // namespace acestep::request
