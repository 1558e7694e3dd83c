// load: how long it takes until a policy of many statements is live, and what it then takes up.
//
//   load/text/N          N statements as text -> an engine that decides, by two threads; the goal is a time, of this
//                        machine
//   load/text_one_thread/N  the same by one, which is what a host gets that does not ask for more; no goal
//   load/STAGE/N         the stages of that, by one thread, one after the other, each with what it frees; no goal
//   load/memory/N        what that policy takes up, text included, by what malloc() and src/base/bulk.h say of
//                        themselves, a statement
//   load/peak/N          the most memory that was resident while it was made, over what was before, a statement
//   load/image/N         the same as an image in sealed memory -> a policy that decides, beside a pass by hand over the
//                        same bytes: a digest of each 64 KiB, and every number held against a bound
//   load/signed_image/N  the same, signed: signature and SHA-256 checked first, beside the SHA-256 alone
//   load/entities/N      N users with ten permissions each, as JSON, an object a line -> entities
//   load/entities_image/N the same from an image with them in it, in sealed memory, which is mapped first: beside JSON
//
// Statement i is "allow read:invoice_I to user:uJ", J at random out of N: one id, one user. A permission is such a
// scope of an id at random. What is warm: the text, the image's pages; no memory is kept from one run to the next.
#define XXH_INLINE_ALL
#include <malloc.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>

#include "bench/workloads.h"
#include "src/base/bulk.h"
#include "src/policy/check.h"
#include "src/policy/emit.h"
#include "src/policy/parse.h"
#include "src/policy/plan.h"
#include "src/policy/verify.h"
#include "writ/engine.h"
#include "writ/signed_image.h"

namespace writ::bench {
namespace {

PolicyText policy_text(std::size_t statements) {
  std::mt19937_64 random(7);
  std::string text = "entity user\nentity invoice\nactions read for invoice\n";
  for (std::size_t i = 0; i < statements; ++i) {
    text += "allow read:invoice_" + std::to_string(i) + " to user:u" + std::to_string(random() % statements) + "\n";
  }
  return {"load.writ", std::move(text)};
}

Policy compiled(const PolicyText& text, unsigned threads = 1) {
  CompileBudget budget;
  budget.threads = threads;
  Compilation compilation = compile_texts({&text, 1}, budget);
  if (!compilation.policy) std::abort();
  return *compilation.policy;
}

std::size_t in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd + bulk::held();
}

// A copy in memory that nobody can write to any more.
int sealed(std::span<const std::byte> image) {
  const int descriptor = memfd_create("image", MFD_ALLOW_SEALING);
  for (std::size_t at = 0; at < image.size();) {
    const ssize_t put = write(descriptor, image.data() + at, image.size() - at);
    if (put <= 0) std::abort();
    at += static_cast<std::size_t>(put);
  }
  if (fcntl(descriptor, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) != 0) std::abort();
  return descriptor;
}

// What has to be done at the very least: map it, digest it, look at every number.
std::uint64_t pass_by_hand(int descriptor, std::size_t size) {
  constexpr std::size_t kChunk = 65536;
  void* const first = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  if (first == MAP_FAILED) std::abort();
  const auto* const bytes = static_cast<const char*>(first);
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < size; at += kChunk) {
    const std::size_t chunk = std::min(kChunk, size - at);
    sum += XXH3_128bits(bytes + at, chunk).low64;
    std::uint32_t past = 0;
    for (std::size_t i = at; i + 4 <= at + chunk; i += 4) {
      std::uint32_t number;
      std::memcpy(&number, bytes + i, sizeof(number));
      past += number >= size ? 1U : 0U;
    }
    sum += past;
  }
  munmap(first, size);
  return sum;
}

// The most memory that was resident while `work` was done, over what was before; 0 where the system does not say.
template <class Work>
double peak_of(Work&& work) {
  const auto field = [](const char* name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with(name)) return 1024.0 * std::strtod(line.c_str() + std::strlen(name), nullptr);
    return 0.0;
  };
  malloc_trim(0);
  std::ofstream reset("/proc/self/clear_refs");
  reset << "5" << std::flush;  // VmHWM begins anew
  if (!reset) return 0;
  const double before = field("VmRSS:");
  work();
  return field("VmHWM:") - before;
}

