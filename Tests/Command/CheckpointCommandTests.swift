import Foundation
import OrreryFormats
import OrreryTestSupport
import Testing

/// orrery measure --checkpoint, as a user runs it.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct CheckpointCommandTests {
  private static func study(width: Int = 16, optimizer: Bool = true) -> String {
    """
    orrery: 1
    seed: 3
    network: { mlp: { depth: 2, width: \(width), activation: tanh, outputs: 1 }, init: critical, parametrization: ntk }
    data: { name: digits, classes: [0, 1], train: 40, test: 20, normalize: sphere, targets: plus-minus-one }

    """
      + (optimizer
        ? "optimizer: { adam: { learning-rate: 0.01, batch: 16, steps: 30 }, loss: { mse: { reduction: mean, half: true } } }\n"
        : "")
  }

  private static let measure = ["measure", "-", "--archive", "runs", "--checkpoint"]

  /// The values of a series at its last step.
  private static func last(_ finding: JSONValue, _ observable: String) throws -> Double? {
    try finding["series"].elements.first { try $0["observable"].string == observable }?["median"].doubles.last
  }

  /// Trains two networks; the paths of their checkpoints, by the archive's own words.
  private static func train(in folder: URL) throws -> (finding: JSONValue, files: [String]) {
    let finding = try OrreryProgram.success(
      ["train", "-", "--archive", "runs", "--json", "--networks", "2", "--save-networks"], input: study(), in: folder
    ).json
    let shown = try OrreryProgram.success(["runs", "show", "latest", "--archive", "runs", "--json"], in: folder).json
    return (finding, try shown["checkpoints"].elements.map { "runs/checkpoints/" + (try $0["file"].string) })
  }

  @Test func whatWasTrainedIsMeasured() throws {
    try withTemporaryFolder { folder in
      let one = try OrreryProgram.success(
        ["train", "-", "--archive", "runs", "--json", "--save-networks"], input: Self.study(), in: folder
      ).json
      let shown = try OrreryProgram.success(["runs", "show", "latest", "--archive", "runs", "--json"], in: folder).json
      let file = "runs/checkpoints/" + (try shown["checkpoints"].elements[0]["file"].string)
      let found = try OrreryProgram.success(Self.measure + [file, "--json"], input: Self.study(), in: folder).json
      for observable in ["loss", "test-loss", "accuracy", "test-accuracy", "weight-norm"] {
        let value = try #require(try Self.last(found, observable))
        #expect(try value == Self.last(one, observable), "\(observable)")
      }
      #expect(try Self.last(found, "gradient-norm") == nil)
      let digest = try Digest(contentsOf: folder.appending(path: file)).hexadecimal
      #expect(try found["checkpoint"]["sha256"].string == digest && found["checkpoint"]["file"].string == file)
      #expect(try found["checkpoint"]["run"].string == one["hash"].string && found["checkpoint"]["step"].double == 30)
      #expect(try found["hash"].string != one["hash"].string)
      // The second time from the archive, under whatever name the file has.
      try FileManager.default.copyItem(
        at: folder.appending(path: file), to: folder.appending(path: "copy.safetensors"))
      let text = try OrreryProgram.success(
        Self.measure + ["copy.safetensors", "--report", "out"], input: Self.study(), in: folder
      ).output
      #expect(text.contains("answered from the archive") && text.contains("at the checkpoint"), "\(text)")
      #expect(text.contains("The network is that of copy.safetensors (SHA-256 \(digest.prefix(12)))"), "\(text)")
      #expect(!text.contains("as drawn") && !text.contains("at step 0"), "\(text)")
      let page = try String(contentsOf: folder.appending(path: "out/index.html"), encoding: .utf8)
      #expect(page.contains("copy.safetensors") && page.contains(String(digest.prefix(12))))
    }
  }

  /// Each network of an ensemble has a file of its own, and each file is a run of its own.
  @Test func networksOfAnEnsembleAreApart() throws {
    try withTemporaryFolder { folder in
      let (trained, files) = try Self.train(in: folder)
      #expect(files.count == 2)
      let found = try files.map {
        try OrreryProgram.success(
          Self.measure + [$0, "--json", "--observables", "loss,sharpness,tangent-kernel"], input: Self.study(),
          in: folder
        ).json
      }
      #expect(try found[0]["hash"].string != found[1]["hash"].string)
      let losses = try found.map { try #require(try Self.last($0, "loss")) }
      let mean = try trained["series"].elements.first { try $0["observable"].string == "loss" }?["mean"].doubles.last
      #expect(abs(0.5 * (losses[0] + losses[1]) - (try #require(mean))) < 1e-12 && losses[0] != losses[1])
    }
  }

  /// As Python's `safetensors.numpy.save_file` writes tensors with the names and shapes of the article Archive, all of one number.
  private static func file(of value: Double) -> Data {
    let shapes = [("W1", [16, 64]), ("W2", [16, 16]), ("W3", [1, 16]), ("b1", [16]), ("b2", [16]), ("b3", [1])]
    var (entries, offset) = ([String](), 0)
    for (name, shape) in shapes {
      let end = offset + 8 * shape.reduce(1, *)
      entries.append("\"\(name)\":{\"dtype\":\"F64\",\"shape\":\(shape),\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = "{\(entries.joined(separator: ","))}"
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
    let element = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    for _ in 0..<(offset / 8) { bytes += element }
    return Data(bytes)
  }

  /// Of zeros every output is 0, and the loss Σ(0 − y)²/2N is that of the targets ±1. Of numbers that overflow it is said.
  @Test func filesOfOtherProgramsAreMeasured() throws {
    try withTemporaryFolder { folder in
      try Self.file(of: 0).write(to: folder.appending(path: "zeros.safetensors"))
      let found = try OrreryProgram.success(
        Self.measure + ["zeros.safetensors", "--json", "--observables", "loss,weight-norm,outputs"],
        input: Self.study(), in: folder
      ).json
      #expect(try Self.last(found, "weight-norm") == 0)
      #expect(try Self.last(found, "loss") == 0.5)
      try Self.file(of: 1e38).write(to: folder.appending(path: "large.safetensors"))
      let large = try OrreryProgram.success(
        Self.measure + ["large.safetensors"], input: Self.study(), in: folder
      ).output
      #expect(large.contains("not finite in float32"), "\(large)")
      let arrays = try OrreryProgram.success(
        Self.measure + ["large.safetensors", "--observables", "outputs"], input: Self.study(), in: folder
      ).output
      #expect(arrays.contains("not finite in float32"), "\(arrays)")
    }
  }

  @Test func wrongFilesAndQuestionsAreRefused() throws {
    try withTemporaryFolder { folder in
      let (_, files) = try Self.train(in: folder)
      let ask = Self.measure + [files[0]]
      func failure(_ status: Int32, _ arguments: [String], _ study: String, _ pieces: String...) throws {
        try OrreryProgram.failure(status, arguments, says: pieces, input: study, in: folder)
      }
      try failure(
        65, ask, Self.study(width: 12), "no checkpoint of this network", "W1 is (16, 64) and must be (12, 64)")
      try failure(65, Self.measure + ["runs/archive.sqlite"], Self.study(), "archive.sqlite")
      try failure(66, Self.measure + ["none.safetensors"], Self.study(), "none.safetensors", "no such file")
      try failure(65, ask + ["--observables", "kernel-drift"], Self.study(), "kernel-drift", "checkpoint")
      try failure(65, ask, Self.study(optimizer: false), "needs a loss", "--observables outputs")
      for extra in [["--networks", "2"], ["--at", "0"], ["--every", "2"], ["--logarithmic"], ["--save-networks"]] {
        let outcome = try OrreryProgram.run(ask + extra, input: Self.study(), in: folder)
        #expect(outcome.status == 64 && outcome.errors.contains("--checkpoint"), "\(outcome.errors)")
      }
    }
  }
}
