// Negotiation against brute force: what is granted is sound for every id and maximal, lives no longer and demands no
// less than decide() says of anything it covers; what needs a step up, what is refused, and too_many, likewise; listing
// against every resource. WRIT_RUN_LENGTH=10 makes the run ten times as long.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "src/wire/read_request.h"
#include "tests/differential/comparing.h"
#include "tests/reference/negotiate.h"
#include "tests/reference/random.h"

namespace writ::test {
namespace {

using reference::Answer;
using reference::Case;
using reference::Cell;
using reference::CellKind;
using reference::Negotiating;
using Cells = std::set<Cell>;
using Texts = std::set<std::string>;

struct Counts {
  std::uint64_t cases = 0;
  std::uint64_t negotiations = 0;
  std::uint64_t whole = 0;
  std::uint64_t narrowed = 0;
  std::uint64_t stepped = 0;
  std::uint64_t refused = 0;
  std::uint64_t too_many = 0;
  std::uint64_t ceilings = 0;
  std::uint64_t without_audience = 0;
  std::uint64_t singles = 0;  // resources looked at one by one for soundness
  std::uint64_t listed = 0;
};

// Statements that do not compile are left out.
std::unique_ptr<Twins> made_twins(Case& made) {
  if (auto twins = Twins::make(made)) return twins;
  made = compiling(std::move(made));
  return Twins::make(made);
}

// One asker of a case, on both sides.
class Asker {
 public:
  Asker(const Twins& twins, const std::string& line, Counts& counts)
      : twins_(twins),
        counts_(counts),
        brute_(twins.reference_policy(), twins.reference_data(),
               reference::read_request(twins.reference_policy(), twins.reference_data(), line)),
        request_(*wire::read_request(twins.policy(), line, 1)),
        by_(request_.view(0)) {
    by_.scope = {};
  }

  // Empty if the answer is right.
  std::string check(const std::vector<std::string>& scopes, bool ceiling = false) {
    ++counts_.negotiations;
    wrong_.clear();
    const std::vector<std::string_view> views(scopes.begin(), scopes.end());
    Negotiation asked;
    asked.by = by_;
    asked.scopes = views;
    asked.ceiling = ceiling;
    const Result<Offer> offer = twins_.engine().negotiate(asked);
    if (!offer) return "error: " + std::string(offer.error().detail());
    for (const std::string& scope : scopes)
      check_scope(*offer, scope, ceiling);
    check_terms(*offer);
    check_cap(asked, *offer);
    check_again(*offer);
    if (scopes.size() == 1 && !ceiling) check_grant(scopes.front());
    return wrong_;
  }

  // Pages of two against every resource.
  std::string check_listing(const std::string& action, const std::string& type) {
    ++counts_.listed;
    wrong_.clear();
    Listing asked;
    asked.by = by_;
    asked.action = action;
    asked.type = type;
    asked.limit = 2;
    std::vector<std::string> expected;
    for (const std::string& id : brute_.stored(type)) {
      if (brute_.decide(Cell{action, type, CellKind::kExact, id}).verdict == reference::Verdict::kAllow)
        expected.push_back(id);
    }
    std::vector<std::string> listed;
    std::string after;
    for (bool more = true; more;) {
      asked.after = after;
      const Result<Page> page = twins_.engine().list(asked);
      if (!page) return "error: " + std::string(page.error().detail());
      if (page->every != allowed(Cell{action, type, CellKind::kAll, ""})) wrong("list: every");
      listed.insert(listed.end(), page->ids.begin(), page->ids.end());
      after = page->next;
      more = !after.empty();
      if (more && page->ids.size() != 2) return "list: a page that is not full";
    }
    if (listed != expected) wrong("list: " + join(listed) + " in place of " + join(expected));
    return wrong_;
  }

