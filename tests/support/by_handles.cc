#include "tests/support/by_handles.h"

namespace writ::test {

ByHandles::ByHandles(const Engine& engine, Request request) : request_(request) {
  const auto take = [this](auto&& found, auto& to) {
    if (found) {
      to = std::move(*found);
    } else if (!error_) {
      error_ = found.error();
    }
  };
  take(engine.find_user(request.user), user_);
  agents_.resize(request.agents.size());
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    take(engine.find_agent(request.agents[i]), agents_[i]);
    chain_.push_back(&agents_[i]);
  }
  handles_ = {&user_, chain_, nullptr};
  request_.user = {};
  request_.agents = {};
  if (request.scope.empty()) {
    take(engine.find_action(request.action, request.resource_type), action_);
    handles_.action = &action_;
    request_.action = {};
    request_.resource_type = {};
  }
  request_.handles = &handles_;
}

}  // namespace writ::test