template <class Work>
double seconds_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// What compile_texts() does, a stage at a time; of three runs the best of each.
void stages(Session& session, const PolicyText& text, const std::string& suffix, std::size_t statements) {
  constexpr std::size_t kStages = 6;
  constexpr const char* kNames[kStages] = {"source", "parse", "check", "plan", "emit", "verify"};
  double best[kStages] = {1e9, 1e9, 1e9, 1e9, 1e9, 1e9};
  for (int run = 0; run < 3; ++run) {
    const BulkReuse reuse;  // as compile_texts() has it: else each stage would pay for memory that it gets from another
    std::shared_ptr<const Source> source;
    std::optional<Report> report;
    std::vector<policy::Ast> asts;
    std::optional<policy::Typed> typed;
    std::optional<policy::Tree> tree;
    std::optional<policy::ImageBytes> image;
    const auto stage = [&](std::size_t number, auto&& work) {
      best[number] = std::min(best[number], seconds_of(work));
    };
    stage(0, [&] {
      source = std::make_shared<const Source>(text.name, text.text);
      report.emplace(std::vector{source});
    });
    stage(1, [&] { asts.push_back(policy::parse(source, 0, *report)); });
    stage(2, [&] {
      typed = policy::check(asts, *report, CompileBudget().image_bytes / sizeof(policy::NodeRecord));
      asts.clear();
    });
    stage(3, [&] { tree = policy::plan(std::move(*typed)); });
    stage(4, [&] {
      image = std::move(*policy::emit(std::move(*tree), 1));
      tree.reset();
    });
    stage(5, [&] {
      if (!policy::verify_emitted(std::move(*image))) std::abort();
    });
  }
  for (std::size_t i = 0; i < kStages; ++i) {
    const auto each = static_cast<int>(1e9 * best[i] / static_cast<double>(statements));
    session.put({std::string("load/") + kNames[i] + "/" + suffix, "seconds", best[i], std::nullopt,
                 std::to_string(each) + " ns a statement"});
  }
}

double seconds_to_live(const PolicyText& text, unsigned threads) {
  double best = 1e9;
  for (int run = 0; run < 3; ++run) {
    std::optional<Policy> policy;
    std::optional<Engine> engine;
    best = std::min(best, seconds_of([&] {
                      policy = compiled(text, threads);
                      engine.emplace(*policy, Entities::none(*policy));
                    }));
  }
  return best;
}

void from_text(Session& session, const PolicyText& text, const std::string& suffix, std::size_t statements) {
  session.put({"load/text/" + suffix, "seconds", seconds_to_live(text, 2), Goal{0.35, 0.25}, "the best of three"});
  session.put({"load/text_one_thread/" + suffix, "seconds", seconds_to_live(text, 1), std::nullopt, "likewise"});
  stages(session, text, suffix, statements);
  malloc_trim(0);
  const std::size_t before = in_use();
  std::optional<Policy> policy = compiled(text);
  const auto of_each = [statements](double bytes) { return bytes / static_cast<double>(statements); };
  session.put({"load/memory/" + suffix, "bytes_a_rule", of_each(static_cast<double>(in_use() - before)), Goal{120, 80},
               "of them image " + std::to_string(policy->image().size() / statements) + ", text " +
                   std::to_string(text.text.size() / statements)});
  policy.reset();
  const double peak = peak_of([&] { policy = compiled(text); });
  if (peak > 0) session.put({"load/peak/" + suffix, "bytes_a_rule", of_each(peak), std::nullopt, ""});
}

// `json`: what it takes to load them from there.
void entities_from_image(Session& session, const Policy& policy, const std::string& suffix, double json,
                         std::size_t users) {
  session.progress("load: " + suffix + " users from an image");
  const int descriptor = sealed(policy.image());
  double best = 1e9;
  std::optional<Entities> loaded;
  for (int run = 0; run < 3; ++run) {
    loaded.reset();
    best = std::min(best, seconds_of([&] {
                      const Result<Policy> taken = Policy::from_sealed(descriptor);
                      Result<Entities> made = taken ? Entities::from_image(*taken) : taken.error();
                      if (!made) std::abort();
                      loaded = std::move(*made);
                    }));
  }
  close(descriptor);
  char detail[96];
  std::snprintf(detail, sizeof(detail), "%.1f times as fast as JSON; %zu bytes a user in the image", json / best,
                policy.image().size() / users);
  session.put({"load/entities_image/" + suffix, "seconds", best, std::nullopt, detail});
}

