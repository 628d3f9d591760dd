// Part "align" of kind lm/scoring: attention to times, LRC texts and the lyric score.
#include <ATen/ATen.h>

#include <algorithm>

#include "alignment/consensus.h"
#include "alignment/lyric_files.h"
#include "alignment/lyric_score.h"
#include "alignment/lyric_times.h"
#include "golden/lm/scoring.h"

namespace acestep::golden {
namespace {

using alignment::AttentionMap;
using alignment::HeadMaps;
using nlohmann::json;

constexpr double kMatrixBound = 1e-5;  // relative to the spread (golden/lm/README.md)
constexpr double kTimeBound = 1e-12;   // seconds
constexpr double kPartBound = 1e-7;    // of the score's parts: float32 energies

AttentionMap to_map(const at::Tensor& matrix) {
  AttentionMap map(matrix.size(0), matrix.size(1));
  const at::Tensor values = matrix.to(at::kFloat).contiguous();
  std::copy_n(values.const_data_ptr<float>(), map.values.size(), map.values.begin());
  return map;
}

at::Tensor to_tensor(const AttentionMap& map) {
  return at::tensor(map.values, at::kFloat).view({map.tokens, map.frames});
}

// The heads that the case's configuration names and that are there.
HeadMaps chosen_heads(const at::Tensor& attention, const json& config) {
  HeadMaps heads;
  for (const auto& [layer, numbers] : config.items()) {
    const int64_t index = std::stoll(layer);
    for (const json& head : numbers) {
      if (index >= attention.size(0) || head >= attention.size(1)) continue;
      heads.push_back(to_map(attention[index][head.get<int64_t>()]));
    }
  }
  return heads;
}

json path_json(const std::vector<alignment::WarpStep>& path) {
  json steps = json::array();
  for (const alignment::WarpStep& step : path) steps.push_back({step.token, step.frame});
  return steps;
}

class AlignmentCase {
 public:
  AlignmentCase(const Case& the_case, std::size_t index, const text::Tokenizer& tokenizer,
                Check& check)
      : case_(the_case),
        name_("a.align" + std::to_string(index)),
        entry_(the_case.data.at("align").at(index)),
        ids_(entry_.at("ids").get<alignment::TokenIds>()),
        decode_([&tokenizer](const alignment::TokenIds& ids) { return tokenizer.decode(ids); }),
        median_width_(entry_.value("medfilt", int64_t{1})),
        check_(check) {}

  void run() {
    const at::Tensor& attention = case_.tensor(name_ + ".attention");
    const HeadMaps heads = chosen_heads(attention, entry_.at("config"));
    check_.equal(name_ + ", no head is there", heads.empty(), entry_.value("error", false));
    if (heads.empty()) return;
    check_.tensor(name_ + ".vis_matrix", to_tensor(mean_of(heads)),
                  case_.tensor(name_ + ".vis_matrix"), kMatrixBound);
    check_times(heads);
    check_score(heads);
  }

 private:
  void check_times(const HeadMaps& heads) {
    const alignment::ConsensusOptions options{entry_.value("violence", 2.0), median_width_};
    const alignment::Consensus found = find_consensus(heads, options);
    check_.tensor(name_ + ".energy_matrix", to_tensor(found.energy),
                  case_.tensor(name_ + ".energy_matrix"), kMatrixBound);
    const at::Tensor& evidence = case_.tensor(name_ + ".calc_matrix");
    if (entry_.contains("raises")) {
      check_single_head(heads, found, options);
      return;
    }
    check_.tensor(name_ + ".calc_matrix", to_tensor(found.evidence), evidence, kMatrixBound);
    check_texts(time_lyrics(sung(found), find_path(found.evidence), decode_));
  }

