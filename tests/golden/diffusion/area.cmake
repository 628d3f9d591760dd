golden_area(diffusion
  SOURCES diffusion/arithmetic.cpp diffusion/end_to_end.cpp diffusion/flow_edit.cpp diffusion/generate_audio.cpp
    diffusion/kinds.cpp diffusion/model_bundle.cpp diffusion/sampling_options.cpp diffusion/schedules.cpp diffusion/step_parts.cpp
  LINK acestep_codec acestep_condition acestep_diffusion acestep_audio acestep_models)
