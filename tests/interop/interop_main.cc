// What the test of the two implementations needs of this one and the command does not offer:
//   sign FOLDER CLAIMS          the claims as they are, signed by the folder's key
//   pem FILE ALG                the thumbprint of the key in a PEM file
//   dpop FILE METHOD URL NOW    the thumbprint of the key that made the proof
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "src/token/key_ring.h"
#include "src/token/sign_compact.h"
#include "writ/dpop.h"
#include "writ/keys.h"

namespace {

using namespace writ;

int fail(const Error& error) {
  std::cerr << error.detail() << '\n';
  return 1;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (text.ends_with('\n'))
    text.pop_back();
  return text;
}

int sign(const std::string& folder, const std::string& claims) {
  const Result<KeySet> keys = KeySet::from_folder(folder);
  if (!keys) return fail(keys.error());
  const token::Jwk& key = keys->ring().keys().front();
  const Result<std::string> token = token::sign_compact(key.header, claims, key.key);
  if (!token) return fail(token.error());
  std::cout << *token << '\n';
  return 0;
}

int pem(const std::string& file, const std::string& algorithm) {
  const Result<KeySet> keys = KeySet::from_pem(read(file), algorithm_named(algorithm));
  if (!keys) return fail(keys.error());
  std::cout << keys->list().front().id << '\n';
  return 0;
}

int dpop(const std::string& file, const std::string& method, const std::string& url, const std::string& now) {
  DpopRequest request;
  request.method = method;
  request.url = url;
  request.now = Time{std::stoll(now) * 1'000'000};
  const Result<DpopProof> proof = verify_dpop(read(file), request);
  if (!proof) return fail(proof.error());
  std::cout << proof->key << '\n';
  return 0;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string> said(words + 1, words + count);
  if (said.size() == 3 && said[0] == "sign") return sign(said[1], said[2]);
  if (said.size() == 3 && said[0] == "pem") return pem(said[1], said[2]);
  if (said.size() == 5 && said[0] == "dpop") return dpop(said[1], said[2], said[3], said[4]);
  return 2;
}