  // The reference takes one head's tokens for heads, averages them and fails at the path. Ours is
  // what two heads that agree give, and its mean is the reference's.
  void check_single_head(const HeadMaps& heads, const alignment::Consensus& found,
                         const alignment::ConsensusOptions& options) {
    check_.equal(name_ + ", heads", heads.size(), 1);
    check_.tensor(name_ + ".calc_matrix", to_tensor(found.evidence).mean(0),
                  case_.tensor(name_ + ".calc_matrix"), kMatrixBound);
    const alignment::Consensus twice = find_consensus({heads.front(), heads.front()}, options);
    check_.tensor(name_ + ", two equal heads", to_tensor(found.evidence), to_tensor(twice.evidence),
                  kMatrixBound);
    const auto times = time_lyrics(sung(found), find_path(found.evidence), decode_);
    check_.equal(name_ + ", path", path_json(find_path(found.evidence)),
                 path_json(find_path(twice.evidence)));
    std::vector<std::string> lines;
    for (const auto& line : times.lines) lines.push_back(line.text);
    check_.equal(name_ + ", lines", lines, {"a", "b [x] c"});
  }

  alignment::SungLyrics sung(const alignment::Consensus& found) const {
    return {ids_, entry_.at("seconds").get<double>(), found.evidence.frames};
  }

  void check_texts(const alignment::LyricTimes& times) {
    using alignment::LineEnds;
    using alignment::LyricFormat;
    check_.equal(name_ + ".lrc", write_lyrics(times, LyricFormat::kLrc), entry_.at("lrc"));
    check_.equal(name_ + ".lrc_with_end",
                 write_lyrics(times, LyricFormat::kLrc, LineEnds::kWritten),
                 entry_.at("lrc_with_end"));
    json lines = json::array();
    for (const auto& line : times.lines) {
      lines.push_back({{"confidence", 0.0},
                       {"end", line.end},
                       {"n_tokens", line.tokens.size()},
                       {"start", line.start},
                       {"text", line.text}});
    }
    check_.equal(name_ + ".sentences", lines, entry_.at("sentences"));
    const json& tokens = entry_.at("token_timestamps");
    check_.equal(name_ + ", tokens", times.tokens.size(), tokens.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const auto& token = times.tokens.at(i);
      const std::string label = name_ + ", token " + std::to_string(i);
      check_.equal(label, token.text, tokens[i].at("text"));
      check_.equal(label, token.id, tokens[i].at("token_id"));
      check_.measured(label, std::abs(token.start - tokens[i].at("start").get<double>()),
                      kTimeBound);
      check_.measured(label, std::abs(token.end - tokens[i].at("end").get<double>()), kTimeBound);
    }
  }

  void check_score(const HeadMaps& heads) {
    const alignment::ScoredPath scored = alignment::score_path(heads, median_width_);
    check_.tensor(name_ + ".score_energy", to_tensor(scored.energy),
                  case_.tensor(name_ + ".score_energy"), kMatrixBound);
    check_.equal(name_ + ".path", path_json(scored.path), entry_.at("path"));
    const std::vector<bool> is_sung = alignment::sung_tokens(ids_, decode_);
    check_.equal(name_ + ".type_mask", std::vector<int>(is_sung.begin(), is_sung.end()),
                 entry_.at("type_mask"));
    const alignment::LyricScore score = score_lyrics(scored, is_sung);
    check_.equal(name_ + ".lyrics_score", score.total, entry_.at("lyrics_score"));
    const std::vector<double> parts = {score.coverage, score.monotonicity, score.confidence};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      check_.measured(name_ + ".metrics " + std::to_string(i),
                      std::abs(parts[i] - entry_.at("metrics").at(i).get<double>()), kPartBound);
    }
  }

  const Case& case_;
  std::string name_;
  const json& entry_;
  alignment::TokenIds ids_;
  alignment::Decode decode_;
  int64_t median_width_;
  Check& check_;
};

}  // namespace

void check_alignments(const Case& the_case, const text::Tokenizer& tokenizer, Check& check) {
  for (std::size_t i = 0; i < the_case.data.at("align").size(); ++i) {
    AlignmentCase(the_case, i, tokenizer, check).run();
    check.count();
  }
}

}  // namespace acestep::golden