 private:
  void wrong(const std::string& what) { wrong_ += what + "\n"; }
  static std::string join(const auto& texts) {
    std::string all;
    for (const std::string& text : texts)
      all += text + " ";
    return all;
  }
  bool allowed(const Cell& cell) { return brute_.decide(cell).verdict == reference::Verdict::kAllow; }
  Cells read(const std::string& scope) const { return reference::read_asked(twins_.reference_policy(), scope); }
  bool is_name(const std::string& scope) const { return twins_.reference_policy().aliases.contains(scope); }
  bool is_ceiling(const std::string& scope) const {
    return is_name(scope) && twins_.reference_policy().aliases.at(scope).it->ceiling;
  }

  struct Parts {
    Cells granted;
    Cells stepped;
    Texts granted_names;
    Texts stepped_names;
    const Offer::Refused* refused = nullptr;
    bool ceiling = false;
  };

  // What the offer says of one scope. Parts that fell to the audiences count as granted here: check_terms() looks at
  // them.
  Parts parts_of(const Offer& offer, const std::string& scope) {
    Parts parts;
    const auto add = [&](const std::string& part, Cells& cells, Texts& names) {
      if (is_name(part)) names.insert(part);
      if (!is_name(part)) cells.merge(read(part));
    };
    for (const Offer::Granted& one : offer.granted) {
      if (one.asked != scope) continue;
      add(one.scope, parts.granted, parts.granted_names);
      parts.ceiling = parts.ceiling || one.ceiling;
    }
    for (const Offer::StepUp& one : offer.step_up) {
      if (one.asked == scope) add(one.scope, parts.stepped, parts.stepped_names);
    }
    for (const Offer::Refused& one : offer.refused) {
      if (one.scope == scope) parts.refused = &one;
    }
    return parts;
  }

  void check_scope(const Offer& offer, const std::string& scope, bool ceiling) {
    if (without_audience(offer)) return;
    const Parts parts = parts_of(offer, scope);
    const Cells asked = read(scope);
    const Answer& whole = brute_.decide(asked);
    if (parts.ceiling) return check_ceiling(scope, asked, whole);
    if (is_ceiling(scope) && whole.verdict == reference::Verdict::kAllow)
      return wrong(scope + ": not said to be a ceiling");
    if (ceiling && whole.verdict != reference::Verdict::kAllow) refuse_possible(scope, asked);
    if (whole.verdict == reference::Verdict::kAllow) {
      ++counts_.whole;
      const bool just_that = is_name(scope) ? parts.granted_names == Texts{scope} : parts.granted == asked;
      if (!just_that || !parts.stepped.empty() || !parts.stepped_names.empty()) wrong(scope + ": not granted as it is");
      if (!is_name(scope) && is_set(*asked.begin())) check_sound(*asked.begin(), find(offer, scope));
      return;
    }
    if (is_name(scope) && ceiling) return;  // may be narrowed to names as ceilings, too
    if (is_name(scope)) return check_name(scope, parts, whole);
    check_set(offer, scope, *asked.begin(), parts, whole);
  }

  const Offer::Granted* find(const Offer& offer, const std::string& scope) {
    for (const Offer::Granted& one : offer.granted) {
      if (one.scope == scope) return &one;
    }
    return nullptr;
  }

