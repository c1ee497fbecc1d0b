import Foundation
import OrreryFormats
import OrreryTensors
import OrreryTestSupport
import Testing

/// kernel: arrays in, kernels out.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence))
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
    return (array.float64().withSpan { span in span.indices.map { span[$0] } }, array.shape, array.elementType)
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
      #expect(read.withSpan { span in span.indices.map { span[$0] } } == whole)
      // The same again has nothing left to do; another question does not go into the same folder.
      _ = try OrreryProgram.success(arguments, in: folder)
      #expect(try files(below: folder.appendingPathComponent("K")) == names)
      let other = try OrreryProgram.run(arguments + ["network.mlp.depth=3"], in: folder)
      #expect([65, 73].contains(other.status) && other.errors.hasPrefix("orrery: "), "\(other.errors)")
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
      try fails(64, ["X.npy", "precision=bfloat16", "-o", "K.npz"], ["bfloat16", "float32"])
      try fails(65, ["X.npy", "network.init=critical", "network.mlp.activation=softplus", "-o", "K.npz"], ["softplus"])
    }
  }
}
