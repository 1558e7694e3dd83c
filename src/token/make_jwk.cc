// Tested by tests/unit/token/key_set_test.cc.
#include "src/token/make_jwk.h"

#include "src/base/base64url.h"
#include "src/json/writer.h"
#include "src/token/thumbprint.h"

namespace writ::token {

Result<Jwk> make_jwk(crypto::Key key, std::string id) {
  if (id.empty()) {
    Result<std::string> print = thumbprint(key);
    if (!print) return print.error();
    id = std::move(*print);
  }
  Jwk made(std::move(key), std::move(id));
  made.header = encode_header(made.key.algorithm(), made.id, "at+jwt");
  return made;
}

std::string encode_header(Algorithm algorithm, std::string_view id, std::string_view type) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .member("alg", algorithm_name(algorithm))
      .member("kid", id)
      .member("typ", type)
      .end_object();
  return encode_base64url(text);
}

}  // namespace writ::token