  void check_set(const Offer& offer, const std::string& scope, const Cell& asked, const Parts& parts,
                 const Answer& whole) {
    const Cells candidates = is_set(asked) ? brute_.candidates(asked) : Cells();
    if (!parts.granted.empty()) ++counts_.narrowed;
    if (!parts.stepped.empty()) ++counts_.stepped;
    if (parts.refused != nullptr) ++counts_.refused;
    // Maximal: each candidate that may be granted is, or lies in one that is.
    for (const Cell& cell : brute_.widest(candidates, reference::Verdict::kAllow)) {
      if (!reference::lie_in({cell}, parts.granted)) wrong(scope + ": might have had " + spell(cell));
    }
    for (const Cell& cell : brute_.widest(candidates, reference::Verdict::kStepUp)) {
      const bool told = reference::lie_in({cell}, parts.stepped) || reference::lie_in({cell}, parts.granted);
      if (!told) wrong(scope + ": not told of the step up for " + spell(cell));
    }
    const bool step_up = whole.verdict == reference::Verdict::kStepUp;
    if (step_up != parts.stepped.contains(asked)) wrong(scope + ": step up of all of it");
    check_parts(scope, asked, parts.granted, reference::Verdict::kAllow);
    check_parts(scope, asked, parts.stepped, reference::Verdict::kStepUp);
    for (const Cell& cell : parts.granted) {
      const Offer::Granted* const granted = find(offer, spell(cell));
      if (granted == nullptr) {
        wrong(scope + ": spelled otherwise than as " + spell(cell));
      } else {
        check_sound(cell, granted);
      }
    }
    const bool nothing = parts.granted.empty() && parts.stepped.empty();
    if (nothing != (parts.refused != nullptr)) wrong(scope + ": neither granted nor refused, or both");
    if (parts.refused != nullptr) check_refused(*parts.refused, asked, whole);
  }

  // Each part lies in what was asked for, has the verdict, and lies in no other part.
  void check_parts(const std::string& scope, const Cell& asked, const Cells& parts, reference::Verdict verdict) {
    for (const Cell& cell : parts) {
      if (!reference::lies_in(cell, asked)) wrong(scope + ": more than was asked for: " + spell(cell));
      if (brute_.decide(cell).verdict != verdict) wrong(scope + ": decide() says otherwise of " + spell(cell));
      for (const Cell& other : parts) {
        if (cell != other && reference::lies_in(cell, other)) wrong(scope + ": told twice: " + spell(cell));
      }
    }
  }

  // Whether a single resource of a granted set is refused, or asks for more, at some instant of the set's life. A limit
  // that only may apply to the set is in force at once; for one resource a test of time may say when it begins, and
  // valid_until ends there. So the two are compared instant by instant, as grammar/README.md says.
  bool laxer_in_time(const Cell& single, const Decision& part) {
    const std::int64_t end = brute_.now() + part.lifetime * 1'000'000;
    for (std::int64_t at = brute_.now(); at < end;) {
      const Answer then = brute_.decide_at(single, at);
      const bool passing = then.because == std::vector<std::string>{"no time is left"};
      if (!passing && then.verdict != reference::Verdict::kAllow) return true;
      if ((then.once && !part.once) || (then.proof && !part.proof_dpop)) return true;
      // Within a second of its end an answer is none; the next begins behind it.
      at = passing ? at + 250'000 : std::max(at, then.valid_until) + 1;
      if (!passing && then.valid_until == reference::kForever) return false;
    }
    return false;
  }

  // decide() allows every single resource in it, with a lifetime and demands no laxer.
  void check_sound(const Cell& cell, const Offer::Granted* granted) {
    if (granted == nullptr) return wrong("not granted: " + spell(cell));
    const Decision& part = granted->decision;
    const Answer& set = brute_.decide(cell);
    const std::int64_t until = part.valid_until ? part.valid_until->microseconds : reference::kForever;
    if (part.lifetime != set.lifetime || until != set.valid_until || part.once != set.once ||
        part.proof_dpop != set.proof) {
      wrong(spell(cell) + ": not what decide() demands");
    }
    if (!is_set(cell)) return;
    for (const std::string& id : brute_.ids(cell)) {
      ++counts_.singles;
      const Cell single{cell.action, cell.type, CellKind::kExact, id};
      const Answer& one = brute_.decide(single);
      const bool longer = part.lifetime > one.lifetime || until > one.valid_until;
      const bool laxer = (longer && (one.valid_until == reference::kForever || laxer_in_time(single, part))) ||
                         (one.once && !part.once) || (one.proof && !part.proof_dpop);
      const bool more = one.audience && (!set.audience || !std::includes(one.audience->begin(), one.audience->end(),
                                                                         set.audience->begin(), set.audience->end()));
      const bool passing = one.because == std::vector<std::string>{"no time is left"} && !laxer_in_time(single, part);
      if (one.verdict != reference::Verdict::kAllow && !passing) {
        wrong(spell(cell) + ": granted, and not allowed for " + id);
      }
      if (one.verdict == reference::Verdict::kAllow && (laxer || more)) wrong(spell(cell) + ": laxer than for " + id);
    }
  }

