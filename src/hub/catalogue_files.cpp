#include "hub/catalogue_files.h"

#include <array>

namespace acestep::hub::known_files {
namespace {

constexpr std::array kTurbo = {
    KnownFile{"config.json", 1'968},
    KnownFile{"model.safetensors", 4'787'825'604,
              "3f6e0797fad420a39bd33979eb6e840e30989e34a3794e843d23b60ec6e422d7"},
    KnownFile{"silence_latent.pt", 3'841'215,
              "a778e9dd942f5e8b2c09c55370782d318834432b03dabbcdf70e6ed49ad6358b"},
};

constexpr std::array kVae = {
    KnownFile{"config.json", 425},
    KnownFile{"diffusion_pytorch_model.safetensors", 337'431'388,
              "da17edb604c40deaf09e9b24974e590d1ca83a374070e5d0884cfa4bed9a99b0"},
};

constexpr std::array kTextEncoder = {
    KnownFile{"added_tokens.json", 707},
    KnownFile{"chat_template.jinja", 4'116},
    KnownFile{"config.json", 1'359},
    KnownFile{"merges.txt", 1'671'853},
    KnownFile{"model.safetensors", 1'191'586'416,
              "0437e45c94563b09e13cb7a64478fc406947a93cb34a7e05870fc8dcd48e23fd"},
    KnownFile{"special_tokens_map.json", 613},
    KnownFile{"tokenizer.json", 11'423'705,
              "def76fb086971c7867b829c23a26261e38d9d74e02139253b38aeb9df8b4b50a"},
    KnownFile{"tokenizer_config.json", 5'404},
    KnownFile{"vocab.json", 2'776'833},
};

constexpr std::array kLm17 = {
    KnownFile{"added_tokens.json", 2'217'787},
    KnownFile{"chat_template.jinja", 4'168},
    KnownFile{"config.json", 1'385},
    KnownFile{"merges.txt", 1'671'853},
    KnownFile{"model.safetensors", 3'708'521'528,
              "f161689da73e5ecefa28ff780d51c2d92a00f056d021d7933c779ed5c6cd7db8"},
    KnownFile{"special_tokens_map.json", 1'824'199},
    KnownFile{"tokenizer.json", 24'321'939,
              "35af56c3f5cb3ea2cc578aa28a8937770981d504f183ac5c8c38baf4bbd4af4d"},
    KnownFile{"tokenizer_config.json", 14'072'925,
              "6cd70cdd89425971794f5235562edcc608b0629a6c4686ae51a8b8c8b8ba5e95"},
    KnownFile{"vocab.json", 2'776'833},
};

}  // namespace

std::span<const KnownFile> turbo() { return kTurbo; }
std::span<const KnownFile> vae() { return kVae; }
std::span<const KnownFile> text_encoder() { return kTextEncoder; }
std::span<const KnownFile> lm_1_7b() { return kLm17; }

}  // namespace acestep::hub::known_files
