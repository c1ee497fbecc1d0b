import Foundation
import OrreryAnalysis
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The representation group flow of a described network on a few inputs: what `orrery flow` shows.
public struct FlowFinding: Codable, Sendable {
  public static let schemaVersion = 3

  public var schema = FlowFinding.schemaVersion
  public var subject: String
  public var label: String
  public var network: PerceptronView
  /// |x|²/n_0 of each input.
  public var meanSquares: [Double]
  public var layers: [Layer]
  /// How each coupling of the first input scales with depth, where there are layers enough to tell.
  public var scalings: [Scaling]
  /// What would keep the first input's mean kernel on its infinite-width trajectory at order 1/n, layer by layer.
  public var tuning: [Tuning]
  /// U6/K³ of the first input at every layer, to be divided by n_(ℓ−1)²: the skewness of the kernel over networks, of order 1/n²;
  /// nil where K³ does not fit float64.
  public var sixPointVertices: [Double?]
  /// Var Ĝ/K² of the first input in the last layer, to leading order.
  public var relativeVariance: Double
  /// A bound on the error of any expectation over three or four inputs, relative to its factors' sizes.
  public var expectationError: Double
  /// What of this network the recursions leave out, as a sentence; nil when nothing.
  public var neglected: String?

  /// One layer's tensors on all inputs. Tensors of four inputs are lists in row-major order, shape (M, M, M, M); an element's four
  /// inputs are in the order of ``tensorIndices``.
  public struct Layer: Codable, Sendable {
    /// ℓ.
    public var layer: Int
    /// n_(ℓ−1), by which every tensor is to be divided.
    public var fanIn: Int
    /// "K", "Θ", "G1", "H1": shape (M, M).
    public var kernels: [String: [[Double]]]
    /// "V", "A", "B", "D", "F", "P" … "U"; empty where they were not asked for.
    public var tensors: [String: [Double]]
    /// V_(12)(12), V_(11)(22), V_(11)(12) and A_(12)(12) of the first two inputs, by these names; empty for one input.
    public var firstPair: [String: Double]
    /// The couplings of each input, by name, without 1/n.
    public var couplings: [[String: Double]]
  }

  /// Either of two changes of one layer at this width.
  public struct Tuning: Codable, Sendable {
    /// ℓ.
    public var layer: Int
    /// w: C_W(1 + w), with C_b as it is.
    public var weight: Double
    /// ΔC_b with C_W as it is; nil where C_b + ΔC_b would be negative.
    public var bias: Double?
  }

  public struct Scaling: Codable, Sendable {
    public var coupling: Coupling
    public var scaling: DepthScaling
  }

  /// - Parameters:
  ///   - inputs: shape (M, n_0), as the network takes them.
  ///   - keepsTensors: whether every element of every tensor is wanted, or the couplings only.
  /// - Throws: `StudyError` where the tensors are too large to be kept, `FiniteWidthError`.
  public init(
    subject: String, label: String, network: PerceptronView, inputs: Matrix<Double>, extent: FiniteWidthExtent,
    tolerance: Double = 1e-8, keepsTensors: Bool = true
  ) throws {
    let elements = Self.elementCount(
      inputs: inputs.rows, layers: network.architecture.layerCount, extent: extent)
    guard !keepsTensors || elements <= Self.largestElementCount else {
      throw StudyError(
        .unusable,
        "The tensors of \(inputs.rows) inputs in \(network.architecture.layerCount) layers have \(elements) elements, more than "
          + "the \(Self.largestElementCount) that are written; ask for fewer inputs, for --extent preactivations, or for the "
          + "couplings alone, without --json and --report.")
    }
    let flow = try FiniteWidthFlow(network, inputs: inputs, extent: extent, tolerance: tolerance)
    self.subject = subject
    self.label = label
    self.network = network
    meanSquares = (0..<inputs.rows).map { row in
      inputs.row(row).reduce(0) { $0 + $1 * $1 } / Double(inputs.columns)
    }
    layers = flow.layers.map { Layer($0, keepsTensors: keepsTensors) }
    // Per width of the layer before, which need not be the same in all.
    scalings = Coupling.allCases.compactMap { coupling in
      let values = flow.layers.compactMap { layer in
        layer.coupling(coupling, input: 0).map { $0 / Double(layer.fanIn) }
      }
      guard values.count == flow.layers.count, let scaling = DepthScaling(Array(values.dropFirst()), firstLayer: 2)
      else {
        return nil
      }
      return Scaling(coupling: coupling, scaling: scaling)
    }
    let single = SingleInputFlow(network, input: inputs.row(0))
    sixPointVertices = flow.layers.indices.map { index in
      guard index < single.layers.count else { return nil }
      let ratio = single.layers[index].sixPointVertex / pow(single.layers[index].kernel, 3)
      return ratio.isFinite ? ratio : nil
    }
    relativeVariance = single.relativeVariance
    tuning = zip(single.weightTuning, single.biasTuning).enumerated().map { index, change in
      Tuning(
        layer: index + 1, weight: change.0,
        bias: network.layers[index].biasVariance + change.1 >= 0 ? change.1 : nil)
    }
    expectationError = flow.layers.map(\.expectationError).max() ?? 0
    neglected = flow.neglected
  }

