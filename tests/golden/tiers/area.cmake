golden_area(tiers
  SOURCES tiers/kinds.cpp tiers/devices.cpp tiers/fallbacks.cpp tiers/language_models.cpp tiers/limits.cpp tiers/memory.cpp
    tiers/numbers.cpp tiers/reference.cpp tiers/startup.cpp tiers/table.cpp tiers/tier_test.cpp tiers/tiles.cpp
  LINK acestep_pipeline acestep_sim acestep_profile acestep_plan acestep_codec acestep_text acestep_request acestep_util)
