// Tested by tests/unit/crypto/read_pem_test.cc.
#include "src/crypto/read_pem.h"

#include <openssl/core_names.h>
#include <openssl/pem.h>

#include "src/crypto/export_key.h"
#include "src/crypto/failure.h"
#include "src/crypto/import_key.h"
#include "src/crypto/key_state.h"

namespace writ::crypto {
namespace {

constexpr std::size_t kMaxPem = std::size_t{64} << 10;

Error bad(std::string_view what) {
  return Error(ErrorCode::kBadKey, what);
}

// OpenSSL would ask at the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return 0;
}

// The one block that is no parameters of a curve: its label.
Result<std::string_view> label_of(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  std::string_view found;
  for (std::size_t at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at + 1)) {
    const std::string_view rest = pem.substr(at + kBegin.size());
    const std::string_view label = rest.substr(0, rest.find("-----"));
    if (label == "EC PARAMETERS") continue;
    if (!found.empty()) return bad("the PEM text has more than one block: give one key");
    found = label;
  }
  if (found.empty()) return bad("there is no PEM block: it begins with -----BEGIN");
  return found;
}

Result<PkeyHandle> decode(std::string_view pem, bool is_private, const Failures& failures) {
  const Bio bytes(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bytes == nullptr) return bad("no memory for the key");
  PkeyHandle made(is_private ? PEM_read_bio_PrivateKey(bytes.get(), nullptr, no_passphrase, nullptr)
                             : PEM_read_bio_PUBKEY(bytes.get(), nullptr, no_passphrase, nullptr));
  if (made == nullptr) return failures.error(ErrorCode::kBadKey, "the PEM text holds no key that can be read");
  return made;
}

Result<Algorithm> algorithm_of(const EVP_PKEY* key, std::optional<Algorithm> said) {
  const auto fits = [&said](Algorithm one) { return !said || *said == one; };
  if (EVP_PKEY_is_a(key, "ED25519")) {
    if (!fits(Algorithm::kEdDSA)) return bad("an Ed25519 key is for EdDSA");
    return Algorithm::kEdDSA;
  }
  if (EVP_PKEY_is_a(key, "EC")) {
    char curve[64] = {};
    EVP_PKEY_get_group_name(key, curve, sizeof(curve), nullptr);
    if (std::string_view(curve) != "prime256v1") return bad("the key's curve is not P-256, which ES256 needs");
    if (!fits(Algorithm::kES256)) return bad("a P-256 key is for ES256");
    return Algorithm::kES256;
  }
  if (EVP_PKEY_is_a(key, "RSA")) {
    if (!said) return bad("an RSA key is for RS256 or PS256: say for which");
    if (*said == Algorithm::kRS256 || *said == Algorithm::kPS256) return *said;
    return bad("an RSA key is for RS256 or PS256");
  }
  return bad("the key is not Ed25519, P-256 or RSA");
}

}  // namespace

Result<Key> read_pem(std::string_view pem, std::optional<Algorithm> algorithm) {
  if (pem.size() > kMaxPem) return Error(ErrorCode::kTooMany, "a PEM text of more than 64 KiB");
  const Result<std::string_view> label = label_of(pem);
  if (!label) return label.error();
  if (label->find("ENCRYPTED") != std::string_view::npos || pem.find("ENCRYPTED") != std::string_view::npos) {
    return bad("the key is encrypted: decrypt it first, as `openssl pkey` does");
  }
  const bool is_private = label->ends_with("PRIVATE KEY");
  if (!is_private && *label != "PUBLIC KEY") {
    return bad(
        "the PEM block is neither PRIVATE KEY nor PUBLIC KEY; a certificate's key is shown by `openssl x509 -pubkey`");
  }
  const Failures failures;
  Result<PkeyHandle> made = decode(pem, is_private, failures);
  if (!made) return made.error();
  const Result<Algorithm> of = algorithm_of(made->get(), algorithm);
  if (!of) return of.error();
  // What a PEM text says of a key is checked as what a JWK says is: there is one way in.
  const Key unchecked(std::make_shared<KeyState>(*of, std::move(*made), is_private, 0));
  const Result<KeyParts> parts = export_key(unchecked, Parts::kAll);
  if (!parts) return parts.error();
  return import_key(*of, *parts);
}

}  // namespace writ::crypto
