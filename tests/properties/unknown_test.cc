// Knowing less never gives more.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

#include "tests/properties/property.h"

namespace writ::test {
namespace {

using reference::Case;

std::string written(const rapidjson::Value& json) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer(out);
  json.Accept(writer);
  return out.GetString();
}

rapidjson::Document parsed(const std::string& line) {
  rapidjson::Document json;
  json.Parse(line.c_str());
  return json;
}

// Whether leaving the key out says nothing: the policy gives its absence no meaning.
bool absence_is_unknown(const Twins& twins, const std::string& key) {
  const reference::Declared& declared = twins.reference_policy().context.at(key);
  return !declared.absent_none && !declared.fallback;
}

// Replacing a value by unknown never widens an answer: a context key that is not sent.
TEST_F(Property, ReplacingAContextValueByUnknownNeverWidens) {
  for (std::uint64_t seed = 1; seed <= drawn(200); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    for (const std::string& request : checked.from.requests) {
      const rapidjson::Document json = parsed(request);
      if (!json.HasMember("context")) continue;
      for (const auto& key : json["context"].GetObject()) {
        if (!absence_is_unknown(*checked.twins, key.name.GetString())) continue;
        rapidjson::Document less;
        less.CopyFrom(json, less.GetAllocator());
        less["context"].RemoveMember(key.name.GetString());
        for (const auto& [name, ask] : sides()) {
          const auto before = [&, &ask = ask](std::int64_t at) { return ask(*checked.twins, request, at); };
          ASSERT_EQ(what_is_wider_in_time(ask(*checked.twins, written(less)), time_of(request), before), "")
              << name << ": without " << key.name.GetString() << "\n"
              << show(checked.from, request, "");
        }
      }
    }
  }
}

// Replacing a value by unknown never widens an answer: all that is stored of an entity. (A request that says of an
// entity that it describes it whole is left aside: then what it does not say is known not to be there.)
TEST_F(Property, ReplacingAnEntityByUnknownNeverWidens) {
  for (std::uint64_t seed = 1; seed <= drawn(50); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    for (std::size_t line = 0; line < checked.from.data.size(); ++line) {
      const rapidjson::Document entity = parsed(checked.from.data[line]);
      const reference::EntityType& type = checked.twins->reference_policy().types.at(entity["type"].GetString());
      if (type.closed || type.single) continue;  // in the data by declaration: what is not stored is known to be absent
      Case less = checked.from;
      less.data.erase(less.data.begin() + static_cast<std::ptrdiff_t>(line));
      const std::string named = std::string("\"") + entity["type"].GetString() + ":" + entity["id"].GetString() + "\"";
      const bool is_parent = std::any_of(less.data.begin(), less.data.end(), [&](const std::string& other) {
        const rapidjson::Document json = parsed(other);
        return json.HasMember("parents") && written(json["parents"]).find(named) != std::string::npos;
      });
      if (is_parent) continue;  // the data would be refused
      const auto without = Twins::make(less);
      ASSERT_NE(without, nullptr);
      for (const std::string& request : less.requests) {
        if (request.find("\"complete\":true") != std::string::npos) continue;
        for (const auto& [name, ask] : sides()) {
          const auto before = [&, &ask = ask](std::int64_t at) { return ask(*checked.twins, request, at); };
          if (before(time_of(request)).error) continue;  // it contradicted what was stored
          ASSERT_EQ(what_is_wider_in_time(ask(*without, request), time_of(request), before), "")
              << name << ": without " << named << "\n"
              << show(checked.from, request, "");
        }
      }
    }
  }
}

// Replacing a value by unknown never widens an answer: one attribute of a stored entity that has no default and is not
// optional, so that leaving it out says nothing.
TEST_F(Property, ReplacingAnAttributeByUnknownNeverWidens) {
  std::uint64_t replaced = 0;
  for (std::uint64_t seed = 1; seed <= drawn(20); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    for (std::size_t line = 0; line < checked.from.data.size(); ++line) {
      const rapidjson::Document entity = parsed(checked.from.data[line]);
      const reference::EntityType& type = checked.twins->reference_policy().types.at(entity["type"].GetString());
      for (const auto& attribute : entity["attributes"].GetObject()) {
        const reference::Declared& declared = type.attributes.at(attribute.name.GetString());
        if (declared.optional || declared.fallback) continue;
        rapidjson::Document left_out;
        left_out.CopyFrom(entity, left_out.GetAllocator());
        left_out["attributes"].RemoveMember(attribute.name.GetString());
        Case less = checked.from;
        less.data[line] = written(left_out);
        const auto without = Twins::make(less);
        ASSERT_NE(without, nullptr);
        for (const std::string& request : less.requests) {
          for (const auto& [name, ask] : sides()) {
            const auto before = [&, &ask = ask](std::int64_t at) { return ask(*checked.twins, request, at); };
            if (before(time_of(request)).error) continue;  // it contradicted what was stored
            // A request may describe what is no longer stored, and then says another value instead of none.
            if (request.find(std::string("\"") + attribute.name.GetString() + "\":") != std::string::npos) continue;
            ++replaced;
            ASSERT_EQ(what_is_wider_in_time(ask(*without, request), time_of(request), before), "")
                << name << ": without " << attribute.name.GetString() << " of " << checked.from.data[line] << "\n"
                << show(checked.from, request, "");
          }
        }
      }
    }
  }
  EXPECT_GT(replaced, 0U);
}

// Replacing a value by unknown never widens an answer: the id. Where a set is granted, each resource of it is granted
// as well, at least as long and with no demand more; also one that nobody has heard of.
TEST_F(Property, ASetIsGrantedOnlyIfEachOfItIs) {
  std::uint64_t granted = 0;
  for (std::uint64_t seed = 1; seed <= drawn(80); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    for (const std::string& request : checked.from.requests) {
      const rapidjson::Document json = parsed(request);
      if (!json.HasMember("scope")) continue;
      const std::string scope = json["scope"].GetString();
      for (const std::string set : {"read:doc_1*", "write:doc_*", "read:folder_*", "write:task_*", "read:doc_*"}) {
        rapidjson::Document asked;
        asked.CopyFrom(json, asked.GetAllocator());
        asked["scope"].SetString(set.c_str(), asked.GetAllocator());
        for (const auto& [name, ask] : sides()) {
          const reference::Answer of_set = ask(*checked.twins, written(asked));
          if (of_set.error || of_set.verdict != reference::Verdict::kAllow) continue;
          ++granted;
          for (const std::string id : {"1", "12", "123", "1new", "2", "t1", "in"}) {
            const std::string single = set.substr(0, set.size() - 1) + id;
            rapidjson::Document one;
            one.CopyFrom(json, one.GetAllocator());
            one["scope"].SetString(single.c_str(), one.GetAllocator());
            const std::string text = written(one);
            const auto of_one = [&, &ask = ask](std::int64_t at) { return ask(*checked.twins, text, at); };
            if (of_one(time_of(request)).error) continue;  // a closed type does not list it
            ASSERT_EQ(what_is_wider_in_time(of_set, time_of(request), of_one), "")
                << name << ": " << set << " is more than " << single << "\n"
                << show(checked.from, request, "");
          }
        }
      }
    }
  }
  EXPECT_GE(granted, drawn(80) / 4) << "too few to say anything";
}

// One more agent in the chain never widens. Not so where a policy looks at the chain as such: `agents` is another set
// then, and whoever was last is it no longer.
TEST_F(Property, OneMoreAgentInTheChainNeverWidens) {
  for (std::uint64_t seed = 1; seed <= drawn(150); ++seed) {
    const Checked checked = checked_case(seed);
    if (checked.twins == nullptr) continue;
    const std::string text = checked.from.policy_text();
    if (text.find("agents") != std::string::npos) continue;
    const bool asks_for_last = text.find("last agent") != std::string::npos;
    for (const std::string& request : checked.from.requests) {
      const rapidjson::Document json = parsed(request);
      const std::size_t chain = json.HasMember("agents") ? json["agents"].Size() : 0;
      for (std::size_t at = 0; at < chain + (asks_for_last ? 0 : 1); ++at) {
        rapidjson::Document longer;
        longer.CopyFrom(json, longer.GetAllocator());
        rapidjson::Value agents(rapidjson::kArrayType);
        for (std::size_t n = 0; n <= chain; ++n) {
          const std::size_t old = n < at ? n : n - 1;
          agents.PushBack(n == at ? rapidjson::Value("agent:y")
                                  : rapidjson::Value(json["agents"][static_cast<unsigned>(old)], longer.GetAllocator()),
                          longer.GetAllocator());
        }
        longer.RemoveMember("agents");
        longer.AddMember("agents", agents, longer.GetAllocator());
        for (const auto& [name, ask] : sides()) {
          const auto before = [&, &ask = ask](std::int64_t when) { return ask(*checked.twins, request, when); };
          ASSERT_EQ(what_is_wider_in_time(ask(*checked.twins, written(longer)), time_of(request), before), "")
              << name << ": " << written(longer) << "\n"
              << show(checked.from, request, "");
        }
      }
    }
  }
}

}  // namespace
}  // namespace writ::test
