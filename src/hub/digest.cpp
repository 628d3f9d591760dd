#include "hub/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <span>
#include <vector>

#include "util/error.h"
#include "util/mapped_file.h"
#include "util/sha256.h"

namespace acestep::hub {
namespace {

constexpr size_t kBlockBytes = 1 << 20;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace

std::string file_sha256(const std::filesystem::path& file, const util::StopToken& stop,
                        const std::function<void(uint64_t)>& on_bytes) {
  std::ifstream input(file, std::ios::binary);
  if (!input) throw Error(ErrorCode::kOutput, file.string() + ": cannot be read to be checked");
  util::Sha256 hash;
  std::vector<char> block(kBlockBytes);
  uint64_t done = 0;
  while (input.read(block.data(), static_cast<std::streamsize>(block.size())), input.gcount() > 0) {
    stop.throw_if_stopped();
    const auto count = static_cast<size_t>(input.gcount());
    hash.add(std::as_bytes(std::span(block)).first(count));
    done += count;
    if (on_bytes) on_bytes(done);
  }
  if (input.bad()) throw Error(ErrorCode::kOutput, file.string() + ": reading failed");
  return hash.finish();
}

std::string file_git_blob(const std::filesystem::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kOutput);
  // git hashes "blob SIZE", a NUL and the content.
  const std::string head = "blob " + std::to_string(mapped.bytes().size()) + '\0';
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int digest_bytes = 0;
  ACE_CHECK(context && EVP_DigestInit_ex(context.get(), EVP_sha1(), nullptr) == 1);
  ACE_CHECK(EVP_DigestUpdate(context.get(), head.data(), head.size()) == 1);
  ACE_CHECK(EVP_DigestUpdate(context.get(), mapped.bytes().data(), mapped.bytes().size()) == 1);
  ACE_CHECK(EVP_DigestFinal_ex(context.get(), digest.data(), &digest_bytes) == 1);
  return hexadecimal(std::span(digest).first(digest_bytes));
}

bool is_digest(std::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace acestep::hub
