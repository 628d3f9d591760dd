// The runners of the text kinds.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

// acoustic: constants.py; instructions and task names; the DiT's text and lyric prompts.
void run_constants(const Case& the_case, Check& check);
void run_task_logic(const Case& the_case, Check& check);
void run_prompt_templates(const Case& the_case, Check& check);

// lm: id layout; texts to ids and back; chat prompts; what is read from the model's output.
void run_ids(const Case& the_case, Check& check);
void run_tokenizer_cases(const Case& the_case, Check& check);
void run_prompts(const Case& the_case, Check& check);
void run_parsing(const Case& the_case, Check& check);

}  // namespace acestep::golden
