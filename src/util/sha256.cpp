#include "util/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "util/error.h"
#include "util/mapped_file.h"

namespace acestep::util {
namespace {

constexpr size_t kDigestBytes = 32;

}  // namespace

struct Sha256::Context {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> evp{EVP_MD_CTX_new()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  ACE_CHECK(context_->evp && EVP_DigestInit_ex(context_->evp.get(), EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::add(std::span<const std::byte> bytes) {
  ACE_CHECK(EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) == 1);
}

void Sha256::add(std::string_view bytes) { add(std::as_bytes(std::span(bytes))); }

std::string Sha256::finish() {
  std::array<unsigned char, kDigestBytes> digest{};
  unsigned int digest_bytes = 0;
  ACE_CHECK(EVP_DigestFinal_ex(context_->evp.get(), digest.data(), &digest_bytes) == 1 &&
            digest_bytes == kDigestBytes);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::string sha256_of_file(const std::filesystem::path& file) {
  const MappedFile mapped(file, ErrorCode::kInput);
  Sha256 hash;
  hash.add(mapped.bytes());
  return hash.finish();
}

}  // namespace acestep::util
