golden_area(pipeline
  SOURCES pipeline/kinds.cpp pipeline/language_services.cpp pipeline/random_numbers.cpp pipeline/song.cpp
  LINK acestep_pipeline acestep_request acestep_audio)
