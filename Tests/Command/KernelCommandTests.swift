import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// kernel: arrays in, kernels out.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct KernelCommandTests {
  /// ReLU at criticality with the first layer C_W = 2: K and Θ in closed form (Cho and Saul 2009; Jacot et al. 2018).
  private static let description = """
    orrery: 1
    precision: float64
    network:
      mlp: { depth: 2, width: 8, activation: relu }
      init: { weight-variance: 2 }
      parametrization: ntk

    """

  private static let x: [[Double]] = [[1, 2, 2], [0, 3, -1], [-1, 0.5, 0.25], [2, 4, 4.0000001]]
  private static let x2: [[Double]] = [[1, -1, 0.5], [1, 2, 2]]

  private func write(_ rows: [[Double]], _ name: String, in folder: URL) throws {
    let tensor = Tensor<Double>(shape: [rows.count, rows[0].count], elements: rows.flatMap { $0 })
    try Npy.write(tensor, to: folder.appendingPathComponent(name))
  }

  private func withInputs(_ body: (URL) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try Data(Self.description.utf8).write(to: folder.appendingPathComponent("mine.yaml"))
      try write(Self.x, "X.npy", in: folder)
      try write(Self.x2, "X2.npy", in: folder)
      try body(folder)
    }
  }

  /// The NNGP and the NTK of the description by the arc-cosine formulas.
  private func reference(_ x: [Double], _ y: [Double]) -> (nngp: Double, ntk: Double) {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let scale = 2 / Double(x.count)
    var (cross, first, second) = (scale * dot(x, y), scale * dot(x, x), scale * dot(y, y))
    var tangent = cross
    for _ in 0..<2 {
      let norm = (first * second).squareRoot()
      let c = min(1, max(-1, cross / norm))
      let angle = acos(c)
      cross = norm * ((1 - c * c).squareRoot() + (.pi - angle) * c) / .pi
      tangent = cross + (.pi - angle) / .pi * tangent
      (first, second) = (first, second)
    }
    return (cross, tangent)
  }

  private func array(_ name: String, _ file: URL) throws -> (values: [Double], shape: [Int], type: ElementType) {
    let array = try Npz(file).read(name)
    return (array.float64().elements, array.shape, array.elementType)
  }

  @Test func symmetricKernelsAreTheClosedForm() throws {
    try withInputs { folder in
      let outcome = try OrreryProgram.success(["kernel", "mine.yaml", "X.npy", "-o", "K.npz"], in: folder)
      #expect(outcome.output.contains("(4, 4)"))
      let file = folder.appendingPathComponent("K.npz")
      #expect(try Npz(file).names.sorted() == ["nngp", "ntk"])
      let (nngp, ntk) = (try array("nngp", file), try array("ntk", file))
      #expect(nngp.shape == [4, 4] && nngp.type == .float64)
      for row in 0..<4 {
        for column in 0..<4 {
          let expected = reference(Self.x[row], Self.x[column])
          // acos loses half the digits next to 1, here in the reference.
          #expect(relativeError(nngp.values[4 * row + column], expected.nngp) < 1e-9)
          #expect(relativeError(ntk.values[4 * row + column], expected.ntk) < 1e-7)
          #expect(nngp.values[4 * row + column] == nngp.values[4 * column + row])
        }
      }
      #expect(try files(below: folder) == ["K.npz", "X.npy", "X2.npy", "mine.yaml"])
    }
  }

  /// Dropout does nothing in evaluation, and makes the network none of the fast path's.
  @Test func anyListOfLayersHasKernels() throws {
    try withInputs { folder in
      func description(_ precision: String, _ last: String) -> String {
        """
        orrery: 1
        precision: \(precision)
        network:
          layers: [ { dense: { units: 8 } }, { activation: relu }, { dropout: 0.4 }, { dense: { units: 8 } }, { activation: relu }, \(last) ]
          init: { weight-variance: 2 }
          parametrization: ntk
        """
      }
      let path = folder.appendingPathComponent("layers.yaml")
      try Data(description("float64", "{ dense: { units: 1 } }").utf8).write(to: path)
      _ = try OrreryProgram.success(["kernel", "layers.yaml", "X.npy", "X2.npy", "-o", "K.npz"], in: folder)
      let file = folder.appendingPathComponent("K.npz")
      for (name, place) in [("nngp", 0), ("ntk", 1)] {
        let found = try array(name, file)
        #expect(found.shape == [4, 2])
        for row in 0..<4 {
          for column in 0..<2 {
            let exact = reference(Self.x[row], Self.x2[column])
            #expect(relativeError(found.values[row * 2 + column], place == 0 ? exact.nngp : exact.ntk) < 1e-7)
          }
        }
      }
      try Data(description("float32", "{ dense: { units: 1 } }").utf8).write(to: path)
      try write([[1e25, 0, 1]], "large.npy", in: folder)
      try OrreryProgram.failure(
        65, ["kernel", "layers.yaml", "large.npy", "-o", "L.npz"], says: ["float32", "float64"], in: folder)
      try Data(description("float64", "{ activation: tanh }, { dense: { units: 1 } }").utf8).write(to: path)
      try OrreryProgram.failure(
        65, ["kernel", "layers.yaml", "X.npy", "-o", "L.npz"], says: ["Layer 6", "not Gaussian"], in: folder)
    }
  }

  @Test func twoArraysMakeARectangle() throws {
    try withInputs { folder in
      _ = try OrreryProgram.success(["kernel", "mine.yaml", "X.npy", "X2.npy", "-o", "K.npz", "--quiet"], in: folder)
      let nngp = try array("nngp", folder.appendingPathComponent("K.npz"))
      #expect(nngp.shape == [4, 2])
      for row in 0..<4 {
        for column in 0..<2 {
          let expected = reference(Self.x[row], Self.x2[column])
          #expect(relativeError(nngp.values[2 * row + column], expected.nngp) < 1e-9)
        }
      }
    }
  }

  @Test func optionsAndOverridesChangeWhatIsWritten() throws {
    try withInputs { folder in
      let json = try OrreryProgram.success(
        ["kernel", "mine.yaml", "X.npy", "precision=float32", "-o", "K.npz", "--nngp-only", "--first", "3", "--json"],
        in: folder
      ).json
      #expect(try json["shape"].doubles == [3, 3])
      #expect(try json["arrays"].elements.map { try $0.string } == ["nngp"])
      let file = folder.appendingPathComponent("K.npz")
      #expect(try Npz(file).names == ["nngp"])
      let nngp = try array("nngp", file)
      #expect(nngp.type == .float32 && nngp.shape == [3, 3])
      #expect(relativeError(nngp.values[1], reference(Self.x[0], Self.x[1]).nngp) < 1e-5)
    }
  }

  @Test func aNameWithQuotesIsStillJSON() throws {
    try withInputs { folder in
      let json = try OrreryProgram.success(
        ["kernel", "mine.yaml", "X.npy", "-o", "a \"b\" \\ c.npz", "--json"], in: folder
      ).json
      #expect(try json["output"].string == "a \"b\" \\ c.npz")
    }
  }

  @Test func threadsDoNotChangeABit() throws {
    try withInputs { folder in
      let kernels = try ["1", "2"].map { threads in
        _ = try OrreryProgram.success(
          [
            "kernel", "mine.yaml", "X.npy", "network.mlp.activation=gelu", "-o", "K\(threads).npz", "--threads",
            threads,
          ],
          in: folder)
        return try array("ntk", folder.appendingPathComponent("K\(threads).npz")).values
      }
      #expect(kernels[0] == kernels[1])
    }
  }

  @Test func aFolderOfTilesHoldsTheSameNumbersAndGoesOn() throws {
    try withInputs { folder in
      _ = try OrreryProgram.success(["kernel", "mine.yaml", "X.npy", "-o", "K.npz"], in: folder)
      let arguments = ["kernel", "mine.yaml", "X.npy", "-o", "K"]
      _ = try OrreryProgram.success(arguments, in: folder)
      let names = try files(below: folder.appendingPathComponent("K"))
      #expect(names.contains { $0.hasSuffix(".npy") } && !names.contains { $0.contains("partial") }, "\(names)")
      let whole = try array("nngp", folder.appendingPathComponent("K.npz")).values
      let tile = try #require(names.first { $0.contains("nngp") && $0.hasSuffix(".npy") })
      let read = try Npy.read(from: folder.appendingPathComponent("K/\(tile)")).float64()
      // Four samples are one tile, computed as the whole is.
      #expect(read.elements == whole)
      // The same again has nothing left to do; another question does not go into the same folder.
      _ = try OrreryProgram.success(arguments, in: folder)
      #expect(try files(below: folder.appendingPathComponent("K")) == names)
      let other = try OrreryProgram.run(arguments + ["network.mlp.depth=3"], in: folder)
      #expect([65, 73].contains(other.status) && other.errors.hasPrefix("orrery: "), "\(other.errors)")
    }
  }

  /// Ctrl-C in the middle of a kernel of seconds leaves the folder as it was.
  @Test(.timeLimit(.minutes(1))) func interruptionsLeaveNothing() throws {
    try withInputs { folder in
      var random = SplitMix(seed: 1)
      try write((0..<3000).map { _ in random.normals(4) }, "X.npy", in: folder)
      let running = try OrreryProgram.start(
        [
          "kernel", "mine.yaml", "X.npy", "-o", "K.npz", "--threads", "1", "network.mlp.depth=300",
          "network.mlp.activation=gelu", "network.init=critical",
        ], in: folder)
      usleep(500_000)
      running.process.interrupt()
      let outcome = try running.finish()
      // On a machine so busy that the program has not begun, the system's own handling ends it.
      #expect(outcome.isSignalled ? outcome.status == SIGINT : outcome.status == 130, "\(outcome.errors)")
      #expect(outcome.isSignalled || outcome.errors.hasPrefix("orrery: Interrupted"), "\(outcome.errors)")
      #expect(try files(below: folder) == ["X.npy", "X2.npy", "mine.yaml"])
    }
  }

  /// An array of an npz file by its name, and files whose own names have a colon.
  @Test func arraysOfAnArchiveHaveNames() throws {
    try withInputs { folder in
      var writer = try NpzWriter(folder.appendingPathComponent("two.npz"))
      for (name, rows) in [("a", Self.x), ("b", Self.x2)] {
        try writer.write(Tensor<Double>(shape: [rows.count, 3], elements: rows.flatMap { $0 }), name: name)
      }
      try writer.finish()
      func kernel(_ inputs: String...) throws -> [Double] {
        _ = try OrreryProgram.success(["kernel", "mine.yaml"] + inputs + ["-o", "K.npz"], in: folder)
        return try array("ntk", folder.appendingPathComponent("K.npz")).values
      }
      let expected = try kernel("X.npy", "X2.npy")
      #expect(try kernel("two.npz:a", "two.npz:b") == expected)
      for name in ["odd:a", "two.npz:b"] {
        try FileManager.default.copyItem(
          at: folder.appendingPathComponent("X.npy"), to: folder.appendingPathComponent(name))
      }
      #expect(try kernel("odd:a", "X2.npy") == expected)
      #expect(try kernel("two.npz:b", "X2.npy") == expected, "A file of that name comes first.")
      for (input, status, says) in [
        ("two.npz", 65, "name the one to use, as in two.npz:a"), ("two.npz:c", 65, "name one that it holds (a, b)"),
        ("lost.npz:a", 66, "lost.npz:a"), ("X.npy:a", 65, "only npz files name arrays"),
      ] as [(String, Int32, String)] {
        try OrreryProgram.failure(
          status, ["kernel", "mine.yaml", input, "-o", "L.npz"], says: [says], in: folder)
      }
    }
  }

  /// Numbers that single precision cannot hold are not passed over.
  @Test func inputsTooLargeOrTooSmallAreNamed() throws {
    try withInputs { folder in
      func scaled(_ scale: Double, _ name: String) throws {
        try write(Self.x.map { $0.map { $0 * scale } }, name, in: folder)
      }
      try scaled(1e-200, "tiny.npy")
      try scaled(1e25, "large.npy")
      try scaled(1e200, "huge.npy")
      func fails(_ input: String, _ precision: String, _ says: [String], line: SourceLocation = #_sourceLocation) throws
      {
        try OrreryProgram.failure(
          65, ["kernel", "mine.yaml", input, "precision=\(precision)", "-o", "K.npz"], says: says, in: folder,
          sourceLocation: line)
      }
      try fails("tiny.npy", "float32", ["tiny.npy", "sample 0", "precision=float64"])
      try fails("large.npy", "float32", ["layer 1", "inputs are too large", "scale", "float64"])
      try fails("huge.npy", "float64", ["row 0", "|x|²", "scale"])
      for input in ["tiny.npy", "large.npy"] {
        _ = try OrreryProgram.success(
          ["kernel", "mine.yaml", input, "precision=float64", "-o", "K.npz"], in: folder)
      }
      // One small number beside larger ones changes nothing.
      try write([[1, 1e-200, 2]], "mixed.npy", in: folder)
      _ = try OrreryProgram.success(
        ["kernel", "mine.yaml", "mixed.npy", "precision=float32", "-o", "K.npz"], in: folder)
    }
  }

  @Test func mistakesAreNamed() throws {
    try withInputs { folder in
      func fails(_ status: Int32, _ arguments: [String], _ says: [String], line: SourceLocation = #_sourceLocation)
        throws
      {
        try OrreryProgram.failure(
          status, ["kernel", "mine.yaml"] + arguments, says: says, in: folder, sourceLocation: line)
        #expect(!(try files(below: folder).contains { $0.hasPrefix("K") || $0.contains("partial") }))
      }
      try write([[1, 2]], "narrow.npy", in: folder)
      try write([[1, 2, .nan]], "nan.npy", in: folder)
      try fails(65, ["X.npy", "narrow.npy", "-o", "K.npz"], ["2", "3", "features"])
      try fails(65, ["nan.npy", "-o", "K.npz"], ["nan.npy"])
      try fails(66, ["lost.npy", "-o", "K.npz"], ["lost.npy"])
      try fails(73, ["X.npy", "-o", "nowhere/K.npz"], ["nowhere"])
      try fails(73, ["X.npy", "-o", "X.npy/K.npz"], ["X.npy"])
      try fails(73, ["X.npy", "-o", "X2.npy"], ["X2.npy"])
      try fails(64, ["X.npy", "network.mlp.depth=1,2", "-o", "K.npz"], ["2"])
      try fails(64, ["X.npy", "X2.npy", "X.npy", "-o", "K.npz"], ["3"])
      try fails(65, ["X.npy", "--first", "9", "-o", "K.npz"], ["9", "4"])
      try fails(65, ["X.npy", "precision=bfloat16", "-o", "K.npz"], ["bfloat16", "float32"])
      try fails(65, ["X.npy", "network.init=critical", "network.mlp.activation=softplus", "-o", "K.npz"], ["softplus"])
    }
  }
}
