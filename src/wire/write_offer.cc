// The members and their order are a contract: tests/unit/wire/write_offer_test.cc.
#include "src/wire/write_offer.h"

#include "src/base/civil_time.h"
#include "src/json/writer.h"

namespace writ::wire {
namespace {

void list(json::Writer& out, std::string_view name, const std::vector<std::string>& items) {
  out.key(name).begin_array();
  for (const std::string& item : items)
    out.string(item);
  out.end_array();
}

// Lists that are the rule stand even where they are empty, others only where they say something.
void list_if_any(json::Writer& out, std::string_view name, const std::vector<std::string>& items) {
  if (!items.empty()) list(out, name, items);
}

class OfferWriter {
 public:
  OfferWriter(const Offer& offer, bool full) : offer_(offer), full_(full), out_(line_) {}

  std::string run() {
    out_.begin_object();
    granted();
    step_up();
    refused();
    // Asking again for more will not help: the client must not go round in a circle.
    if (offer_.terms.cut) out_.key("cut").boolean(true);
    out_.end_object();
    return std::move(line_);
  }

 private:
  void granted() {
    out_.key("granted").begin_array();
    for (const Offer::Granted& one : offer_.granted) {
      out_.begin_object().member("scope", std::string_view(one.scope)).member("asked", std::string_view(one.asked));
      if (one.ceiling) out_.key("ceiling").boolean(true);
      out_.end_object();
    }
    out_.end_array();
    if (offer_.granted.empty()) return;
    const OfferTerms& terms = offer_.terms;
    out_.member("lifetime", terms.lifetime).member("once", terms.once);
    if (terms.valid_until) {
      out_.member("valid_until", std::string_view(format_rfc3339(terms.valid_until->microseconds)));
    }
    list_if_any(out_, "audience", offer_.audience);
    if (terms.proof_dpop) out_.member("proof", "dpop");
    if (!full_) return;
    list_if_any(out_, "notify", offer_.notify);
    if (!offer_.grant) return;
    out_.key("rules").begin_array();
    for (const std::string& id : offer_.grant->statements())
      out_.string(id);
    out_.end_array();
  }

  void step_up() {
    out_.key("step_up").begin_array();
    for (const Offer::StepUp& one : offer_.step_up) {
      out_.begin_object().member("scope", std::string_view(one.scope)).member("asked", std::string_view(one.asked));
      list(out_, "ask", one.ask);
      if (full_) {
        list(out_, "rules", one.rules);
        list_if_any(out_, "missing", one.missing);
      }
      out_.end_object();
    }
    out_.end_array();
  }

  void refused() {
    out_.key("refused").begin_array();
    for (const Offer::Refused& one : offer_.refused) {
      out_.begin_object().member("scope", std::string_view(one.scope));
      if (full_ || one.public_reason) {
        list(out_, "because", one.because);
        list_if_any(out_, "instead", one.instead);
      } else {
        // The same for a forbidden resource and for one that does not exist.
        out_.member("error", "not_allowed");
      }
      if (one.too_many) out_.key("too_many").boolean(true);
      if (full_) {
        list(out_, "rules", one.rules);
        list_if_any(out_, "missing", one.missing);
        if (!one.link.empty()) out_.member("link", std::string_view(one.link));
      }
      out_.end_object();
    }
    out_.end_array();
  }

  const Offer& offer_;
  bool full_;
  std::string line_;
  json::Writer out_;
};

}  // namespace

std::string write_offer(const Offer& offer) {
  return OfferWriter(offer, true).run();
}

std::string write_public_offer(const Offer& offer) {
  return OfferWriter(offer, false).run();
}

std::string write_page(const Page& page, std::string_view type) {
  std::string line;
  json::Writer out(line);
  out.begin_object().key("resources").begin_array();
  for (const std::string& id : page.ids)
    out.string(id.empty() ? std::string(type) : std::string(type) + ":" + id);
  out.end_array();
  if (page.every) out.key("every").boolean(true);
  if (!page.next.empty()) out.key("more").boolean(true).member("next", page.next);
  out.end_object();
  return line;
}

std::string write_actions(const std::vector<std::string>& actions) {
  std::string line;
  json::Writer out(line);
  out.begin_object();
  list(out, "actions", actions);
  out.end_object();
  return line;
}

}  // namespace writ::wire
