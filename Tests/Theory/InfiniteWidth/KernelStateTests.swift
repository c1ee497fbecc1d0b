import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

@Suite("Pairs of positions") struct PositionPairsTests {
  @Test("Every pair within reach once, in order", arguments: [[], [5], [3, 4], [2, 3, 2]], [0, 1, 2, 9])
  func pairs(_ extents: [Int], _ reach: Int) {
    let pairs = PositionPairs(extents: extents, reach: extents.map { _ in reach })
    func coordinates(_ position: Int) -> [Int] {
      var rest = position
      return extents.reversed().map { extent in
        defer { rest /= extent }
        return rest % extent
      }
    }
    var expected: [[Int]] = []
    for p in 0..<pairs.positionCount {
      for q in 0..<pairs.positionCount {
        let isHeld = zip(coordinates(p), coordinates(q)).allSatisfy { abs($0 - $1) <= reach }
        if isHeld { expected.append([p, q]) }
        #expect((pairs.index(p, q) != nil) == isHeld)
      }
    }
    #expect(zip(pairs.first, pairs.second).map { [$0, $1] } == expected)
    #expect((0..<pairs.count).allSatisfy { pairs.index(pairs.first[$0], pairs.second[$0]) == $0 })
    #expect(pairs.hasOffsets == (pairs.count > pairs.positionCount))
  }

  @Test func namedOnes() {
    #expect(PositionPairs.diagonal([3, 2]).count == 6 && PositionPairs.all([3, 2]).count == 36)
    #expect(
      PositionPairs.none.count == 1 && PositionPairs.none == .diagonal([]) && .all([1]) == PositionPairs.diagonal([1]))
  }
}

/// The mean over windows of `width` positions along every axis, stride 1: a linear map over positions.
private struct SlidingMean: KernelPropagating {
  static let key = "sliding-mean"
  var width: Int

  func outputShape(for inputShape: [Int]) throws -> [Int] {
    inputShape.dropLast().map { $0 - width + 1 } + [inputShape[inputShape.count - 1]]
  }
  func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
  func reach(for reach: [Int], inputShape: [Int]) -> [Int] { reach.map { $0 + width - 1 } }

  func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState {
    let extents = state.pairs.extents.map { $0 - width + 1 }
    let windows = Self.windows(extents, of: state.pairs.extents, width: width)
    // What is asked for behind it has that much less reach.
    let pairs = PositionPairs(extents: extents, reach: state.pairs.reach.map { max(0, $0 - width + 1) })
    let (count, inside) = (pairs.positionCount, state.pairs.positionCount)
    /// M K Mᵀ at pairs, of values of one pair of samples.
    func mixed(_ values: (_ p: Int, _ q: Int, _ pair: Int) -> Double, _ p: Int, _ q: Int) -> Double {
      windows[p].reduce(0) { sum, first in
        sum + windows[q].reduce(0) { $0 + values(first, $1, state.pairs.index(first, $1)!) }
      } / Double(windows[p].count * windows[q].count)
    }
    func kernel(
      _ a: KernelSide, _ i: Int, _ b: KernelSide, _ j: Int, _ values: [Double], _ start: Int
    ) -> (Int, Int, Int) -> Double {
      { p, q, pair in
        (a.variances[i * inside + p] * b.variances[j * inside + q]).squareRoot() * (1 - values[start + pair])
      }
    }
    func side(_ side: KernelSide) -> KernelSide {
      var (variances, own) = ([Double](), [Double]())
      for sample in 0..<side.samples {
        let values = kernel(
          side, sample, side, sample, side.oneMinusCorrelations, sample * state.pairs.count)
        let new = (0..<count).map { mixed(values, $0, $0) }
        variances += new
        own += (0..<pairs.count).map { pair in
          let (p, q) = (pairs.first[pair], pairs.second[pair])
          return p == q ? 0 : 1 - mixed(values, p, q) / (new[p] * new[q]).squareRoot()
        }
      }
      let means = side.means.map { means in
        (0..<side.samples).flatMap { sample in
          windows.map { $0.reduce(0) { $0 + means[sample * inside + $1] } / Double($0.count) }
        }
      }
      return KernelSide(samples: side.samples, variances: variances, oneMinusCorrelations: own, means: means)
    }
    let (rows, columns) = (side(state.rows), side(state.columns))
    var (correlations, tangents) = ([Double](), [Double]())
    for i in 0..<rows.samples {
      for j in 0..<columns.samples {
        let start = (i * columns.samples + j) * state.pairs.count
        let values = kernel(state.rows, i, state.columns, j, state.oneMinusCorrelations, start)
        for pair in 0..<pairs.count {
          let (p, q) = (pairs.first[pair], pairs.second[pair])
          correlations.append(
            1 - mixed(values, p, q) / (rows.variances[i * count + p] * columns.variances[j * count + q]).squareRoot())
          if let old = state.tangents { tangents.append(mixed({ old[start + $2] }, p, q)) }
        }
      }
    }
    return KernelState(
      pairs: pairs, rows: rows, columns: columns, oneMinusCorrelations: correlations,
      tangents: state.tangents.map { _ in tangents }, isSymmetric: state.isSymmetric, isGaussian: state.isGaussian)
  }

