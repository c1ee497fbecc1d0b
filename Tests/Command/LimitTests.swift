import Foundation
import OrreryTestSupport
import Testing

/// What does not fit, or would take for ever, is said before work begins.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct LimitTests {
  @Test func numbersBeyondCountingHaveASentence() throws {
    for key in ["ensemble.networks", "ensemble.chain", "network.mlp.width", "network.mlp.depth", "ensemble.inputs"] {
      try OrreryProgram.failure(
        64, ["check", "-", "\(key)=100000000000000000"], says: [key, "at most"], input: Descriptions.tiny)
    }
    try OrreryProgram.failure(
      65, ["check", "-"], says: ["line 5", "network.mlp.width", "at most"],
      input: Descriptions.tiny("width: 12", "width: 100000000000000000"))
    try OrreryProgram.failure(
      65, ["check", "-"], says: ["data.synthetic", "memory"],
      input: Descriptions.tiny("samples: 6, features: 5", "samples: 4000000, features: 3000000"))
  }

  @Test func networksBeyondCounting() throws {
    for networks in ["0", "5000000000", "9223372036854775807"] {
      let outcome = try OrreryProgram.run(["train", "-", "--networks", networks], input: Descriptions.tiny)
      #expect(outcome.status == 64 && outcome.errors.contains("from 1 to 4294967295"), "\(outcome.errors)")
    }
  }

  @Test func whatDoesNotFitIntoMemoryIsRefusedBeforeWork() throws {
    for changes in [["ensemble.networks=700000000"], ["network.mlp.width=2000000000", "--threads", "2"]] {
      let check = try OrreryProgram.success(["check", "-"] + changes, input: Descriptions.tiny)
      #expect(check.output.contains("too much memory"), "\(check.output)")
      let started = ContinuousClock.now
      try withTemporaryFolder { folder in
        try OrreryProgram.failure(
          65, ["confront", "-", "--report", "out"] + changes, says: ["too much memory", "ensemble.networks"],
          input: Descriptions.tiny, in: folder)
        #expect(try files(below: folder).isEmpty)
      }
      #expect(ContinuousClock.now - started < .seconds(20))
    }
  }

  @Test(.timeLimit(.minutes(1))) func forecastsOfWideNetworksTakeNoLonger() throws {
    let json = try OrreryProgram.success(
      ["forecast", "-", "--json", "network.mlp.width=1000000000"], input: Descriptions.tiny
    ).json
    for column in try json["initializations"].elements {
      let (lower, upper) = (
        try column["outputKernelRange"]["lower"].double, try column["outputKernelRange"]["upper"].double
      )
      #expect(lower < 1 && upper > 1 && upper - lower < 1e-3)
    }
  }

  /// Days of work are said, and Ctrl-C ends them within seconds though one network takes longer.
  @Test(.timeLimit(.minutes(1))) func longWorkIsSaidAndStops() throws {
    try withTemporaryFolder { folder in
      let running = try OrreryProgram.start(
        ["confront", "-", "network.mlp.width=1000000", "ensemble.networks=50", "--report", "out"],
        input: Descriptions.tiny("depth: 2", "depth: 5"), in: folder)
      sleep(2)
      #expect(running.process.isRunning)
      let started = ContinuousClock.now
      running.process.interrupt()
      let outcome = try running.finish()
      #expect(ContinuousClock.now - started < .seconds(10))
      #expect(outcome.status == 130 && !outcome.isSignalled, "\(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("orrery: This takes about "), "\(outcome.errors)")
      #expect(!(try files(below: folder).contains { $0.contains("partial") || $0.contains("index.html") }))
    }
  }

  @Test func hostileFilesHaveASentence() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("mine.yaml")
      try (Data("orrery: 1\n# M".utf8) + [0xfc]).write(to: file)
      try OrreryProgram.failure(65, ["check", "mine.yaml"], says: ["mine.yaml, line 2", "UTF-8"], in: folder)
      try Data(count: 2 << 20).write(to: file)
      try OrreryProgram.failure(65, ["check", "mine.yaml"], says: ["mine.yaml", "1 MiB"], in: folder)
      try OrreryProgram.failure(
        65, ["check", "-"], says: ["line 2", "aliases"], input: "orrery: 1\nseed: &a 3\nprecision: *a\n")
      try OrreryProgram.failure(64, ["check", "-", "seed=&a 3"], says: ["aliases"], input: Descriptions.tiny)
    }
  }

  @Test func emptyNamesAreUsage() throws {
    try withTemporaryFolder { folder in
      try OrreryProgram.failure(64, ["forecast", ""], says: ["empty name"], in: folder)
      for arguments in [["confront", "-", "--report", ""], ["kernel", "-", "X.npy", "-o", ""]] {
        let outcome = try OrreryProgram.run(arguments, input: Descriptions.tiny, in: folder)
        #expect(outcome.status == 64 && outcome.errors.contains("is empty"), "\(outcome.errors)")
      }
      #expect(try files(below: folder).isEmpty)
    }
  }

  /// `critical` is advised only where there is a critical point.
  @Test func overflowsAreAnsweredByWhatHelps() throws {
    func text(_ activation: String) -> String {
      Descriptions.tiny("tanh", activation).replacingOccurrences(of: "depth: 2", with: "depth: 60")
        .replacingOccurrences(of: "critical", with: "{ weight-variance: 900, bias-variance: 1 }")
    }
    let exp = try OrreryProgram.failure(65, ["forecast", "-"], says: ["fewer layers"], input: text("exp"))
    #expect(!exp.errors.contains("critical"))
    let relu = text("relu").replacingOccurrences(of: "depth: 60", with: "depth: 200")
    try OrreryProgram.failure(65, ["forecast", "-"], says: ["init: critical"], input: relu)
  }
}