  void check_refused(const Offer::Refused& refused, const Cell& asked, const Answer& whole) {
    const auto same = [](const std::vector<std::string>& a, const auto& b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end());
    };
    if (!same(refused.because, whole.because) || !same(refused.rules, whole.rules) ||
        !same(refused.missing, whole.missing) || refused.link != whole.link ||
        refused.public_reason != whole.public_reason) {
      wrong(spell(asked) + ": other reasons: " + join(refused.because) + join(refused.rules) + join(refused.missing));
    }
    Texts instead;
    for (const auto& actions : {twins_.reference_policy().resource_actions, twins_.reference_policy().type_actions}) {
      const auto own = actions.find(asked.type);
      if (own == actions.end() || !own->second.contains(asked.action)) continue;
      for (const std::string& action : own->second) {
        const Cell other{action, asked.type, asked.kind, asked.id};
        if (action != asked.action && allowed(other)) instead.insert(spell(other));
      }
    }
    if (Texts(refused.instead.begin(), refused.instead.end()) != instead)
      wrong(spell(asked) + ": other things instead");
  }

  // A name is narrowed to declared names: of those within it, the widest, each set of cells once.
  void check_name(const std::string& scope, const Parts& parts, const Answer& whole) {
    const Cells asked = read(scope);
    for (const reference::Verdict verdict : {reference::Verdict::kAllow, reference::Verdict::kStepUp}) {
      std::set<Cells> sound;
      for (const auto& [name, alias] : twins_.reference_policy().aliases) {
        const Cells cells = read(name);
        const bool within = reference::lie_in(cells, asked) && !reference::lie_in(asked, cells);
        if (within && !alias.it->ceiling && brute_.decide(cells).verdict == verdict) sound.insert(cells);
      }
      std::set<Cells> expected;
      for (const Cells& cells : sound) {
        const bool covered = std::any_of(sound.begin(), sound.end(), [&cells](const Cells& other) {
          return other != cells && reference::lie_in(cells, other);
        });
        if (!covered) expected.insert(cells);
      }
      const bool step_up = verdict == reference::Verdict::kStepUp;
      // A ceiling may need a step up where decide() denies, and the other way round.
      if (step_up && is_ceiling(scope)) continue;
      if (step_up && whole.verdict == verdict) expected = {asked};
      std::set<Cells> told;
      for (const std::string& name : step_up ? parts.stepped_names : parts.granted_names)
        told.insert(read(name));
      if (told != expected) wrong(scope + ": other names");
    }
    if (!parts.granted.empty() || !parts.stepped.empty()) wrong(scope + ": narrowed to what is no name");
  }

  // Some resource that exists, or might, can be allowed.
  void check_ceiling(const std::string& scope, const Cells& asked, const Answer& whole) {
    ++counts_.ceilings;
    if (!is_ceiling(scope) && whole.verdict == reference::Verdict::kAllow) wrong(scope + ": a ceiling without need");
    for (const Cell& cell : asked) {
      if (!is_set(cell) && !allowed(cell)) wrong(scope + ": a ceiling over " + spell(cell));
    }
  }

