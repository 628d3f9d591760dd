golden_area(lm
  SOURCES lm/alignment.cpp lm/fsm.cpp lm/fsm_tables.cpp lm/generate.cpp lm/given_values.cpp lm/kinds.cpp lm/lm_model.cpp lm/logits.cpp
    lm/sampling.cpp lm/scoring.cpp lm/text_encoder.cpp
  LINK acestep_alignment acestep_lm acestep_models acestep_text)
