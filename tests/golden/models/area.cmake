golden_area(models
  SOURCES models/checkpoint.cpp models/conditions.cpp models/decoder.cpp models/int8.cpp models/int8_layers.cpp models/kinds.cpp models/sequences.cpp
  LINK acestep_models acestep_nn acestep_weights)
