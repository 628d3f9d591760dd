#include "golden/text/runners.h"

namespace acestep::golden {

void add_text_kinds(KindTable& table) {
  table["acoustic/constants"] = run_constants;
  table["acoustic/task_logic"] = run_task_logic;
  table["acoustic/prompt_templates"] = run_prompt_templates;
  table["lm/ids"] = run_ids;
  table["lm/tokenizer_cases"] = run_tokenizer_cases;
  table["lm/prompts"] = run_prompts;
  table["lm/parsing"] = run_parsing;
}

}  // namespace acestep::golden
