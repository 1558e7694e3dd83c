// Session: one run of the benchmarks: what was asked for, how it is measured, what came out.
//
// Every figure that has a goal is a ratio of two things timed in turn, block by block, in one run: whatever else the
// machine does, it does to both. Google Benchmark decides how often; the samples are kept here, because it knows no
// p99.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace writ::bench {

// Answers operations [first, first + count) and gives back something that depends on every answer, so that none of them
// is left out.
using Block = std::function<std::uint64_t(std::size_t first, std::size_t count)>;

// Nanoseconds an operation, one sample a block.
struct Series {
  std::vector<double> samples;
  double least() const { return quantile(0); }
  double median() const { return quantile(0.5); }
  double p99() const { return quantile(0.99); }
  double quantile(double q) const;
};

struct Comparison {
  Series floor;
  Series writ;
  Series ratios;           // of the blocks timed one after the other
  double allocations = 0;  // an operation of Writ's
  double ratio() const { return ratios.median(); }
};

struct Goal {
  double bound = 0;
  std::optional<double> stretch;
  bool at_least = false;  // otherwise at most
  bool met(double value) const { return at_least ? value >= bound : value <= bound; }
};

struct Finding {
  std::string workload;  // "decide/1000x1000"
  std::string metric;    // "ratio_to_floor"
  double value = 0;
  std::optional<Goal> goal;
  std::string detail;    // for people
  bool in_table = true;  // otherwise in the JSON alone
};

class Session {
 public:
  // `quick`: small inputs and few samples, to see that everything runs; its figures mean nothing.
  explicit Session(bool quick) : quick_(quick) {}

  bool quick() const { return quick_; }
  // How many operations a block holds: enough for the clock's own cost to vanish, few enough to stay in one time slice.
  static constexpr std::size_t kBlock = 1024;

  // Times the two in turn. The blocks go on from where they were: operations are numbered through.
  Comparison compare(std::string_view name, const Block& floor, const Block& writ, std::size_t block = kBlock);
  // Times one thing alone, for what nothing is there to compare with.
  Series measure(std::string_view name, const Block& block, std::size_t count = kBlock);

  void put(Finding finding);
  // The ratio of a comparison with its goal, and the allocations with theirs: none.
  void put(const std::string& workload, const Comparison& comparison, std::optional<Goal> goal = std::nullopt);
  // What is being made ready, on a terminal only.
  void progress(std::string_view what) const;

  const std::vector<Finding>& findings() const { return findings_; }

 private:
  bool quick_;
  std::vector<Finding> findings_;
};

// "min 24.1, median 25.0, p99 31.2"
std::string spread(const Series& series);
std::string render_table(const std::vector<Finding>& findings);
// {"workload":"decide/1000x1000","metric":"ratio_to_floor","value":1.31,"goal":1.5,"met":true}
std::string render_json(const Finding& finding);

}  // namespace writ::bench
