import Foundation
import OrreryTestSupport
import Testing

/// orrery train, as a user runs it.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct TrainCommandTests {
  private static func study(
    optimizer: String = "{ adam: { learning-rate: 0.01, batch: 16, steps: 60 }, loss: logistic }",
    targets: String = "plus-minus-one", outputs: Int = 1
  ) -> String {
    """
    orrery: 1
    seed: 3
    network: { mlp: { depth: 2, width: 16, activation: tanh, outputs: \(outputs) }, init: critical, parametrization: standard }
    data: { name: digits, classes: [0, 1], train: 64, test: 50, normalize: sphere, targets: \(targets) }
    optimizer: \(optimizer)
    """
  }

  private static func train(_ more: [String] = []) -> [String] { ["train", "-", "--archive", "runs"] + more }

  @Test func trainsReportsAndAnswersFromTheArchive() throws {
    try withTemporaryFolder { folder in
      let arguments = Self.train([
        "--json", "--report", "out", "--save-networks", "--observables", "loss,accuracy,sharpness",
      ])
      let first = try OrreryProgram.success(arguments, input: Self.study(), in: folder).json
      #expect(try first["isFromArchive"].bool == false)
      let loss = try #require(try first["series"].elements.first { try $0["observable"].string == "loss" })
      let values = try loss["median"].doubles
      #expect(values.count == 61 && values.last! < 0.5 * values[0])
      #expect(try first["series"].elements.map { try $0["observable"].string }.contains("sharpness-bound"))
      #expect(try files(below: folder.appending(path: "out")).contains("index.html"))
      let again = try OrreryProgram.success(arguments, input: Self.study(), in: folder).json
      #expect(try again["isFromArchive"].bool == true)
      #expect(try again["hash"].string == first["hash"].string)
      #expect(try again["series"].elements[0]["median"].doubles == (try first["series"].elements[0]["median"].doubles))
      let shown = try OrreryProgram.success(["runs", "show", "latest", "--archive", "runs"], in: folder).output
      #expect(shown.contains("finished") && shown.contains("sharpness") && shown.contains("safetensors"))
    }
  }

  /// Killed at many moments and run again, each time going on: the numbers of a run that was left alone.
  @Test(arguments: [["--networks", "1"], ["--networks", "4"]]) func killedAndResumed(size: [String]) throws {
    try withTemporaryFolder { folder in
      // Half a second where a step takes some ten microseconds, so that no processor is through before it is first killed.
      let optimizer = "{ adam: { learning-rate: 0.01, batch: 16, steps: 50000 }, loss: logistic }"
      let arguments = ["--json", "--every", "2500", "--save-every", "0.02", "--quiet"] + size
      var alone = ["train", "-", "--archive", "alone"] + arguments
      let expected = try OrreryProgram.success(alone, input: Self.study(optimizer: optimizer), in: folder).json
      alone[3] = "killed"
      func compare(_ found: JSONValue) throws {
        let (left, right) = (try found["series"].elements, try expected["series"].elements)
        #expect(left.count == right.count && !left.isEmpty)
        for (left, right) in zip(left, right) {
          #expect(try left["median"].doubles == (try right["median"].doubles))
          #expect(try left["upper"].doubles == (try right["upper"].doubles))
          #expect(try left["steps"].doubles == (try right["steps"].doubles))
        }
      }
      var (kills, compared) = (0, false)
      for round in 0..<40 {
        let running = try OrreryProgram.start(alone, input: Self.study(optimizer: optimizer), in: folder)
        usleep(useconds_t(60_000 + 12_000 * round))
        if running.process.isRunning {
          kill(running.process.processIdentifier, SIGKILL)
          kills += 1
        }
        let outcome = try running.finish()
        guard !outcome.isSignalled else { continue }
        #expect(outcome.status == 0, "\(outcome.errors)")
        try compare(try outcome.json)
        compared = true
        break
      }
      // On a machine where every round was killed, the last one is left alone.
      if !compared {
        try compare(try OrreryProgram.success(alone, input: Self.study(optimizer: optimizer), in: folder).json)
        compared = true
      }
      #expect(kills > 0 && compared)
      #expect(try OrreryProgram.success(["runs", "check", "--archive", "killed"], in: folder).status == 0)
    }
  }

  @Test(.timeLimit(.minutes(1))) func interruptedWithControlC() throws {
    try withTemporaryFolder { folder in
      let optimizer = "{ gradient-descent: { learning-rate: auto, steps: 10000000 }, loss: logistic }"
      let running = try OrreryProgram.start(Self.train(), input: Self.study(optimizer: optimizer), in: folder)
      // Not before the run has begun, however busy the machine is.
      let archive = folder.appending(path: "runs/archive.sqlite").path
      while !FileManager.default.fileExists(atPath: archive), running.process.isRunning { usleep(10_000) }
      usleep(600_000)
      kill(running.process.processIdentifier, SIGINT)
      let outcome = try running.finish()
      #expect(outcome.status == 130 && outcome.errors.contains("run it again to go on"), "\(outcome.errors)")
      let list = try OrreryProgram.success(["runs", "list", "--archive", "runs"], in: folder).output
      #expect(list.contains("interrupted"))
    }
  }

  @Test func divergenceIsAnAnswer() throws {
    try withTemporaryFolder { folder in
      let optimizer = "{ gradient-descent: { learning-rate: 1e6, steps: 500 }, loss: mse }"
      let study = Self.study(optimizer: optimizer).replacingOccurrences(of: "tanh", with: "relu")
      let outcome = try OrreryProgram.success(Self.train(), input: study, in: folder)
      #expect(outcome.output.contains("diverged"))
    }
  }

  @Test func whatCannotBeTrainedIsRefused() throws {
    try withTemporaryFolder { folder in
      func refuse(_ optimizer: String, _ pieces: [String], more: [String] = [], targets: String = "plus-minus-one")
        throws
      {
        try OrreryProgram.failure(
          65, Self.train(more), says: pieces, input: Self.study(optimizer: optimizer, targets: targets), in: folder)
      }
      try refuse("{ adam: { learning-rate: 0.1 }, loss: logistic }", ["no steps", "optimizer.adam.steps"])
      try refuse("{ adam: { steps: 5 }, loss: logistic }", ["auto", "adam"])
      try refuse("{ adam: { learning-rate: 0.1, batch: 65, steps: 5 }, loss: logistic }", ["65", "64", "batch"])
      try refuse(
        "{ adam: { learning-rate: 0.1, steps: 5, batch: 8, multipliers: { W9: 2 } }, loss: logistic }", ["W9", "W"])
    }
    for (arguments, piece) in [
      (["--observables", ""], "--observables names nothing"),
      (["--observables", " , "], "--observables names nothing"),
      (["--at", ""], "--at names no step"), (["--at", ",,"], "--at names no step"),
    ] {
      let empty = try OrreryProgram.run(["train", "-"] + arguments, input: Self.study())
      #expect(empty.status == 64 && empty.errors.contains(piece), "\(empty.errors)")
    }
    let misspelt = try OrreryProgram.run(["train", "-", "--observables", "los"], input: Self.study())
    #expect(misspelt.status == 64 && misspelt.errors.contains("Did you mean 'loss'"), "\(misspelt.errors)")
  }
}
