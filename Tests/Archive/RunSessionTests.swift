import Foundation
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

@Suite("Runs and their sessions") struct RunSessionTests {
  @Test func everythingComesBack() throws {
    try withArchive { archive in
      let identity = try identity("a")
      #expect(try archive.finishedRun(hash: identity.hash) == nil)
      let session = try archive.session(identity)
      #expect(try session.savedProgress() == nil)
      #expect(try archive.run(hash: identity.hash)?.state == .running)
      let odd = [Double.nan, -0.0, .infinity, .leastNonzeroMagnitude, .pi]
      try session.record([
        Observation("loss", member: 2, step: 10, value: 0.5), Observation("loss", step: 0, value: 1),
        Observation("odd", numericsVersion: 3, step: 7, shape: [5, 1], values: odd),
        Observation("none", shape: [0, 4], values: []),
      ])
      // The same key again replaces.
      try session.record([Observation("loss", step: 0, value: 2)])
      let quantity = Quantity(.kernel, layer: 2, samples: [0, 1])
      let measurement = OrreryFindings.Measurement(
        quantity, value: 1.5, standardError: .infinity, networks: 3, estimator: "mean")
      try session.record([measurement, measurement])
      try session.record("outputs", Tensor(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6]))
      try session.save(Checkpoint(member: 1, step: 10, tensors: tensors(4)))
      try session.finish()
      let run = try #require(try archive.finishedRun(hash: identity.hash))
      #expect(run.identity == identity && run.state == .finished && run.ended != nil)
      #expect(run.environment == .current && !run.environment.processor.isEmpty)
      #expect(
        try archive.observations(of: run, observable: "loss") == [
          Observation("loss", step: 0, value: 2), Observation("loss", member: 2, step: 10, value: 0.5),
        ])
      #expect(try archive.observations(of: run, observable: "loss", members: 1...3).map(\.member) == [2])
      #expect(try archive.observations(of: run, observable: "nothing").isEmpty)
      let found = try #require(try archive.observations(of: run, observable: "odd").first)
      #expect(found.shape == [5, 1] && found.step == 7 && found.numericsVersion == 3)
      #expect(found.values.map(\.bitPattern) == odd.map(\.bitPattern))
      #expect(
        try archive.observations(of: run, observable: "none") == [Observation("none", shape: [0, 4], values: [])])
      #expect(
        try archive.observations(of: run, observable: "outputs") == [
          Observation("outputs", member: 0, shape: [3], values: [1, 2, 3]),
          Observation("outputs", member: 1, shape: [3], values: [4, 5, 6]),
        ])
      #expect(try archive.measurements(of: run) == [measurement])
      #expect(
        try archive.summary(of: run).map {
          "\($0.observable) \($0.observations) \($0.members) \($0.lastStep) \($0.shape)"
        }
          == ["loss 2 2 10 ", "none 1 1 0 0,4", "odd 1 1 7 5,1", "outputs 2 2 0 3"])
      let checkpoint = try archive.checkpoint(of: run, member: 1, step: 10)
      #expect(try checkpoint.read("weight").float32().elements == [4, 4, 4, 4])
      #expect(checkpoint.metadata["run"] == run.hash && checkpoint.metadata["step"] == "10")
      expectArchiveError(.noSuchPart, says: "no checkpoint of network 0") { try archive.checkpoint(of: run, step: 10) }
      #expect(try archive.check().problems.isEmpty && archive.check().remarks.isEmpty)
    }
  }

  @Test func theSameQuestionIsAnsweredFromTheArchive() throws {
    try withArchive { archive in
      let run = try archive.addRun("a")
      guard case .complete(let again) = try archive.begin(identity("a")) else {
        Issue.record("The run is done again.")
        return
      }
      #expect(again == run)
      // A later opening of the same folder has it too.
      #expect(try RunArchive.openExisting(archive.folder).finishedRun(hash: run.hash) == run)
      let anew = try archive.session(identity("a"), startingOver: true)
      try anew.record([Observation("loss", value: 3)])
      try anew.finish(.diverged, message: "at step 0")
      let diverged = try #require(try archive.finishedRun(hash: run.hash))
      #expect(diverged.state == .diverged && diverged.message == "at step 0")
      #expect(try archive.observations(of: diverged).count == 1)
    }
  }

  @Test func whatIsAskedDecidesTheHash() throws {
    let all = try [
      identity("a"), identity("b"), identity("a", kind: "measure"),
      RunIdentity(
        kind: "train", study: ["key": "a"], settings: ["observables": "loss"], numerics: ["training": 2], subject: "",
        seed: 0),
      RunIdentity(
        kind: "train", study: ["key": "a"], settings: ["observables": "sharpness"], numerics: ["training": 1],
        subject: "", seed: 0),
    ]
    #expect(Set(all.map(\.hash)).count == all.count)
    let renamed = try RunIdentity(
      kind: "train", study: ["key": "a"], settings: ["observables": "loss"], numerics: ["training": 1],
      subject: "other",
      seed: 0)
    #expect(renamed.hash == all[0].hash && renamed.hash.count == 64)
  }

  @Test func anInterruptedRunGoesOnWhereItSaved() throws {
    try withArchive { archive in
      let identity = try identity("a")
      do {
        let session = try archive.session(identity)
        try session.record([Observation("loss", step: 0, value: 1)])
        try session.save(RunProgress(step: 1, mark: [1, 2], tensors: tensors(1)))
        try session.record([Observation("loss", step: 1, value: 2)])
        try session.save(RunProgress(step: 2, mark: [3], tensors: tensors(2)))
        // Not saved: lost, and recorded again.
        try session.record([Observation("loss", step: 2, value: 3)])
      }
      let stopped = try #require(try archive.run(hash: identity.hash))
      #expect(stopped.state == .interrupted)
      #expect(try archive.runs(matching: RunFilter(state: .interrupted)) == [stopped])
      #expect(try archive.check().remarks.count == 1)
      let session = try archive.session(identity)
      let progress = try #require(try session.savedProgress())
      #expect(progress.step == 2 && progress.mark == [3])
      #expect(progress.tensors["weight"]?.float32().elements == [2, 2, 2, 2])
      #expect(try archive.observations(of: stopped).map(\.step) == [0, 1])
      try session.record([Observation("loss", step: 2, value: 3)])
      try session.finish(.interrupted)
      // Stopped in order: everything recorded is there, and so is the progress.
      #expect(try archive.observations(of: stopped).map(\.step) == [0, 1, 2])
      let last = try archive.session(identity)
      #expect(try last.savedProgress()?.step == 2)
      try last.finish()
      #expect(try archive.check().remarks.isEmpty)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: archive.folder.path + "/checkpoints").isEmpty)
    }
  }

  /// Killed between the transaction that ends a run and the removal of its last progress: whoever asks next removes it.
  @Test func aProgressThatOutlivesItsRunGoes() throws {
    try withArchive { archive in
      let identity = try identity("a")
      let session = try archive.session(identity)
      try session.save(RunProgress(step: 1, mark: [1], tensors: tensors(1)))
      let folder = archive.folder.appending(path: "checkpoints")
      let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
      let bytes = try Data(contentsOf: folder.appending(path: file))
      try session.finish()
      try bytes.write(to: folder.appending(path: file))
      #expect(try archive.check().remarks.count == 1)
      guard case .complete = try archive.begin(identity) else {
        Issue.record("A finished run is its answer.")
        return
      }
      #expect(try archive.check().remarks.isEmpty)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test func aRunWithoutProgressBeginsAnew() throws {
    try withArchive { archive in
      let identity = try identity("a")
      do {
        let session = try archive.session(identity)
        try session.record([Observation("loss", step: 9, value: 1)])
        try session.save(Checkpoint(step: 9, tensors: tensors(1)))
      }
      let stopped = try #require(try archive.run(hash: identity.hash))
      #expect(try archive.observations(of: stopped).count == 1)
      let session = try archive.session(identity)
      #expect(try archive.observations(of: stopped).isEmpty && archive.checkpoints(of: stopped).isEmpty)
      try session.finish(.failed, message: "no reason")
      #expect(try archive.finishedRun(hash: identity.hash) == nil)
      #expect(try archive.run(hash: identity.hash)?.message == "no reason")
    }
  }

  @Test func oneProcessAtATime() throws {
    try withArchive { archive in
      let other = try RunArchive.open(archive.folder)
      let identity = try identity("a")
      let session = try archive.session(identity)
      expectArchiveError(.inUse, says: String(identity.hash.prefix(8)), "process \(getpid())") {
        try other.begin(identity)
      }
      expectArchiveError(.inUse, says: "being computed now") { try other.remove(session.run) }
      #expect(try other.run(hash: identity.hash)?.state == .running)
      try session.finish()
      guard case .complete = try other.begin(identity) else {
        Issue.record("The run is done again.")
        return
      }
      try other.remove(session.run)
      #expect(try archive.runs().isEmpty)
    }
  }

  @Test func runsAreNamedByTheirFirstDigits() throws {
    try withArchive { archive in
      expectArchiveError(.noSuchRun, says: "holds no runs") { try archive.run(named: "latest") }
      let runs = try (0..<40).map { try archive.addRun("\($0)", kind: $0 == 7 ? "measure" : "train") }
      #expect(try archive.run(named: "latest").hash == runs[39].hash)
      for run in runs {
        #expect(try archive.run(named: run.hash) == run)
        #expect(try archive.run(named: run.shortHash.uppercased()) == run)
      }
      // Forty hashes share first digits.
      let shared = try #require(
        Dictionary(grouping: runs) { $0.hash.prefix(1) }.first { $0.value.count > 1 }?.key)
      expectArchiveError(.ambiguousRun, says: "begin with \(shared)", "more digits") {
        try archive.run(named: String(shared))
      }
      for name in ["", "last", "x1", "%", "0123456789"] {
        expectArchiveError(.noSuchRun, says: "runs list") { try archive.run(named: name) }
      }
      #expect(try archive.runs().map(\.hash) == runs.reversed().map(\.hash))
      #expect(try archive.runs(matching: RunFilter(kind: "measure")) == [runs[7]])
      #expect(try archive.runs(matching: RunFilter(kind: "train", state: .failed)).isEmpty)
    }
  }

  @Test func removalLeavesNothing() throws {
    try withArchive { archive in
      let keep = try archive.addRun("keep")
      let session = try archive.session(identity("a"))
      try session.save(Checkpoint(step: 1, tensors: tensors(1)))
      try session.save(RunProgress(step: 1, tensors: tensors(1)))
      try session.finish(.interrupted)
      try archive.remove(session.run)
      #expect(try archive.runs() == [keep] && archive.observations(of: keep).count == 5)
      #expect(try FileManager.default.subpathsOfDirectory(atPath: archive.folder.path + "/checkpoints").isEmpty)
      #expect(try archive.check() == ArchiveCheck(runs: 1, observations: 5, checkpoints: 0, problems: [], remarks: []))
    }
  }

  @Test func removalGivesTheRoomBack() throws {
    try withArchive { archive in
      func size() throws -> Int {
        try ["archive.sqlite", "archive.sqlite-wal"].reduce(0) { sum, file in
          let path = archive.folder.appending(path: file).path
          return sum + (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0)
        }
      }
      let session = try archive.session(identity("large"))
      try session.record(
        (0..<200).map { Observation("loss", step: $0, shape: [4096], values: Array(repeating: 1, count: 4096)) })
      try session.finish()
      #expect(try size() > 6 << 20)
      try archive.remove(session.run)
      #expect(try size() < 1 << 18)
    }
  }

  @Test func exportedNamesDoNotCollide() throws {
    try withArchive { archive in
      let session = try archive.session(identity("a"))
      try session.record([
        Observation("loss", value: 1), Observation("loss", numericsVersion: 2, value: 2),
        Observation("loss", step: 1, shape: [2], values: [3, 4]), Observation("loss.step", value: 5),
        Observation("", value: 6), Observation("a/b", value: 7),
      ])
      try session.finish()
      let url = archive.folder.appending(path: "out.npz")
      try archive.exportNpz(session.run, to: url)
      let npz = try Npz(url)
      // Each with its networks and steps.
      #expect(npz.names.count == 18)
      #expect(try npz.names.reduce(0) { try $0 + npz.read($1).count } == 3 * 6 + 1)
      var lines = 0
      try archive.export(session.run, as: .csv) { lines += $0.split(separator: "\n").count }
      #expect(lines == 1 + 7)
    }
  }
}