  // Where some single resource of each part is allowed, a ceiling must not be refused.
  void refuse_possible(const std::string& scope, const Cells& asked) {
    const bool possible = std::all_of(asked.begin(), asked.end(), [this](const Cell& cell) {
      if (!is_set(cell)) return allowed(cell);
      const Texts ids = brute_.ids(cell);
      return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
        return allowed(Cell{cell.action, cell.type, CellKind::kExact, id});
      });
    });
    const bool several = is_name(scope) || is_set(*asked.begin());
    if (possible && several) wrong(scope + ": a ceiling refused, and some of it is allowed");
  }

  static bool without_audience(const Offer& offer) {
    return std::any_of(offer.refused.begin(), offer.refused.end(), [](const Offer::Refused& one) {
      return one.because == std::vector<std::string>{"no audience is left for all that was asked for together"};
    });
  }

  // One token over everything granted.
  void check_terms(const Offer& offer) {
    const bool ceiling =
        std::any_of(offer.granted.begin(), offer.granted.end(), [](const auto& one) { return one.ceiling; });
    if (ceiling != offer.terms.ceiling) wrong("terms: ceiling");
    if (without_audience(offer)) {
      ++counts_.without_audience;
      if (!offer.granted.empty()) wrong("granted, though no audience is left");
      check_apart(offer);
    }
    if (offer.granted.empty() != !offer.grant) wrong("a grant of nothing, or none of something");
    if (offer.granted.empty()) return;
    std::int64_t lifetime = INT64_MAX;
    std::int64_t until = reference::kForever;
    bool once = false;
    bool proof = false;
    Texts scopes;
    std::optional<Texts> audience;
    for (const Offer::Granted& one : offer.granted) {
      lifetime = std::min(lifetime, one.decision.lifetime);
      if (one.decision.valid_until) until = std::min(until, one.decision.valid_until->microseconds);
      once = once || one.decision.once;
      proof = proof || one.decision.proof_dpop;
      scopes.insert(one.scope);
      if (one.ceiling) continue;
      const Answer& answer = brute_.decide(read(one.scope));
      if (!answer.audience) continue;
      Texts left;
      for (const std::string& own : *answer.audience) {
        if (!audience || audience->contains(own)) left.insert(own);
      }
      audience = left;
    }
    const Grant& grant = *offer.grant;
    const std::int64_t granted_until = grant.valid_until() ? grant.valid_until()->microseconds : reference::kForever;
    if (grant.lifetime() != lifetime || granted_until != until || grant.once() != once || grant.proof_dpop() != proof) {
      wrong("the grant says other than its parts");
    }
    if (offer.terms.lifetime != lifetime || offer.terms.once != once) wrong("the terms say other than their parts");
    if (Texts(grant.scopes().begin(), grant.scopes().end()) != scopes) wrong("the grant is of other scopes");
    if (!ceiling && Texts(grant.audience().begin(), grant.audience().end()) != audience.value_or(Texts())) {
      wrong("the grant is for others: " + join(grant.audience()));
    }
  }

  // Each of them might be granted, but their audiences have nothing in common.
  void check_apart(const Offer& offer) {
    std::optional<Texts> left;
    bool ceiling = false;
    for (const Offer::Refused& one : offer.refused) {
      if (!one.because.front().ends_with("together")) continue;
      const Answer& answer = brute_.decide(read(one.scope));
      ceiling = ceiling || answer.verdict != reference::Verdict::kAllow;
      if (answer.verdict != reference::Verdict::kAllow || !answer.audience) continue;
      if (!left) left = *answer.audience;
      std::erase_if(*left, [&answer](const std::string& text) { return !answer.audience->contains(text); });
    }
    if (!ceiling && (!left || !left->empty())) wrong("refused together, and an audience is left");
  }

  // With a cap just below what was granted nothing of the scope is.
  void check_cap(Negotiation asked, const Offer& offer) {
    std::map<std::string, std::uint32_t> granted;
    for (const Offer::Granted& one : offer.granted)
      ++granted[one.asked];
    std::map<std::string, std::uint32_t> stepped;
    for (const Offer::StepUp& one : offer.step_up) {
      if (one.scope != one.asked) ++stepped[one.asked];
    }
    std::uint32_t most = 0;
    for (const auto& [scope, count] : granted)
      most = std::max(most, count);
    if (most < 2 || without_audience(offer)) return;
    asked.most_parts = most - 1;
    const Result<Offer> capped = twins_.engine().negotiate(asked);
    if (!capped) return wrong("error: " + std::string(capped.error().detail()));
    for (const std::string_view view : asked.scopes) {
      const std::string scope(view);
      const Parts parts = parts_of(*capped, scope);
      const bool too_many = granted[scope] > asked.most_parts || stepped[scope] > asked.most_parts;
      if (too_many) ++counts_.too_many;
      if (too_many != (parts.refused != nullptr && parts.refused->too_many)) wrong(scope + ": too many, or not");
      if (too_many && (!parts.granted.empty() || !parts.stepped.empty())) wrong(scope + ": too many, and some of it");
    }
  }

  // The grant of one scope, with every reason.
  void check_grant(const std::string& scope) {
    const Answer& answer = brute_.decide(read(scope));
    Request request = by_;
    request.scope = scope;
    const Result<Grant> grant = twins_.engine().grant(request);
    if (grant.has_value() != (answer.verdict == reference::Verdict::kAllow)) return wrong(scope + ": granted, or not");
    if (!grant) return;
    const Texts audience = answer.audience.value_or(Texts());
    if (!std::ranges::equal(grant->statements(), answer.rules) || !std::ranges::equal(grant->notify(), answer.notify) ||
        Texts(grant->audience().begin(), grant->audience().end()) != audience || grant->lifetime() != answer.lifetime ||
        grant->once() != answer.once || grant->proof_dpop() != answer.proof || grant->ceiling() != is_ceiling(scope)) {
      wrong(scope + ": the grant says otherwise: " + join(grant->statements()) + join(grant->notify()) +
            join(grant->audience()));
    }
  }

  // What was granted, asked for again, is granted as it is; and nothing of it was cut.
  void check_again(const Offer& offer) {
    if (offer.granted.empty()) return;
    std::vector<std::string_view> again(offer.grant->scopes().begin(), offer.grant->scopes().end());
    if (again.size() > kMaxScopes) return;
    Negotiation asked;
    asked.by = by_;
    asked.scopes = again;
    asked.ceiling = offer.terms.ceiling;
    const Result<Offer> same = twins_.engine().negotiate(asked);
    if (!same || !same->grant) return wrong("not granted again");
    if (!std::ranges::equal(same->grant->scopes(), offer.grant->scopes())) wrong("granted otherwise again");
    if (same->grant->lifetime() != offer.grant->lifetime()) wrong("granted for another time again");
    if (same->terms.cut) wrong("cut, and all of it granted");
    asked.held = again;
    const Result<Offer> held = twins_.engine().negotiate(asked);
    if (!held || held->terms.cut) wrong("cut, and nothing new was asked for");
  }

  const Twins& twins_;
  Counts& counts_;
  Negotiating brute_;
  wire::WireRequest request_;
  Request by_;
  std::string wrong_;
};

