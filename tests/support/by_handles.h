// A request with all that it can give by handles given so.
#pragma once

#include <optional>
#include <vector>

#include "writ/engine.h"

namespace writ::test {

class ByHandles {
 public:
  // The texts that `request` shows must outlive it.
  ByHandles(const Engine& engine, Request request);
  ByHandles(const ByHandles&) = delete;
  ByHandles& operator=(const ByHandles&) = delete;

  // Why somebody or something was not found; then there is no request.
  const std::optional<Error>& error() const { return error_; }
  const Request& request() const { return request_; }

 private:
  Request request_;
  std::optional<Error> error_;
  UserHandle user_;
  std::vector<AgentHandle> agents_;
  std::vector<const AgentHandle*> chain_;
  ActionHandle action_;
  Handles handles_;
};

}  // namespace writ::test