void entities(Session& session, const std::string& suffix, std::size_t users) {
  session.progress("load: " + suffix + " users as JSON");
  const PolicyText text{"users.writ",
                        "entity user { permissions: set of scope = [] }\nentity invoice\nactions read for invoice\n"
                        "allow read:invoice_* if user.permissions covers scope\n"};
  std::mt19937_64 random(11);
  std::string json;
  json.reserve(users * 280);
  for (std::size_t i = 0; i < users; ++i) {
    json += "{\"type\":\"user\",\"id\":\"u" + std::to_string(i) + "\",\"attributes\":{\"permissions\":[";
    for (int k = 0; k < 10; ++k)
      json += (k == 0 ? "\"read:invoice_" : ",\"read:invoice_") + std::to_string(random() % users) + "\"";
    json += "]}}\n";
  }
  const Policy policy = compiled(text);
  malloc_trim(0);
  const std::size_t before = in_use();
  std::optional<Entities> loaded;
  double taken = 0;
  const double peak = peak_of([&] {
    taken = seconds_of([&] {
      Result<Entities> made = Entities::from_json(policy, json);
      if (!made) std::abort();
      loaded = std::move(*made);
    });
  });
  const auto of_each = [users](double bytes) {
    return std::to_string(static_cast<int>(bytes / static_cast<double>(users)));
  };
  entities_from_image(session, *loaded->into_image(policy), suffix, taken, users);
  session.put({"load/entities/" + suffix, "seconds", taken, std::nullopt,
               of_each(static_cast<double>(in_use() - before)) + " bytes a user kept, " + of_each(peak) +
                   " at the most, " + of_each(static_cast<double>(json.size())) + " as JSON"});
}

// The digest alone, with OpenSSL, over the same mapping.
std::uint64_t digest_by_hand(int descriptor, std::size_t size) {
  void* const first = mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
  if (first == MAP_FAILED) std::abort();
  unsigned char digest[32];
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, first, size, digest, nullptr) != 1) std::abort();
  munmap(first, size);
  return digest[0];
}

// An image that somebody has signed: mapped in, signature and digest checked, and structure verified.
void signed_image(Session& session, int descriptor, std::size_t size, const std::string& suffix) {
  const Time now{0};
  const Result<KeySet> keys = KeySet::generate(Algorithm::kEdDSA, now);
  const Result<Policy> policy = Policy::from_sealed(descriptor);
  if (!keys || !policy) std::abort();
  const Result<std::string> signature = sign_image(*policy, *keys, now);
  const Result<ImageVerifier> verifier = ImageVerifier::of_keys(*keys);
  if (!signature || !verifier) std::abort();
  const auto floor = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += digest_by_hand(descriptor, size);
    return sum;
  };
  const auto writ = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Result<Policy> taken = verifier->from_sealed(descriptor, *signature, now);
      if (!taken) std::abort();
      sum += taken->statement_count();
    }
    return sum;
  };
  const Comparison found = session.compare("load/signed_image/" + suffix, floor, writ, 1);
  char detail[96];
  std::snprintf(detail, sizeof(detail), "%.1f ms, SHA-256 alone %.1f ms", found.writ.median() / 1e6,
                found.floor.median() / 1e6);
  session.put({"load/signed_image/" + suffix, "ratio_to_digest", found.ratio(), Goal{1.1, std::nullopt}, detail});
}

}  // namespace

void load(Session& session) {
  const std::size_t statements = session.quick() ? 1'000 : 1'000'000;
  const std::string suffix = std::to_string(statements);
  session.progress("load: text of " + suffix + " statements");
  const PolicyText text = policy_text(statements);
  from_text(session, text, suffix, statements);
  std::size_t size = 0;
  const int descriptor = [&] {
    const Policy policy = compiled(text);
    size = policy.image().size();
    return sealed(policy.image());
  }();
  const auto floor = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sum += pass_by_hand(descriptor, size);
    return sum;
  };
  const auto writ = [&](std::size_t, std::size_t count) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Result<Policy> policy = Policy::from_sealed(descriptor);
      if (!policy) std::abort();
      sum += policy->statement_count();
    }
    return sum;
  };
  const Comparison comparison = session.compare("load/image/" + suffix, floor, writ, 1);
  signed_image(session, descriptor, size, suffix);
  close(descriptor);
  char detail[96];
  std::snprintf(detail, sizeof(detail), "%.1f ms, by hand %.1f ms, %zu MB", comparison.writ.median() / 1e6,
                comparison.floor.median() / 1e6, size >> 20U);
  session.put({"load/image/" + suffix, "ratio_to_floor", comparison.ratio(), Goal{1.5, 1.2}, detail});
  entities(session, suffix, statements);
}

}  // namespace writ::bench
