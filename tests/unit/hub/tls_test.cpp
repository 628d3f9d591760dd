// Encrypted hubs: certificates are checked, and nothing falls back to plain http.
#include <csignal>

#include "unit/hub/download_fixture.h"
#include "unit/hub/tls_front.h"

namespace acestep::hub {
namespace {

using ::acestep::testing::LoopbackServer;
using ::acestep::testing::TlsFront;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Kind = ::acestep::testing::Misdeed::Kind;

class TlsTest : public testing::DownloadTest {
 protected:
  void SetUp() override {
    DownloadTest::SetUp();
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets whose client went away
    front_ = std::make_unique<TlsFront>(server_.port(), certificate());
    access_.huggingface = front_->url();
  }
  void TearDown() override {
    front_.reset();
    DownloadTest::TearDown();
  }

  std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }
  void run_trusting(const std::string& certificates) {
    HttpClient client(limits_, certificates);
    download(plan(client), {client, access_, observer_, stop_, retry_});
  }
  std::string failure_of(const std::string& certificates) {
    try {
      run_trusting(certificates);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModel);
      return error.message() + "\n" + error.hint();
    }
    return "no Error was thrown";
  }

  std::unique_ptr<TlsFront> front_;
};

TEST_F(TlsTest, AHubWithATrustedCertificateServes) {
  run_trusting(certificate());
  expect_complete();
}

TEST_F(TlsTest, AnUnknownCertificateIsRefusedAtOnce) {
  EXPECT_THAT(failure_of(""), HasSubstr("SSL_CERT_FILE"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(TlsTest, ACertificateForAnotherNameIsRefused) {
  access_.huggingface = "https://127.0.0.1" + front_->url().substr(front_->url().rfind(':'));
  EXPECT_THAT(failure_of(certificate()), HasSubstr("SSL_CERT_FILE"));
  EXPECT_THAT(server_.requests(), IsEmpty());
}

TEST_F(TlsTest, NoRedirectLeadsToPlainHttp) {
  LoopbackServer plain;
  plain.serve("/blob", published("model.safetensors"));
  server_.misbehave({{Kind::kRedirect, 0, plain.url() + "/blob"}});
  EXPECT_THAT(failure_of(certificate()), HasSubstr("http"));
  EXPECT_THAT(plain.requests(), IsEmpty());
}

TEST_F(TlsTest, ACutIsResumed) {
  server_.misbehave({{Kind::kCut, 40'000}});
  run_trusting(certificate());
  expect_complete();
  EXPECT_EQ(server_.requests()[2].range, "bytes=40000-");
}

TEST_F(TlsTest, AFileOfCertificatesThatIsMissingIsTold) {
  EXPECT_THAT(failure_of(folder_ / "nowhere.pem"), HasSubstr("SSL_CERT_FILE"));
}

}  // namespace
}  // namespace acestep::hub