  /// The positions of each window.
  static func windows(_ extents: [Int], of outer: [Int], width: Int) -> [[Int]] {
    zip(extents, outer).reduce([[0]]) { windows, axis in
      windows.flatMap { window in
        (0..<axis.0).map { start in window.flatMap { place in (0..<width).map { place * axis.1 + start + $0 } } }
      }
    }
  }
}

/// Depends on all samples, in no interesting way.
private struct Mixer: KernelPropagating {
  static let key = "mixer"
  func outputShape(for inputShape: [Int]) throws -> [Int] { inputShape }
  func parameters(for inputShape: [Int]) -> [ParameterDescription] { [] }
  var mixesSamples: Bool { true }
  func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState { state }
}

@Suite("Kernels through lists of layers") struct KernelStateTests {
  private static let relu = Layer(Nonlinearity(Activation(.relu)))
  private static let numbers = LayerInitialization(weightVariance: 1.6, biasVariance: 0.2)

  private static func network(
    _ layers: [Layer], _ inputShape: [Int], _ parametrization: Parametrization = .ntk
  ) throws -> ResolvedNetwork {
    let weights = try Architecture(layers).parameters(inputShape: inputShape).filter(\.isDrawnWeight).count
    return try ResolvedNetwork(
      architecture: Architecture(layers), inputShape: inputShape,
      initializations: Array(repeating: numbers, count: weights), parametrization: parametrization)
  }

  private static func data(_ rows: Int, _ features: Int, seed: UInt64) -> Matrix<Double> {
    var random = SplitMix(seed: seed)
    return Matrix(rows: rows, columns: features, elements: random.normals(rows * features))
  }

