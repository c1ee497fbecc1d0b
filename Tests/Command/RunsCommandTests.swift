import Foundation
import OrreryArchive
import OrreryFindings
import OrreryFormats
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// runs list, show, export, remove, check.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct RunsCommandTests {
  /// An archive of two runs, `train` and then `measure`, in the folder "runs".
  private func withRuns(_ body: (_ folder: URL, _ archive: RunArchive, _ runs: [ArchivedRun]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let archive = try RunArchive.open(folder.appending(path: "runs", directoryHint: .isDirectory))
      for (kind, subject) in [("train", "5 hidden × 64, tanh"), ("measure", "comma, \"quote\"")] {
        let identity = try RunIdentity(
          kind: kind, study: ["seed": 3], settings: ["observables": "loss"], numerics: ["training": 1],
          subject: subject, label: "width=\(kind)", dataDigest: "d1", seed: .max)
        guard case .session(let session) = try archive.begin(identity) else { return }
        try session.record([
          Observation("loss", step: 0, value: 0.5), Observation("loss", step: 10, value: .nan),
          Observation("kernel", member: 1, step: 10, shape: [2, 2], values: [1, 2, 3, 4]),
        ])
        try session.record([
          OrreryFindings.Measurement(
            Quantity(.kernel, layer: 1), value: 1, standardError: 0.1, networks: 2, estimator: "mean")
        ])
        try session.save(
          Checkpoint(step: 10, tensors: ["weight": NumericArray(Tensor<Float>(shape: [2, 2], repeating: 1))]))
        try session.finish(kind == "train" ? .finished : .diverged, message: kind == "train" ? nil : "at step 10")
      }
      try body(folder, archive, archive.runs().reversed())
    }
  }

  @Test func listNamesTheNewestFirst() throws {
    try withRuns { folder, _, runs in
      let text = try OrreryProgram.success(["runs", "list", "--archive", "runs"], in: folder).output
      let lines = text.split(separator: "\n").filter { line in runs.contains { line.contains($0.shortHash) } }
      #expect(lines.count == 2 && lines[0].contains(runs[1].shortHash) && lines[1].contains("5 hidden × 64, tanh"))
      #expect(lines[0].contains("diverged") && lines[1].contains("finished") && lines[1].contains("width=train"))
      let json = try OrreryProgram.success(
        ["runs", "list", "--json", "--kind", "train"], in: folder, environment: ["ORRERY_ARCHIVE": "runs"]
      ).json.elements
      #expect(json.count == 1)
      #expect(try json[0]["hash"].string == runs[0].hash)
      #expect(try json[0]["study"]["seed"].int == 3)
      #expect(try json[0]["environment"]["orreryVersion"].string == OrreryVersion.current)
      let none = try OrreryProgram.success(["runs", "list", "--state", "failed", "--archive", "runs"], in: folder)
      #expect(none.output.hasPrefix("No runs in"))
    }
  }

  /// Runs of one subject are told apart by how they were trained.
  @Test func listTellsRunsApart() throws {
    try withTemporaryFolder { folder in
      let archive = try RunArchive.open(folder.appending(path: "runs", directoryHint: .isDirectory))
      func add(_ optimizer: Optimizer?, networks: Int) throws {
        let identity = try RunIdentity(
          kind: "train", study: ["optimizer": optimizer], settings: ["networks": String(networks)], numerics: [:],
          subject: "5 hidden × 64", seed: 41)
        guard case .session(let session) = try archive.begin(identity) else { return }
        try session.finish()
      }
      let loss = Loss.crossEntropy
      try add(nil, networks: 7)
      func table() throws -> [String] {
        try OrreryProgram.success(["runs", "list", "--archive", "runs"], in: folder).output
          .split(separator: "\n").map(String.init)
      }
      // Nothing is known but networks and seed.
      let plain = try table().joined()
      #expect(plain.contains("networks") && plain.contains("seed") && plain.contains("41"))
      for absent in ["steps", "learning rate", "momentum", " at"] { #expect(!plain.contains(absent), "\(absent)") }
      try add(Optimizer(.sgd(.heavyBall(0.9)), learningRate: .value(0.125), steps: 321, loss: loss), networks: 11)
      try add(Optimizer(.sgd(.nesterov(0.8)), learningRate: .value(0.375), steps: 322, loss: loss), networks: 12)
      try add(Optimizer(.gradientFlow(.init(endTime: 17)), loss: loss), networks: 13)
      let lines = try table()
      for pieces in [["11", "321", "0.125", "0.9"], ["12", "322", "0.375", "nesterov 0.8"], ["13", "time 17"]] {
        #expect(lines.contains { line in pieces.allSatisfy(line.contains) }, "\(pieces) in\n\(lines)")
      }
      #expect(lines.joined().contains("learning rate") && lines.joined().contains("momentum"))
    }
  }

  @Test func anArchiveThatIsNotThere() throws {
    try withTemporaryFolder { folder in
      let own = ["XDG_DATA_HOME": folder.path, "ORRERY_ARCHIVE": ""]
      let list = try OrreryProgram.success(["runs", "list"], environment: own.filter { !$0.value.isEmpty })
      #expect(list.output == "No runs in \(folder.path)/orrery/\n")
      for command in [
        ["list", "--archive", "none"], ["show", "latest", "--archive", "none"], ["check", "--archive", "none"],
      ] {
        try OrreryProgram.failure(66, ["runs"] + command, says: ["There is no archive in", "--archive"], in: folder)
      }
      #expect(try files(below: folder).isEmpty)
      let outcome = try OrreryProgram.run(["runs", "list", "--archive", ""])
      #expect(outcome.status == 64 && outcome.errors.contains("--archive is empty"), "\(outcome.errors)")
    }
  }

  @Test func showSaysWhatIsKnown() throws {
    try withRuns { folder, _, runs in
      let text = try OrreryProgram.success(["runs", "show", "latest", "--archive", "runs"], in: folder).output
      for piece in [
        runs[1].hash, "diverged: at step 10", "comma, \"quote\"", "18446744073709551615", "kernel", "2 × 2", "0–10",
        "1 measurement\n", ".safetensors", "observables: loss",
      ] { #expect(text.contains(piece), "\(piece) in\n\(text)") }
      let json = try OrreryProgram.success(
        ["runs", "show", String(runs[0].hash.prefix(12)), "--archive", "runs", "--json"], in: folder
      ).json
      #expect(try json["run"]["kind"].string == "train")
      #expect(try json["observables"].elements.map { try $0["observations"].int } == [1, 2])
      #expect(try json["checkpoints"][0]["step"].int == 10)
      #expect(try json["measurements"][0]["value"].double == 1)
    }
  }

  @Test func namesThatAreNone() throws {
    try withRuns { folder, archive, runs in
      func fails(_ name: String, _ pieces: String...) throws {
        try OrreryProgram.failure(66, ["runs", "show", name, "--archive", "runs"], says: pieces, in: folder)
      }
      try fails("0123456789", "No run in", "begins with 0123456789")
      try fails("newest", "'newest'", "runs list")
      var shared = 0
      // Runs until two share their first digit.
      while Dictionary(grouping: try archive.runs(), by: { $0.hash.first! }).values.allSatisfy({ $0.count == 1 }) {
        let identity = try RunIdentity(kind: "x", study: [shared], numerics: [:], subject: "", seed: 0)
        if case .session(let session) = try archive.begin(identity) { try session.finish() }
        shared += 1
      }
      let digit = try #require(
        Dictionary(grouping: try archive.runs()) { $0.hash.first! }.first { $0.value.count > 1 }?.key)
      try fails(String(digit), "Several runs", "more digits")
    }
  }

  @Test func exportInEveryFormat() throws {
    try withRuns { folder, _, runs in
      func export(_ arguments: String...) throws -> String {
        try OrreryProgram.success(["runs", "export", runs[0].shortHash, "--archive", "runs"] + arguments, in: folder)
          .output
      }
      let expected = """
        observable,member,step,index,value
        kernel,1,10,0 0,1.0
        kernel,1,10,0 1,2.0
        kernel,1,10,1 0,3.0
        kernel,1,10,1 1,4.0
        loss,0,0,,0.5
        loss,0,10,,nan

        """
      #expect(try export() == expected)
      #expect(try export("-o", "out.csv", "--quiet").isEmpty)
      #expect(try String(contentsOf: folder.appendingPathComponent("out.csv"), encoding: .utf8) == expected)
      let lines = try export("--format", "jsonl").split(separator: "\n").map {
        try JSONValue(name: "line", data: Data($0.utf8))
      }
      #expect(lines.count == 5)
      #expect(try lines[0]["run"]["hash"].string == runs[0].hash)
      #expect(try lines[1]["measurement"]["estimator"].string == "mean")
      #expect(try lines[2]["values"].elements.map { try $0.double } == [1, 2, 3, 4])
      #expect(try lines[2]["shape"].elements.map { try $0.int } == [2, 2])
      #expect(try export("-o", "out.npz").contains("out.npz"))
      let npz = try Npz(folder.appendingPathComponent("out.npz"))
      #expect(npz.names == ["kernel", "kernel.member", "kernel.step", "loss", "loss.member", "loss.step"])
      #expect(try npz.read("kernel").shape == [1, 2, 2])
      #expect(try npz.read("loss.step").float64().elements == [0, 10])
      #expect(try npz.read("loss").float64().elements[0] == 0.5)
      let refused = ["runs", "export", "latest", "--archive", "runs"]
      let outcome = try OrreryProgram.run(refused + ["--format", "npz"], in: folder)
      #expect(outcome.status == 64 && outcome.errors.contains("-o run.npz"), "\(outcome.errors)")
      try OrreryProgram.failure(73, refused + ["-o", "none/out.csv"], says: ["does not exist"], in: folder)
      try OrreryProgram.failure(73, refused + ["-o", "none/out.npz"], says: ["does not exist"], in: folder)
    }
  }

  @Test func removeAndCheck() throws {
    try withRuns { folder, archive, runs in
      // One name is wrong: nothing is removed.
      try OrreryProgram.failure(
        66, ["runs", "remove", "latest", "0123456789", "--archive", "runs"], says: ["No run"], in: folder)
      #expect(try archive.runs().count == 2)
      let clean = try OrreryProgram.success(["runs", "check", "--archive", "runs"], in: folder).output
      #expect(clean.contains("2 runs, 6 observations, 2 checkpoints; no problems"))
      let removed = try OrreryProgram.success(
        ["runs", "remove", "latest", runs[1].shortHash, "--archive", "runs"], in: folder)
      #expect(removed.output == "Removed \(runs[1].shortHash)\n")
      #expect(try archive.runs() == [runs[0]])
      let file = try #require(try archive.checkpoints(of: runs[0]).first?.file)
      try FileManager.default.removeItem(at: archive.folder.appending(path: "checkpoints/\(file)"))
      let outcome = try OrreryProgram.run(["runs", "check", "--archive", "runs", "--json"], in: folder)
      #expect(outcome.status == 65 && outcome.errors.contains("has lost something"))
      #expect(try outcome.json["problems"].elements.count == 1)
      // A run that is being computed is not removed.
      let identity = try RunIdentity(kind: "train", study: ["x"], numerics: [:], subject: "", seed: 0)
      guard case .session(let session) = try archive.begin(identity) else { return }
      try OrreryProgram.failure(
        73, ["runs", "remove", session.run.hash, "--archive", "runs"], says: ["being computed now"], in: folder)
      let list = try OrreryProgram.success(["runs", "list", "--archive", "runs"], in: folder).output
      #expect(list.contains("running"))
    }
  }

  @Test func damage() throws {
    try withTemporaryFolder { folder in
      try Data("This is no database at all, and longer than a header.".utf8)
        .write(to: folder.appendingPathComponent("archive.sqlite"))
      try OrreryProgram.failure(
        65, ["runs", "list", "--archive", folder.path], says: ["is damaged", "not a database", "--archive"])
    }
  }
}
