// The golden kinds of the language model and of the text encoder.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

void run_text_encoder(const Case& the_case, Check& check);
void run_logits(const Case& the_case, Check& check);
void run_fsm_tables(const Case& the_case, Check& check);
void run_fsm(const Case& the_case, Check& check);
void run_sampling(const Case& the_case, Check& check);
void run_scoring(const Case& the_case, Check& check);
void run_generate(const Case& the_case, Check& check);

}  // namespace acestep::golden