  /// What the size of the fluctuations says of the expansion itself; nil where it is in its domain.
  public var caution: String? {
    guard CouplingRegime(relativeVariance: relativeVariance) == .stronglyCoupled else { return nil }
    let size = NumberText.text(relativeVariance, digits: 2)
    return "The kernel's relative variance is \(size) at order 1/n: more than 0.3, where the order after is not small "
      + "and kernels are log-normal. Take these numbers as a sign of strong coupling, and the Gram chain or real networks "
      + "(orrery confront) for their size."
  }

  /// M.
  public var inputs: Int { meanSquares.count }

  /// Which inputs of its defining expectation a tensor's four places are, first to last: B_1324 is that of ⟨Ĥ_ij;12 Ĥ_ij;34⟩ with places
  /// 1, 3, 2, 4 (PDLT §8, §11).
  public static let tensorIndices = [
    "V": "(12)(34)", "A": "(12)(34)", "D": "(12)(34)", "B": "1324", "F": "1324", "P": "0123", "Q": "0123", "R": "0123",
    "S": "1234", "T": "1324", "U": "1423",
  ]

  /// Elements of tensors that a finding holds at most: 40 MB, and three times as much as text.
  public static let largestElementCount = 5_000_000

  /// The elements of all tensors of a flow.
  static func elementCount(inputs: Int, layers: Int, extent: FiniteWidthExtent) -> Int {
    let tensors =
      switch extent {
      case .preactivations: 1
      case .tangentKernel: 5
      case .differentials: 11
      }
    return inputs * inputs * inputs * inputs * tensors * layers
  }

  /// A coupling of one input by layers, over n_(ℓ−1).
  func sizes(_ coupling: Coupling, input: Int) -> [Double?] {
    layers.map { layer in layer.couplings[input][coupling.rawValue].map { $0 / Double(layer.fanIn) } }
  }
}

extension FlowFinding.Layer {
  init(_ layer: FiniteWidthLayer, keepsTensors: Bool) {
    func rows(_ matrix: Matrix<Double>) -> [[Double]] { (0..<matrix.rows).map(matrix.row) }
    self.layer = layer.layer
    fanIn = layer.fanIn
    kernels = ["K": rows(layer.kernel), "G1": rows(layer.kernelCorrection)]
    (tensors, firstPair) = ([:], [:])
    if let tangent = layer.tangentKernel {
      kernels["Θ"] = rows(tangent.mean)
      kernels["H1"] = rows(tangent.correction)
    }
    if layer.inputs > 1 {
      let v = layer.fourPointVertex
      firstPair = ["V_(12)(12)": v[0, 1, 0, 1], "V_(11)(22)": v[0, 0, 1, 1], "V_(11)(12)": v[0, 0, 0, 1]]
      firstPair["A_(12)(12)"] = layer.tangentKernel?.a[0, 1, 0, 1]
    }
    couplings = (0..<layer.inputs).map { input in
      var values: [String: Double] = [:]
      for coupling in Coupling.allCases { values[coupling.rawValue] = layer.coupling(coupling, input: input) }
      return values
    }
    guard keepsTensors else { return }
    tensors["V"] = layer.fourPointVertex.denseElements
    if let tangent = layer.tangentKernel {
      tensors["A"] = tangent.a.denseElements
      tensors["B"] = tangent.b.elements
      tensors["D"] = tangent.d.denseElements
      tensors["F"] = tangent.f.elements
    }
    if let d = layer.differentials {
      for (name, tensor) in [("P", d.p), ("Q", d.q), ("R", d.r), ("S", d.s), ("T", d.t), ("U", d.u)] {
        tensors[name] = tensor.elements
      }
    }
  }
}

