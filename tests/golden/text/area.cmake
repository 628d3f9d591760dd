golden_area(text
  SOURCES text/kinds.cpp text/metadata_json.cpp text/parsing.cpp text/prompts.cpp text/task_texts.cpp
    text/tokenizers.cpp
  LINK acestep_text acestep_request acestep_util)
