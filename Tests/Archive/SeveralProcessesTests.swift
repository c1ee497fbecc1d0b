import Foundation
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryTestSupport
import Synchronization
import Testing

/// Processes that write, wait, and are killed.
@Suite("Several processes", .tags(.process)) struct SeveralProcessesTests {
  private func start(_ folder: URL, _ key: String, steps: Int) throws -> Process {
    let folders = [Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments[0])].compactMap {
      $0?.deletingLastPathComponent()
    }
    let program = try #require(
      folders.map { $0.appendingPathComponent("OrreryArchiveWriter") }.first {
        FileManager.default.isExecutableFile(atPath: $0.path)
      })
    let process = Process()
    process.executableURL = program
    process.arguments = [folder.path, key, "\(steps)"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func expectComplete(_ archive: RunArchive, _ run: ArchivedRun, steps: Int) throws {
    let sums = try archive.observations(of: run, observable: "sum")
    #expect(sums.count == 3 * steps)
    #expect(try archive.observations(of: run, observable: "pair").count == steps)
    for observation in sums {
      let expected = Double(observation.step * (observation.step + 1) / 2 + observation.member)
      #expect(observation.values == [expected])
    }
    #expect(try archive.checkpoints(of: run).map(\.step) == Array(stride(from: 9, to: steps, by: 10)))
  }

  /// Killed at many moments, a run ends with what an uninterrupted one has.
  @Test func aKilledProcessGoesOn() throws {
    try withTemporaryFolder { folder in
      let steps = 300
      var generator = SplitMix(seed: 9)
      var kills = 0
      for attempt in 0..<200 {
        let process = try start(folder, "killed", steps: steps)
        // Early at first, so that fast disks are met in the middle too, and later and later, so that slow ones come to the end.
        usleep(UInt32(3_000 * (1 + attempt)) + UInt32(generator.next() % 10_000))
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          kills += 1
        }
        process.waitUntilExit()
        if process.terminationReason == .exit {
          #expect(process.terminationStatus == 0)
          break
        }
      }
      #expect(kills > 2)
      let archive = try RunArchive.openExisting(folder)
      let run = try archive.run(named: "latest")
      #expect(run.state == .finished)
      try expectComplete(archive, run, steps: steps)
      let check = try archive.check()
      #expect(check.problems.isEmpty && check.remarks.isEmpty, "\(check)")
    }
  }

  /// Eight processes and this one, on a database that is not there yet: four runs, each wanted twice.
  @Test func manyWriteAtOnce() throws {
    try withTemporaryFolder { folder in
      let processes = try (0..<8).map { try start(folder, "run-\($0 % 4)", steps: 60) }
      let archive = try RunArchive.open(folder)
      var seen = 0
      while processes.contains(where: \.isRunning) {
        seen = max(seen, try archive.runs().count)
        _ = try archive.check()
        usleep(10_000)
      }
      for process in processes {
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
      }
      let runs = try archive.runs(matching: RunFilter(state: .finished))
      #expect(runs.count == 4)
      for run in runs { try expectComplete(archive, run, steps: 60) }
      #expect(try archive.check().problems.isEmpty)
    }
  }

  /// Independent connections within this process, which take turns on one run.
  @Test func manyConnections() throws {
    try withTemporaryFolder { folder in
      let failures = Mutex<[String]>([])
      DispatchQueue.concurrentPerform(iterations: 6) { index in
        do {
          let archive = try RunArchive.open(folder)
          for round in 0..<10 {
            guard case .session(let session) = try archive.begin(identity("own \(index) \(round)"), waiting: 30) else {
              continue
            }
            try session.record((0..<100).map { Observation("loss", step: $0, value: Double(index)) })
            try session.save(RunProgress(step: 100))
            try session.finish()
          }
          guard case .session(let session) = try archive.begin(identity("shared"), startingOver: true, waiting: 30)
          else { throw FixtureError(description: "Not started over.") }
          try session.finish()
        } catch { failures.withLock { $0.append("\(error)") } }
      }
      #expect(failures.withLock { $0 } == [])
      let archive = try RunArchive.open(folder)
      #expect(try archive.runs(matching: RunFilter(state: .finished)).count == 61)
      #expect(try archive.check().observations == 6000)
    }
  }
}