const std::vector<std::string> kScopes = {
    "read:doc_*",   "read:doc_1*", "read:doc_12*", "read:doc_2*",  "read:doc_12",   "read:doc_9",   "write:doc_*",
    "write:doc_1*", "write:doc_2", "read:room_*",  "read:room_r*", "read:room_red", "read:user_*",  "docs",
    "docs1",        "all",         "doc12",        "most",         "read:doc_3*",   "write:doc_12*"};

std::string shown(const Case& made, const std::string& line, const std::string& scopes, const std::string& wrong) {
  Case one = made;
  one.requests = {line};
  return one.policy_text() + "\n" + one.data_text() + "\n" + line + "\n" + scopes + "\n" + wrong;
}

void print(const char* what, const Counts& counts) {
  const auto n = [](std::uint64_t count) { return static_cast<unsigned long long>(count); };
  std::printf(
      "%s: %llu policies, %llu negotiations: %llu scopes granted whole, %llu narrowed, %llu step ups, %llu refused, "
      "%llu "
      "too many, %llu ceilings, %llu without audience; %llu single resources; %llu listings\n",
      what, n(counts.cases), n(counts.negotiations), n(counts.whole), n(counts.narrowed), n(counts.stepped),
      n(counts.refused), n(counts.too_many), n(counts.ceilings), n(counts.without_audience), n(counts.singles),
      n(counts.listed));
}

