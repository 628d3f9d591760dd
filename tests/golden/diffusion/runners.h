// The runners of the golden kinds around conditions and sampling; each reads all it needs from its
// case.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

void run_schedules(const Case& the_case, Check& check);

void run_prepare_noise(const Case& the_case, Check& check);
void run_dcw(const Case& the_case, Check& check);
void run_apg(const Case& the_case, Check& check);
void run_adg(const Case& the_case, Check& check);

void run_masks(const Case& the_case, Check& check);
void run_padding(const Case& the_case, Check& check);
void run_scalar_logic(const Case& the_case, Check& check);

void run_generate_audio(const Case& the_case, Check& check);
void run_flow_edit(const Case& the_case, Check& check);
void run_end_to_end(const Case& the_case, Check& check);

}  // namespace acestep::golden
