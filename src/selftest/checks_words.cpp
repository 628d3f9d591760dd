// Requests, prompts, metadata and tokens: what goes in comes out.
#include <optional>
#include <set>

#include "models/audio_codes.h"
#include "request/document.h"
#include "request/keyscale.h"
#include "request/layer.h"
#include "request/presets.h"
#include "request/song_seeds.h"
#include "request/validate.h"
#include "selftest/check.h"
#include "text/dit_prompt.h"
#include "text/lm_metadata.h"
#include "text/lm_output.h"
#include "text/python_text.h"
#include "text/tokenizer.h"

namespace acestep::selftest {
namespace {

request::Gathered gathered(const std::string& text, const std::string& name) {
  request::Findings findings;
  const request::Document document = request::read_request(text, name);
  request::Gathered result =
      request::gather({request::read_layer(document, findings).layer}, findings);
  request::normalise(result, findings);
  request::validate(result, request::family_of("acestep-v15-turbo"), findings);
  request::throw_problems(findings);
  return result;
}

void check_request(Expect& expect, Workshop&) {
  const auto toml = gathered("caption = \"夜\"\nbpm = 92\nkeyscale = \"f#m\"\n", "a.toml").settings;
  const auto json = gathered(R"({"caption":"夜","bpm":92,"keyscale":"f#m"})", "a.json").settings;
  expect.same("the caption in TOML", toml.caption, "夜");
  expect.same("the caption in JSON", json.caption, toml.caption);
  expect.same("the tempo", json.bpm.value_or(0), 92);
  expect.same("the key", toml.keyscale, "F# minor");
  expect.refused("a tempo of 5", ErrorCode::kUsage, [] { gathered(R"({"bpm":5})", "a.json"); });
  expect.refused("a tempo of 'fast'", ErrorCode::kUsage,
                 [] { gathered(R"({"bpm":"fast"})", "a.json"); });
}

void check_keys(Expect& expect, Workshop&) {
  const std::set<std::string> keys(request::keyscales().begin(), request::keyscales().end());
  expect.same("the number of keys", static_cast<int64_t>(keys.size()), 70);
  for (const std::string& key : keys) {
    expect.same("the spelling of " + key, request::normalised_keyscale(key).value_or("none"), key);
  }
  expect.same("the key 'Bbm'", request::normalised_keyscale("Bbm").value_or("none"), "Bb minor");
  expect.same("the key 'H'", request::normalised_keyscale("H").value_or("none"), "none");
}

void check_seeds(Expect& expect, Workshop&) {
  request::GenerationRequest request;
  request.seeds = {4294967294};
  request.batch_size = 2;
  const auto seeds = request::song_seeds(request, [] { return int64_t{5}; });
  expect.same("the number of seeds", static_cast<int64_t>(seeds.size()), 2);
  expect.same("the first seed", seeds.front(), 4294967294);
  expect.same("the second seed", seeds.back(), 4294967295);
  request.seed_mode = "random";
  expect.same("a random seed", request::song_seeds(request, [] { return int64_t{5}; }).back(), 5);
}

void check_metadata(Expect& expect, Workshop&) {
  const text::Metadata metadata = {
      {"bpm", int64_t{92}},       {"caption", "warm: folk, 'quoted' \"twice\" – 夜"},
      {"duration", int64_t{120}}, {"keyscale", "A minor"},
      {"language", "en"},         {"timesignature", "4"}};
  const std::string thought = text::format_metadata_as_cot(metadata);
  const text::LmOutput read = text::parse_lm_output(thought + "\n\n<|audio_code_7|>");
  for (const auto& [key, value] : metadata) {
    expect.same("metadata '" + key + "' read back",
                text::to_text(text::value_of(read.metadata, key)), text::to_text(value));
  }
  expect.same("codes behind the metadata", read.audio_codes, "<|audio_code_7|>");
}

void check_prompts(Expect& expect, Workshop&) {
  expect.same("the metadata of a prompt",
              text::format_metas(text::dit_metadata({int64_t{100}, "C major", "4", 33.9})),
              "- bpm: 100\n- timesignature: 4\n- keyscale: C major\n- duration: 33 seconds\n");
  expect.same("a prompt", text::format_text_prompt("I:", "c", "m\n"),
              "# Instruction\nI:\n\n# Caption\nc\n\n# Metas\nm\n<|endoftext|>\n");
}

void check_python_numbers(Expect& expect, Workshop&) {
  expect.same("repr(0.1)", text::float_text(0.1), "0.1");
  expect.same("repr(1e16)", text::float_text(1e16), "1e+16");
  expect.same("repr(5e-324)", text::float_text(5e-324), "5e-324");
  expect.same("int(' 1_000 ')", text::parse_integer(" 1_000 ").value_or(0), 1000);
  expect.near("float('-2.5e3')", text::parse_float("-2.5e3").value_or(0.0), -2500.0, 0.0);
}

void check_codes(Expect& expect, Workshop&) {
  const std::vector<int64_t> codes = {0, 63999, 7};
  const std::string text = models::print_audio_codes(codes);
  expect.same("codes as text", text, "<|audio_code_0|><|audio_code_63999|><|audio_code_7|>");
  expect.is_true("the codes of that text", models::parse_audio_codes("x" + text + "y") == codes);
  expect.same("a code that is too large", models::clamp_audio_codes({64000}, 64000).front(), 63999);
}

void check_tokenizer(Expect& expect, Workshop& workshop) {
  const text::Tokenizer tokenizer(workshop.tiny_models() / "acestep-5Hz-lm-0.6B");
  for (const char* text : {"warm folk, brushed drums\n\n  close male voice", "Über 夜の列車 🎵",
                           "don't 12345 <|audio_code_5|>", ""}) {
    expect.same("tokens read back", tokenizer.decode(tokenizer.encode(text)), text);
  }
  expect.same("tokens of an audio code",
              static_cast<int64_t>(tokenizer.encode("<|audio_code_5|>").size()), 1);
}

}  // namespace

std::vector<Check> word_checks() {
  return {{"words.request", "TOML and JSON give one request, bad values none", check_request},
          {"words.keys", "70 musical keys and their short forms", check_keys},
          {"words.seeds", "a batch's seeds", check_seeds},
          {"words.metadata", "the language model's metadata, written and read", check_metadata},
          {"words.prompts", "the texts the models were trained on", check_prompts},
          {"words.python_numbers", "numbers as the reference prints them", check_python_numbers},
          {"words.audio_codes", "codes as text and back", check_codes},
          {"words.tokenizer", "text in any script to tokens and back", check_tokenizer}};
}

}  // namespace acestep::selftest
