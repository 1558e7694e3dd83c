#include "bench/session.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "bench/allocations.h"

namespace writ::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kSeconds = 0.6;  // spent on one comparison
constexpr double kQuickSeconds = 0.001;

// Google Benchmark's own table would show the times of blocks; ours is printed at the end.
class Silent : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

double nanoseconds(Clock::duration taken) {
  return std::chrono::duration<double, std::nano>(taken).count();
}

void run(std::string_view name, bool quick, const std::function<void(benchmark::State&)>& body) {
  benchmark::RegisterBenchmark(std::string(name).c_str(), body)
      ->UseManualTime()
      ->MinTime(quick ? kQuickSeconds : kSeconds);
  Silent silent;
  benchmark::RunSpecifiedBenchmarks(&silent);
  benchmark::ClearRegisteredBenchmarks();
}

std::string fixed(double value) {
  char text[32];
  const int places = std::abs(value) >= 1000 ? 0 : (std::abs(value) >= 100 ? 1 : 2);
  std::snprintf(text, sizeof(text), "%.*f", places, value);
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string verdict(const Finding& finding) {
  if (!finding.goal) return "";
  if (!finding.goal->met(finding.value)) return "missed";
  if (!finding.goal->stretch) return "met";
  const Goal stretch{*finding.goal->stretch, std::nullopt, finding.goal->at_least};
  return stretch.met(finding.value) ? "met, and the stretch" : "met";
}

}  // namespace

double Series::quantile(double q) const {
  if (samples.empty()) return 0;
  std::vector<double> sorted = samples;
  const auto at = static_cast<std::ptrdiff_t>(q * static_cast<double>(sorted.size() - 1) + 0.5);
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
  return sorted[static_cast<std::size_t>(at)];
}

Comparison Session::compare(std::string_view name, const Block& floor, const Block& writ, std::size_t block) {
  Comparison result;
  std::size_t at = 0;
  run(name, quick_, [&](benchmark::State& state) {
    result = Comparison();  // of the last, longest round only
    std::uint64_t allocated = 0;
    for (auto _ : state) {
      const auto begin = Clock::now();
      benchmark::DoNotOptimize(floor(at, block));
      const auto middle = Clock::now();
      const std::uint64_t before = allocations();
      const auto resumed = Clock::now();
      benchmark::DoNotOptimize(writ(at, block));
      const auto end = Clock::now();
      allocated += allocations() - before;
      at += block;
      const double of_floor = nanoseconds(middle - begin);
      const double of_writ = nanoseconds(end - resumed);
      result.floor.samples.push_back(of_floor / static_cast<double>(block));
      result.writ.samples.push_back(of_writ / static_cast<double>(block));
      result.ratios.samples.push_back(of_writ / of_floor);
      state.SetIterationTime((of_floor + of_writ) * 1e-9);
    }
    const auto operations = static_cast<double>(result.writ.samples.size() * block);
    result.allocations = static_cast<double>(allocated) / operations;
  });
  return result;
}

Series Session::measure(std::string_view name, const Block& block, std::size_t count) {
  Series result;
  std::size_t at = 0;
  run(name, quick_, [&](benchmark::State& state) {
    result = Series();
    for (auto _ : state) {
      const auto begin = Clock::now();
      benchmark::DoNotOptimize(block(at, count));
      const double taken = nanoseconds(Clock::now() - begin);
      at += count;
      result.samples.push_back(taken / static_cast<double>(count));
      state.SetIterationTime(taken * 1e-9);
    }
  });
  return result;
}

void Session::put(Finding finding) {
  findings_.push_back(std::move(finding));
}

void Session::put(const std::string& workload, const Comparison& comparison, std::optional<Goal> goal) {
  char allocated[32];
  std::snprintf(allocated, sizeof(allocated), "; allocations %.3g", comparison.allocations);
  put({workload, "ratio_to_floor", comparison.ratio(), goal,
       "floor ns: " + spread(comparison.floor) + "; Writ ns: " + spread(comparison.writ) + allocated});
  put({workload, "floor_ns", comparison.floor.median(), std::nullopt, {}, false});
  put({workload, "ns", comparison.writ.median(), std::nullopt, {}, false});
  put({workload, "allocations", comparison.allocations, Goal{0, std::nullopt}, {}, comparison.allocations != 0});
}

void Session::progress(std::string_view what) const {
  if (isatty(STDERR_FILENO) == 1) std::fprintf(stderr, "\r\033[K%.*s", static_cast<int>(what.size()), what.data());
}

std::string spread(const Series& series) {
  return "min " + fixed(series.least()) + ", median " + fixed(series.median()) + ", p99 " + fixed(series.p99());
}

std::string render_table(const std::vector<Finding>& findings) {
  std::size_t widest = 10;
  for (const Finding& finding : findings)
    widest = std::max(widest, finding.workload.size());
  std::string out = padded("workload", widest) + "  " + padded("metric", 22) + padded("measured", 11) +
                    padded("goal", 9) + padded("stretch", 9) + "verdict\n";
  for (const Finding& finding : findings) {
    if (!finding.in_table) continue;
    std::string goal;
    std::string stretch;
    if (finding.goal) {
      const std::string sign = finding.goal->at_least ? ">=" : "<=";
      goal = sign + fixed(finding.goal->bound);
      if (finding.goal->stretch) stretch = sign + fixed(*finding.goal->stretch);
    }
    std::string line = padded(finding.workload, widest) + "  " + padded(finding.metric, 22) +
                       padded(fixed(finding.value), 11) + padded(goal, 9) + padded(stretch, 9) + verdict(finding);
    while (line.back() == ' ')
      line.pop_back();
    out += line + "\n";
    if (!finding.detail.empty()) out += "    " + finding.detail + "\n";
  }
  return out;
}

std::string render_json(const Finding& finding) {
  char number[64];
  std::snprintf(number, sizeof(number), "%.6g", finding.value);
  std::string out =
      R"({"workload":")" + finding.workload + R"(","metric":")" + finding.metric + R"(","value":)" + number;
  if (finding.goal) {
    std::snprintf(number, sizeof(number), "%.6g", finding.goal->bound);
    out += std::string(R"(,"goal":)") + number + R"(,"met":)" + (finding.goal->met(finding.value) ? "true" : "false");
  }
  return out + "}";
}

}  // namespace writ::bench