extension LoadedStudy {
  /// The flow on the first training inputs: of a perceptron, or a residual one.
  ///
  /// - Throws: `StudyError`, `FiniteWidthError`.
  public func flow(inputs: Int, extent: FiniteWidthExtent, keepsTensors: Bool = true) throws -> Flow {
    try coverage.requireAnything()
    guard inputs <= data.train.count else {
      throw StudyError(
        .unusable,
        "The data have \(data.train.count) training inputs, and the flow is asked on \(inputs); ask for fewer.")
    }
    return try Flow(
      resolved.network, subject: resolved.subject, label: label,
      inputs: data.train.inputs.selectingRows(Array(0..<inputs)), extent: extent, keepsTensors: keepsTensors)
  }
}

/// The flow of a network: what `orrery flow` shows.
public enum Flow: Sendable {
  case perceptron(FlowFinding)
  case residual(ResidualFlowFinding)

  init(
    _ network: ResolvedNetwork, subject: String, label: String, inputs: Matrix<Double>, extent: FiniteWidthExtent,
    keepsTensors: Bool
  ) throws {
    if network.perceptron == nil, let residual = network.residual {
      self = .residual(ResidualFlowFinding(subject: subject, label: label, network: residual, inputs: inputs))
    } else {
      self = .perceptron(
        try FlowFinding(
          subject: subject, label: label, network: network.perceptronOrRefusal(), inputs: inputs, extent: extent,
          keepsTensors: keepsTensors))
    }
  }

}

extension Flow: Reportable {
  public static let file = "flow.json"

  public var label: String {
    switch self {
    case .perceptron(let finding): finding.label
    case .residual(let finding): finding.label
    }
  }

  public var summary: String {
    switch self {
    case .perceptron(let finding): finding.text
    case .residual(let finding): finding.text
    }
  }

  public func page() -> Page {
    switch self {
    case .perceptron(let finding): finding.page()
    case .residual(let finding): finding.page()
    }
  }
}

extension Flow: Encodable {
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .perceptron(let finding): try finding.encode(to: encoder)
    case .residual(let finding): try finding.encode(to: encoder)
    }
  }
}

extension Flow {
  /// The flow of a described network on a user's inputs; `critical` takes their mean |x|²/n_0 for the first layer.
  ///
  /// - Parameters:
  ///   - inputs: shape (M, n_0).
  ///   - name: of the inputs, for the report.
  /// - Throws: `StudyError`, `FiniteWidthError`, `NetworkError`.
  public init(
    _ network: Network, on inputs: Matrix<Double>, name: String, extent: FiniteWidthExtent, keepsTensors: Bool = true
  ) throws {
    try network.validate()
    let meanSquare = inputs.tensor.elements.reduce(0) { $0 + $1 * $1 } / Double(inputs.rows * inputs.columns)
    let resolved = try NetworkResolver.resolve(network, sampleShape: [inputs.columns], meanSquaredInput: meanSquare)
    try Coverage(resolved, training: nil).requireAnything()
    try self.init(
      resolved, subject: name, label: "", inputs: inputs, extent: extent, keepsTensors: keepsTensors)
  }
}