  @Test("A linear map over positions is that map of the data", arguments: [[6], [5, 4]])
  func linearMap(_ extents: [Int]) throws {
    let (width, channels) = (2, 3)
    let count = extents.reduce(1, *)
    let (x, y) = (Self.data(2, count * channels, seed: 1), Self.data(3, count * channels, seed: 2))
    func mapped(_ data: Matrix<Double>, _ extents: [Int]) -> Matrix<Double> {
      let windows = SlidingMean.windows(extents.map { $0 - width + 1 }, of: extents, width: width)
      return Matrix(
        (0..<data.rows).map { row in
          windows.flatMap { window in
            (0..<channels).map { channel in
              window.reduce(0) { $0 + data[row, $1 * channels + channel] } / Double(window.count)
            }
          }
        })
    }
    let mean = Layer(SlidingMean(width: width))
    let tail = [Layer(Flatten()), Layer(Dense(units: 4)), Self.relu, Layer(Dense(units: 1))]
    let smaller = extents.map { $0 - width + 1 }
    let inner = smaller.map { $0 - width + 1 }
    let both = try KernelState(
      Self.network([mean, mean] + tail, extents + [channels]), rows: x, columns: y, tangents: true)
    let plain = try KernelState(
      Self.network(tail, inner + [channels]), rows: mapped(mapped(x, extents), smaller),
      columns: mapped(mapped(y, extents), smaller), tangents: true)
    for (a, b) in zip(both.kernel + both.tangents!, plain.kernel + plain.tangents!) { #expect(abs(a - b) < 1e-13) }
    for (a, b) in zip(both.rows.variances, plain.rows.variances) { #expect(relativeError(a, b) < 1e-13) }
  }

  @Test("Layers ask for the pairs that they need, and more change nothing")
  func reach() throws {
    let mean = Layer(SlidingMean(width: 2))
    let layers = [
      Layer(Dense(units: 8)), Self.relu, mean, Layer(Dense(units: 8)), Self.relu, mean, Layer(Dense(units: 5)),
      Self.relu,
      Layer(Flatten()), Layer(Dense(units: 1)),
    ]
    let network = try Self.network(layers, [4, 5, 2], .standard)
    let pairs = try layers.pairs(inputShape: [4, 5, 2])
    #expect(pairs.extents == [4, 5] && pairs.reach == [2, 2])
    let (x, y) = (Self.data(2, 40, seed: 3), Self.data(2, 40, seed: 4))
    let least = try KernelState(network, rows: x, columns: y, tangents: true)
    let all = try KernelState(rows: x, columns: y, pairs: .all([4, 5]), tangents: true)
      .propagated(through: layers, scales: network.parameterScales())
    for (a, b) in zip(least.kernel + least.tangents!, all.kernel + all.tangents!) {
      #expect(relativeError(a, b) < 1e-12)
    }
    let own = try KernelState(network, rows: x, tangents: true)
    #expect(own.isSymmetric)
    checkKernelIsPositiveSemidefinite(Matrix(rows: 2, columns: 2, elements: own.tangents!), tolerance: 1e-14)
    #expect(throws: (any Error).self) {
      try (layers + [Layer(Convolution(units: 3, kernel: 3))]).pairs(inputShape: [4, 5, 2])
    }
  }

  /// Two inputs 1e-9 apart: 1 − c would be lost in k₁₂.
  @Test("Flatten is the data laid out, for alike inputs too")
  func flatten() throws {
    let x = Self.data(3, 24, seed: 5)
    let alike = Matrix(
      rows: 3, columns: 24, elements: x.tensor.elements.enumerated().map { $1 * (1 + 1e-9 * Double($0 % 5)) })
    let tail = [Layer(Dense(units: 4)), Self.relu, Layer(Dense(units: 1))]
    let laidOut = try KernelState(Self.network(tail, [24]), rows: x, columns: alike, tangents: true)
    let images = try Self.network([Layer(Flatten())] + tail, [24])
    let state = try KernelState(rows: x, columns: alike, pairs: .diagonal([4, 2]), tangents: true)
      .propagated(through: [Layer(Flatten())] + tail, scales: [[]] + images.parameterScales())
    for (a, b) in zip(state.oneMinusCorrelations, laidOut.oneMinusCorrelations) { #expect(relativeError(a, b) < 1e-6) }
    for (a, b) in zip(state.kernel + state.tangents!, laidOut.kernel + laidOut.tangents!) {
      #expect(relativeError(a, b) < 1e-13)
    }
    let zero = try KernelState(
      rows: Matrix(rows: 1, columns: 24, elements: Array(repeating: 0, count: 24)), columns: x, pairs: .diagonal([12]),
      tangents: false
    ).propagated(through: [Layer(Flatten())], scales: [[]])
    #expect(zero.oneMinusCorrelations == [1, 1, 1] && zero.kernel == [0, 0, 0])
  }

  @Test("Any list of layers by tiles, beside the fused path")
  func tiles() throws {
    let x = Self.data(70, 6, seed: 6)
    let y = Self.data(9, 6, seed: 7)
    let body = [Layer(Dense(units: 4)), Self.relu, Layer(Dense(units: 4)), Self.relu]
    let dropped = try Self.network(body + [Layer(Dropout(0.3)), Layer(Dense(units: 1))], [6])
    #expect(dropped.perceptron == nil)
    let perceptron = try #require(try Self.network(body + [Layer(Dense(units: 1))], [6]).perceptron)
    for other in [nil, y] {
      let fused = try InfiniteWidthKernels(perceptron).matrices(x, other)
      let plain = try NetworkKernels(dropped, x, other)
      let (rows, columns) = (3..<68, 2..<plain.columns)
      let tile = try plain.tile(rows: rows, columns: columns)
      for row in rows {
        for column in columns {
          let (i, j) = (row - 3, column - 2)
          #expect(relativeError(tile.nngp[i, j], fused.nngp[row, column]) < 1e-10)
          #expect(relativeError(tile.ntk![i, j], fused.ntk![row, column]) < 1e-10)
        }
      }
    }
  }

  @Test("What has no kernel is named, with the remedy")
  func errors() throws {
    let x = Self.data(2, 8, seed: 8)
    func error(_ layers: [Layer], _ shape: [Int] = [8]) throws -> InfiniteWidthError? {
      #expect(throws: InfiniteWidthError.self) { try NetworkKernels(Self.network(layers, shape), x) }
    }
    let dense = Layer(Dense(units: 3))
    #expect(
      try error([dense, Self.relu, Layer(Nonlinearity(Activation(.tanh))), dense])
        == .notGaussian(layer: "activation", index: 3))
    #expect(try error([Self.relu, dense]) == .notGaussian(layer: "activation", index: 1))
    #expect(try error([dense, Self.relu], [4, 2]) == .positionsAtOutput([4, 3]))
    #expect(
      try error([Layer(Convolution(units: 3, kernel: 3)), Layer(Flatten()), dense], [2, 4, 1])?.description.contains(
        "Layer 1, `convolution`") == true)
    #expect(
      try error([dense, Layer(Nonlinearity(Activation(.step))), Layer(Dropout(0.1)), dense])
        == .discontinuousActivation(layer: 2))
    let mixed = try Self.network([dense, Layer(Mixer()), dense], [8])
    let kernels = try NetworkKernels(mixed, x)
    #expect(try kernels.tile(rows: 0..<2, columns: 0..<2).nngp.rows == 2)
    #expect(throws: InfiniteWidthError.needsWholeBatch(layer: "mixer", index: 2)) {
      try kernels.tile(rows: 0..<1, columns: 0..<2)
    }
    #expect(throws: InfiniteWidthError.needsWholeBatch(layer: "mixer", index: 2)) {
      try kernels.tile(rows: 0..<1, columns: 0..<1)
    }
    // A factor passes whatever the signal is.
    let factor = Layer(Nonlinearity(Activation(.linear, outputScale: -0.5)))
    let scaled = try NetworkKernels(Self.network([dense, Self.relu, factor, dense], [8]), x).tile(
      rows: 0..<1, columns: 1..<2)
    let plain = try NetworkKernels(Self.network([dense, Self.relu, Layer(Dropout(0)), dense], [8]), x).tile(
      rows: 0..<1, columns: 1..<2)
    #expect(relativeError(scaled.nngp[0, 0] - 0.2, 0.25 * (plain.nngp[0, 0] - 0.2)) < 1e-13)
  }
}
