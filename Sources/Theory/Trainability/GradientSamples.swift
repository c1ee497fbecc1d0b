import OrreryNetworks
import OrreryTensors

/// A few samples of the training data, as far as gradients at initialization depend on them: lengths and angles of the
/// inputs, and products of the targets.
///
/// Sample k is row ⌊N frac(k φ)⌋ of the data, φ = 0.618… the golden ratio: spread over the whole file, and out of step with
/// any order of the classes in it (a fixed stride could meet one class only). All rows, in order, where they are few.
public struct GradientSamples: Hashable, Sendable {
  /// |x|²/n₀, shape (samples).
  public let meanSquares: [Double]
  /// 1 − x·x′/(|x||x′|) of samples a ≥ b at a(a + 1)/2 + b.
  public let oneMinusCorrelations: [Double]
  /// y·y′/n_L, as the correlations are; nil without targets.
  public let targetProducts: [Double]?
  /// The same with each target less its own mean over the outputs.
  public let centredTargetProducts: [Double]?
  /// N: how many samples the data have.
  public let population: Int

  public var count: Int { meanSquares.count }

  /// - Parameters:
  ///   - inputs: shape (N, n₀).
  ///   - targets: shape (N, n_L).
  ///   - limit: at most how many samples to keep.
  public init(inputs: Matrix<Double>, targets: Matrix<Double>? = nil, limit: Int) {
    let rows = Self.choose(limit, of: inputs.rows)
    let x = inputs.selectingRows(rows)
    let state = KernelState(rows: x, tangents: false)
    population = inputs.rows
    meanSquares = state.rows.variances
    let all = state.oneMinusCorrelations
    let count = rows.count
    oneMinusCorrelations = Self.packed(count) { $0 == $1 ? 0 : all[$0 * count + $1] }
    targetProducts = targets.map { targets in
      Self.products(rows.map { row in (0..<targets.columns).map { targets[row, $0] } })
    }
    centredTargetProducts = targets.map { targets in
      Self.products(
        rows.map { row in
          let values = (0..<targets.columns).map { targets[row, $0] }
          let mean = values.reduce(0, +) / Double(max(1, values.count))
          return values.map { $0 - mean }
        })
    }
  }

  /// How many samples may be followed through a network in about a tenth of a second: pairs × layers are bounded.
  public static func affordable(layers: Int) -> Int {
    let budget = 2.5e5
    return min(max(Int((2 * budget / Double(max(1, layers))).squareRoot()), 8), 128)
  }

  /// The rows that stand for `count` ones.
  static func choose(_ limit: Int, of count: Int) -> [Int] {
    guard limit < count else { return Array(0..<count) }
    let ratio = (5.0.squareRoot() - 1) / 2
    var rows: [Int] = []
    var taken: Set<Int> = []
    var place = 0.0
    while rows.count < limit {
      let row = min(Int(place * Double(count)), count - 1)
      if taken.insert(row).inserted { rows.append(row) }
      place += ratio
      if place >= 1 { place -= 1 }
    }
    return rows
  }

  static func packed(_ count: Int, _ value: (Int, Int) -> Double) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count * (count + 1) / 2)
    for a in 0..<count { for b in 0...a { values.append(value(a, b)) } }
    return values
  }

  private static func products(_ targets: [[Double]]) -> [Double] {
    let outputs = Double(max(1, targets.first?.count ?? 1))
    return packed(targets.count) { zip(targets[$0], targets[$1]).reduce(0) { $0 + $1.0 * $1.1 } / outputs }
  }

  /// The mean over samples of E y² for one output; nil without targets.
  public var meanSquaredTarget: Double? {
    guard let products = targetProducts else { return nil }
    var sum = 0.0
    for sample in 0..<count { sum += products[sample * (sample + 1) / 2 + sample] }
    return sum / Double(max(1, count))
  }
}
