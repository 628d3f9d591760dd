golden_area(codec
  SOURCES codec/kinds.cpp codec/vae.cpp codec/post.cpp
  LINK acestep_codec acestep_diffusion acestep_models acestep_audio)
