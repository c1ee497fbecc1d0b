import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// Arrays that are not what they should be.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct BadDataTests {
  private static let files = "{ files: { inputs: X.npy, labels: y.npy }, targets: plus-minus-one }"

  private static let description = Descriptions.tiny(
    "{ synthetic: { distribution: sphere, samples: 6, features: 5 } }", files)

  private func write(_ values: [Double], _ shape: [Int], _ name: String, in folder: URL) throws {
    try Npy.write(Tensor<Double>(shape: shape, elements: values), to: folder.appendingPathComponent(name))
  }

  private func fails(_ folder: URL, says: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
    for command in ["check", "confront"] {
      try OrreryProgram.failure(
        65, [command, "-"], says: says, input: Self.description, in: folder, sourceLocation: sourceLocation)
    }
  }

  private static let inputs: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]
  private static let labels: [Double] = [0, 1, 0, 1]

  @Test func goodFilesAreTaken() throws {
    try withTemporaryFolder { folder in
      try write(Self.inputs, [4, 2], "X.npy", in: folder)
      try write(Self.labels, [4], "y.npy", in: folder)
      _ = try OrreryProgram.success(["check", "-"], input: Self.description, in: folder)
      // Relative to the description's folder, not to the one that the program runs in.
      try Data(Self.description.utf8).write(to: folder.appendingPathComponent("mine.yaml"))
      _ = try OrreryProgram.success(["check", folder.appendingPathComponent("mine.yaml").path])
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func numbersThatAreNotFinite(value: Double) throws {
    try withTemporaryFolder { folder in
      var inputs = Self.inputs
      inputs[5] = value
      try write(inputs, [4, 2], "X.npy", in: folder)
      try write(Self.labels, [4], "y.npy", in: folder)
      try fails(folder, says: ["X.npy"])
    }
  }

  @Test func shapesThatDoNotFit() throws {
    try withTemporaryFolder { folder in
      try write(Self.inputs, [4, 2], "X.npy", in: folder)
      try write([0, 1, 0], [3], "y.npy", in: folder)
      try fails(folder, says: ["3", "4"])
      try write([0, 1, 2, 1], [4], "y.npy", in: folder)
      try fails(folder, says: ["3"])
      try write([0, 1, 0.5, 1], [4], "y.npy", in: folder)
      try fails(folder, says: ["0.5"])
      try write(Self.labels, [4], "y.npy", in: folder)
      try write([], [0, 2], "X.npy", in: folder)
      try fails(folder, says: ["X.npy"])
      try write(Self.inputs, [8], "X.npy", in: folder)
      // One number each: eight samples of one feature.
      try fails(folder, says: ["y.npy", "4 labels for 8 inputs"])
    }
  }

  /// A stray label asks for an output of its own: the sentence shows how rare it is.
  @Test func labelsAreCounted() throws {
    try withTemporaryFolder { folder in
      try write(Self.inputs, [4, 2], "X.npy", in: folder)
      try write([0, 1, 0, 1e9], [4], "y.npy", in: folder)
      try OrreryProgram.failure(
        65, ["check", "-"], says: ["0 (2 samples), 1 (1 sample), 1000000000 (1 sample)", "data.classes"],
        input: Self.description.replacingOccurrences(of: "plus-minus-one", with: "one-hot"), in: folder)
    }
  }

  @Test func numbersBeyondThePrecision() throws {
    try withTemporaryFolder { folder in
      var inputs = Self.inputs
      inputs[5] = 1e41
      try write(inputs, [4, 2], "X.npy", in: folder)
      try write(Self.labels, [4], "y.npy", in: folder)
      try fails(folder, says: ["X.npy", "feature 1 of sample 2", "exceeds float32", "precision: float64"])
    }
  }

  @Test func filesThatLie() throws {
    try withTemporaryFolder { folder in
      try write(Self.inputs, [4, 2], "X.npy", in: folder)
      try write(Self.labels, [4], "y.npy", in: folder)
      let whole = try Data(contentsOf: folder.appendingPathComponent("X.npy"))
      for bytes in [whole.dropLast(3), whole.prefix(20), Data(), Data("no array".utf8)] {
        try Data(bytes).write(to: folder.appendingPathComponent("X.npy"))
        try fails(folder, says: ["X.npy"])
      }
    }
  }

  @Test func samplesAndClassesThatAreNotThere() throws {
    for (override, says) in [
      ("data={name: digits, classes: [0, 11]}", "11"), ("data={name: digits, train: 5000}", "5000"),
      ("data={name: digits, targets: plus-minus-one}", "10"), ("data={name: digit}", "digits"),
      ("data={name: digits, classes: [0, 1], targets: one-hot}", "outputs to 2"),
    ] {
      try OrreryProgram.failure(
        override.contains("digit}") ? 66 : 65, ["check", "-", override], says: [says], input: Descriptions.tiny)
    }
  }
}
