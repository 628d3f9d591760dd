#include "golden/codec/runners.h"

namespace acestep::golden {

void add_codec_kinds(KindTable& table);

void add_codec_kinds(KindTable& table) {
  table["acoustic/snake"] = run_snake;
  table["acoustic/vae_decode"] = run_vae_decode;
  table["acoustic/vae_encode"] = run_vae_encode;
  table["acoustic/vae_tiled_decode"] = run_vae_tiled_decode;
  table["acoustic/vae_tiled_encode"] = run_vae_tiled_encode;
  table["acoustic/post_decode"] = run_post_decode;
  table["acoustic/post"] = run_post;
  table["acoustic/io_resample"] = run_io_resample;
}

}  // namespace acestep::golden
