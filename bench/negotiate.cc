// negotiate: several scopes at once into memory of the caller, beside decide() of the same scopes one after the other.
//
//   negotiate/N           N single resources of one user: 1, 8, 64
//   negotiate/N/prefix    N sets, each granted as it is
//   negotiate/owner/N     all resources asked for, and a condition grants the user's own: three among N, found by index
//   negotiate/scan/N      all resources asked for, none of N is granted, and no index says so: each is decided
//   list/owner/N          the same as negotiate/owner, as a page
//
// The policy is one page, the data N invoices of N / 3 users. What is warm: everything; each round is another user. For
// the last three there is nothing to compare with: a time is printed, the time of the first call, which makes the
// indexes, and what these take up, by what malloc() says of itself.
#include <malloc.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bench/workloads.h"
#include "writ/engine.h"

namespace writ::bench {
namespace {

constexpr const char* kPolicy = R"(
entity user
entity agent
entity invoice { owner: user }
actions read, write, list for invoice
context { tainted: bool }
allow read:invoice_*
allow write:invoice_* if invoice.owner == user
allow list:invoice_*  if invoice.id like "x*"
deny  read:*          if tainted because "tainted"
limit read:invoice_*  for 60s
trust any agent with *
)";

// Any of them may be gone to next: the time of one does not hang on the one before.
struct Side {
  explicit Side(std::size_t invoices) : users(invoices / 3) {
    const PolicyText text{"bench.writ", kPolicy};
    policy = compile_texts({&text, 1}).policy;
    if (!policy) std::abort();
    std::vector<std::string> names;
    names.reserve(invoices + users);
    std::vector<NamedValue> owners;
    owners.reserve(invoices);
    std::vector<EntityRecord> records;
    for (std::size_t i = 0; i < users; ++i)
      records.push_back({{"user", names.emplace_back("u" + std::to_string(i))}, {}, {}});
    for (std::size_t i = 0; i < invoices; ++i) {
      owners.push_back({"owner", Value::entity("user", names[i % users])});
      records.push_back({{"invoice", names.emplace_back(std::to_string(i))}, {}, {&owners.back(), 1}});
    }
    Result<Entities> entities = Entities::from_records(*policy, records);
    if (!entities) std::abort();
    engine = std::make_unique<Engine>(*policy, std::move(*entities));
    facts = std::make_unique<Facts>(*policy);
    if (!facts->set_context("tainted", Value::boolean(false))) std::abort();
    for (std::size_t i = 0; i < users; ++i)
      user_names.push_back(names[i]);
  }

  Request by(std::size_t round) const {
    Request request;
    request.user = user_names[round % users];
    request.time = Time{1'772'442'000'000'000};
    request.facts = facts.get();
    return request;
  }

  std::size_t users;
  std::optional<Policy> policy;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Facts> facts;
  std::vector<std::string> user_names;
};

void several(Session& session, const Side& side, std::size_t count, bool prefix) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i)
    texts.push_back("read:invoice_" + std::to_string(i) + (prefix ? "*" : ""));
  const std::vector<std::string_view> scopes(texts.begin(), texts.end());
  std::vector<OfferPart> parts(count);
  std::vector<char> text(64);
  const std::string name = "negotiate/" + std::to_string(count) + (prefix ? "/prefix" : "");
  session.progress(name);
  const Block decided = [&](std::size_t first, std::size_t rounds) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
      Request request = side.by(first + i);
      for (const std::string_view scope : scopes) {
        request.scope = scope;
        const Result<Decision> decision = side.engine->decide(request);
        sum += decision ? static_cast<std::uint64_t>(decision->lifetime) : 0;
      }
    }
    return sum;
  };
  const Block negotiated = [&](std::size_t first, std::size_t rounds) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < rounds; ++i) {
      Negotiation asked;
      asked.by = side.by(first + i);
      asked.scopes = scopes;
      OfferBuffer buffer{parts, text};
      const Result<OfferTerms> terms = side.engine->negotiate(asked, buffer);
      sum += terms ? static_cast<std::uint64_t>(terms->lifetime) * buffer.count : 0;
    }
    return sum;
  };
  // Everything is granted for a minute: else one of the two would be measured at something else.
  if (decided(0, 3) != negotiated(0, 3) || decided(0, 1) != 60 * count) {
    std::fprintf(stderr, "writ_bench: %s: the two do not agree\n", name.c_str());
    std::exit(1);
  }
  const Comparison comparison = session.compare(name, decided, negotiated, Session::kBlock / count);
  session.put(name, comparison);
}