TEST(Negotiation, AgreesWithBruteForce) {
  Counts counts;
  int failures = 0;
  const std::uint64_t wanted = drawn(210'000);
  for (std::uint64_t seed = 1; counts.negotiations < wanted && failures < 3; ++seed) {
    Case made = reference::negotiation_case(seed);
    const auto twins = made_twins(made);
    if (twins == nullptr) continue;
    ++counts.cases;
    reference::Random random(seed);
    for (const std::string& line : made.requests) {
      Asker asker(*twins, line, counts);
      const auto expect = [&](const std::string& scopes, const std::string& wrong) {
        if (!wrong.empty()) ++failures;
        EXPECT_EQ(wrong, "") << shown(made, line, scopes, "seed " + std::to_string(seed));
      };
      for (const std::string& scope : kScopes)
        expect(scope, asker.check({scope}));
      for (int i = 0; i < 6 && failures < 3; ++i) {
        std::vector<std::string> several;
        for (std::size_t n = 1 + random.below(4); n > 0; --n) {
          const std::string& scope = random.pick(kScopes);
          if (std::find(several.begin(), several.end(), scope) == several.end()) several.push_back(scope);
        }
        std::string scopes;
        for (const std::string& scope : several)
          scopes += scope + " ";
        expect(scopes, asker.check(several, i % 3 == 0));
      }
      for (const char* type : {"doc", "room", "user"})
        expect(type, asker.check_listing("read", type));
      if (failures >= 3) break;
    }
  }
  print("documents", counts);
  if (run_length() < 1) return;
  // A run that met nothing of a kind shows nothing of it.
  for (const std::uint64_t count : {counts.whole, counts.narrowed, counts.stepped, counts.refused, counts.too_many,
                                    counts.ceilings, counts.without_audience, counts.listed}) {
    EXPECT_GT(count, 0U);
  }
}

// The whole of the language, over a schema made up at random.
TEST(Negotiation, AgreesWithBruteForceOverTypedPolicies) {
  Counts counts;
  int failures = 0;
  const std::uint64_t wanted = drawn(20'000);
  for (std::uint64_t seed = 1; counts.negotiations < wanted && failures < 3; ++seed) {
    Case made = reference::typed_case(seed);
    const auto twins = made_twins(made);
    if (twins == nullptr) continue;
    ++counts.cases;
    for (const std::string& line : made.requests) {
      // What a request says of one resource cannot stand for a set of them.
      if (line.find("\"resource\"") != std::string::npos || twins->reference_answer(line).error) continue;
      Asker asker(*twins, line, counts);
      for (const auto& [type, actions] : twins->reference_policy().resource_actions) {
        if (twins->reference_policy().types.at(type).single || actions.empty() || failures >= 3) continue;
        const std::string& action = *actions.begin();
        const std::string wrong = asker.check({action + ":" + type + "_*"}) + asker.check_listing(action, type);
        if (!wrong.empty()) ++failures;
        EXPECT_EQ(wrong, "") << shown(made, line, action + ":" + type, "seed " + std::to_string(seed));
      }
    }
  }
  print("typed", counts);
  EXPECT_GT(counts.whole + counts.narrowed, 0U);
}

}  // namespace
}  // namespace writ::test
