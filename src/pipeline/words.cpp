#include "pipeline/words.h"

#include <utility>

#include "text/description_hints.h"
#include "text/python_text.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace {

using request::GenerationRequest;

constexpr const char* kInstrumental = "[Instrumental]";

bool is_open(const std::string& language) { return language.empty() || language == "unknown"; }

lm::Wish wish_of(const GenerationRequest& request, text::Compat compat) {
  const text::DescriptionHints hints = text::find_description_hints(request.sample_query, compat);
  lm::Wish wish{.query = request.sample_query, .is_instrumental = hints.is_instrumental};
  // The reference's command line takes English for left open, and no other word on vocals.
  const bool is_reference = compat == text::Compat::kReference;
  const bool is_chosen =
      !is_open(request.vocal_language) && !(is_reference && request.vocal_language == "en");
  wish.language = is_chosen ? request.vocal_language : hints.language;
  if (!is_reference) wish.is_instrumental = wish.is_instrumental || request.instrumental;
  return wish;
}

lm::Wish wish_for_lyrics(const GenerationRequest& request) {
  return {.query = request.caption,
          .language = is_open(request.vocal_language) ? std::string() : request.vocal_language};
}

lm::Draft draft_of(const GenerationRequest& request) {
  lm::Draft draft{.caption = request.caption, .lyrics = request.lyrics};
  if (request.bpm) draft.given["bpm"] = *request.bpm;
  if (request.duration && *request.duration > 0) draft.given["duration"] = *request.duration;
  if (!request.keyscale.empty()) draft.given["keyscale"] = request.keyscale;
  if (!request.timesignature.empty()) draft.given["timesignature"] = request.timesignature;
  if (!is_open(request.vocal_language)) draft.given["language"] = request.vocal_language;
  return draft;
}

// What the user has said stays.
void fill_open(GenerationRequest& request, const SongDescription& song) {
  if (!request.bpm) request.bpm = song.bpm;
  if (request.keyscale.empty()) request.keyscale = song.keyscale;
  if (request.timesignature.empty()) request.timesignature = song.timesignature;
  if (!request.duration || *request.duration <= 0) request.duration = song.duration;
  if (is_open(request.vocal_language) && !song.language.empty()) {
    request.vocal_language = song.language;
  }
}

// The reference takes what comes back for given values, too: a length without its fraction.
void replace_all(GenerationRequest& request, const SongDescription& song) {
  if (song.duration) request.duration = song.duration;
  if (song.bpm) request.bpm = song.bpm;
  if (!song.keyscale.empty()) request.keyscale = song.keyscale;
  if (!song.timesignature.empty()) request.timesignature = song.timesignature;
}

// Nothing but lyrics were asked for.
bool has_lyrics(const SongDescription& song) { return !text::is_blank(song.lyrics); }

}  // namespace

std::vector<ServiceTask> planned_tasks(const GenerationRequest& request, text::Compat compat) {
  std::vector<ServiceTask> tasks;
  if (request.wants_sample()) tasks.emplace_back(wish_of(request, compat));
  if (request.use_format) tasks.emplace_back(draft_of(request));
  if (request.use_cot_lyrics) tasks.emplace_back(wish_for_lyrics(request));
  return tasks;
}

GenerationRequest WordWriter::write(GenerationRequest request,
                                    const at::Generator& generator) const {
  if (request.wants_sample()) write_sample(request, generator);
  if (request.use_format) rewrite(request, generator);
  if (request.use_cot_lyrics) write_lyrics(request, generator);
  request.sample_query.clear();
  request.sample_mode = request.use_format = request.use_cot_lyrics = request.allow_fallback =
      false;
  return request;
}

SongDescription WordWriter::answer(const GenerationRequest& request, const ServiceTask& task,
                                   const at::Generator& generator) const {
  const ServiceOptions options = service_options(request, compat, policy);
  ServiceAnswer answer = ask(model, task, options, generator, context);
  passes.push_back(std::move(answer.pass));
  return std::move(answer.song);
}

void WordWriter::write_sample(GenerationRequest& request, const at::Generator& generator) const {
  const SongDescription song = answer(request, wish_of(request, compat), generator);
  request.caption = song.caption;
  request.lyrics = song.lyrics;
  request.instrumental = song.is_instrumental;
  fill_open(request, song);
  request.use_cot_metas = false;
}

void WordWriter::rewrite(GenerationRequest& request, const at::Generator& generator) const {
  const SongDescription song = answer(request, draft_of(request), generator);
  if (!song.caption.empty()) request.caption = song.caption;
  if (!song.lyrics.empty()) request.lyrics = song.lyrics;
  if (compat == text::Compat::kReference) {
    replace_all(request, song);
  } else {
    fill_open(request, song);
  }
  if (song.duration) request.use_cot_metas = false;
}

void WordWriter::write_lyrics(GenerationRequest& request, const at::Generator& generator) const {
  try {
    const SongDescription song = answer(request, wish_for_lyrics(request), generator);
    if (!has_lyrics(song) && compat == text::Compat::kFixed) {
      throw Error(ErrorCode::kRejected, "create-sample: the language model wrote no lyrics",
                  "Try another seed, give lyrics, or make an instrumental: --allow_fallback.");
    }
    request.caption = song.caption;
    request.lyrics = song.lyrics;
    fill_open(request, song);
    request.use_cot_metas = false;
    request.use_cot_caption = false;
  } catch (const Error& error) {
    const bool may_fall_back = request.allow_fallback || compat == text::Compat::kReference;
    if (error.code() != ErrorCode::kRejected || !may_fall_back || !policy.may_adapt) throw;
    context.observer.adjustment({"lyrics", "generate", kInstrumental, error.message()});
    request.lyrics = kInstrumental;
    request.instrumental = true;
  }
}

}  // namespace acestep::pipeline