double megabytes() {
  return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd) / 1e6;
}

void owned(Session& session, std::size_t invoices) {
  const std::string of = "/owner/" + std::to_string(invoices);
  session.progress("negotiate" + of);
  const Side side(invoices);
  const std::string_view scopes[] = {"write:invoice_*"};
  OfferPart parts[8];
  char text[256];
  const auto negotiate = [&](std::size_t round) {
    Negotiation asked;
    asked.by = side.by(round);
    asked.scopes = scopes;
    OfferBuffer buffer{parts, text};
    const Result<OfferTerms> terms = side.engine->negotiate(asked, buffer);
    return terms ? buffer.count : std::size_t{0};
  };
  const double before = megabytes();
  const auto start = std::chrono::steady_clock::now();
  if (negotiate(0) != 3) {
    std::fprintf(stderr, "writ_bench: negotiate%s: not the three that the user owns\n", of.c_str());
    std::exit(1);
  }
  const std::chrono::duration<double, std::milli> first = std::chrono::steady_clock::now() - start;
  const double bytes = (megabytes() - before) * 1e6 / static_cast<double>(invoices);
  const auto block = [](const auto& one) {
    return [&one](std::size_t begin, std::size_t count) {
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < count; ++i)
        sum += one(begin + i);
      return sum;
    };
  };
  const std::size_t rounds = session.quick() ? 4 : 16;
  const Series negotiated = session.measure("negotiate" + of, block(negotiate), rounds);
  session.put({"negotiate" + of, "ns", negotiated.median(), std::nullopt, spread(negotiated), true});
  session.put({"negotiate" + of, "first_call_ms", first.count(), std::nullopt, "makes the index", true});
  session.put({"negotiate" + of, "index_bytes_an_entity", bytes, std::nullopt, "", true});
  const auto scan = [&](std::size_t round) {
    const std::string_view all[] = {"list:invoice_*"};
    Negotiation asked;
    asked.by = side.by(round);
    asked.scopes = all;
    OfferBuffer buffer{parts, text};
    const Result<OfferTerms> terms = side.engine->negotiate(asked, buffer);
    return terms ? buffer.count : std::size_t{0};
  };
  const Series scanned = session.measure("negotiate/scan/" + std::to_string(invoices), block(scan), 1);
  session.put(
      {"negotiate/scan/" + std::to_string(invoices), "ns", scanned.median(), std::nullopt, spread(scanned), true});
  const auto list = [&](std::size_t round) {
    Listing asked;
    asked.by = side.by(round);
    asked.action = "write";
    asked.type = "invoice";
    const Result<Page> page = side.engine->list(asked);
    return page ? page->ids.size() : std::size_t{0};
  };
  const Series listed = session.measure("list" + of, block(list), rounds);
  session.put({"list" + of, "ns", listed.median(), std::nullopt, spread(listed), true});
}

}  // namespace

void negotiate(Session& session) {
  const Side side(3000);
  for (const std::size_t count : {std::size_t{1}, std::size_t{8}, std::size_t{64}}) {
    several(session, side, count, false);
    several(session, side, count, true);
  }
  for (const std::size_t invoices : {999, 999'999}) {
    if (!session.quick() || invoices == 999) owned(session, invoices);
  }
}

}  // namespace writ::bench
