/// A tensor X_(12)(34) that is symmetric in 1 ↔ 2 and in 3 ↔ 4: V, A, D. Indices are inputs, 0 … M − 1.
public struct PairTensor: Hashable, Sendable {
  /// M.
  public let inputs: Int
  /// M(M + 1)/2.
  public let pairs: Int
  /// X by packed pairs, shape (pairs, pairs): pair (α ≥ β) is number α(α + 1)/2 + β.
  public private(set) var elements: [Double]

  /// A tensor by its elements.
  ///
  /// - Parameter elements: X by packed pairs, shape (pairs, pairs), row after row.
  /// - Throws: ``FiniteWidthError`` when there are not that many, or one is not finite.
  public init(inputs: Int, elements: [Double]) throws {
    let pairs = try FiniteWidthError.pairs(of: inputs, name: "A tensor of pairs")
    try FiniteWidthError.check(elements, name: "A tensor of pairs", expected: [pairs, pairs])
    self.init(inputs: inputs, checked: elements)
  }

  init(inputs: Int, checked elements: [Double]) {
    self.inputs = inputs
    pairs = KernelEntry.packedCount(inputs)
    precondition(elements.count == pairs * pairs, "One element for each pair of pairs.")
    self.elements = elements
  }

  init(inputs: Int) {
    let pairs = KernelEntry.packedCount(inputs)
    self.init(inputs: inputs, checked: Array(repeating: 0, count: pairs * pairs))
  }

  /// X_(12)(34).
  public subscript(first: Int, second: Int, third: Int, fourth: Int) -> Double {
    elements[KernelEntry.packedIndex(first, second) * pairs + KernelEntry.packedIndex(third, fourth)]
  }

  /// X_(12)(34) of all inputs, shape (M, M, M, M) in row-major order.
  public var denseElements: [Double] {
    let numbers = (0..<inputs * inputs).map { KernelEntry.packedIndex($0 / inputs, $0 % inputs) }
    return numbers.flatMap { row in numbers.map { elements[row * pairs + $0] } }
  }

  /// X with its two pairs exchanged.
  var transposed: PairTensor {
    var result = self
    for i in 0..<pairs { for j in 0..<pairs { result.elements[j * pairs + i] = elements[i * pairs + j] } }
    return result
  }

  /// The sum of the two, times factors.
  static func combination(_ a: Double, _ x: PairTensor, _ b: Double, _ y: PairTensor) -> PairTensor {
    PairTensor(inputs: x.inputs, checked: zip(x.elements, y.elements).map { a * $0 + b * $1 })
  }
}

/// A linear map of symmetric matrices, δK ↦ Σ_k c_k δK_k over the pairs (αα), (αβ), (ββ) for each pair αβ: 𝓛 and 𝓞.
struct PairOperator: Sendable {
  private let inputs: Int
  private let columns: [(Int, Int, Int)]
  private let coefficients: [(Double, Double, Double)]

  /// - Parameter expansions: one for each packed pair; its gradient is the map's row.
  init(inputs: Int, expansions: [PairExpansion]) {
    self.inputs = inputs
    columns = (0..<inputs).flatMap { a in
      (0...a).map { b in
        (KernelEntry.packedIndex(a, a), KernelEntry.packedIndex(a, b), KernelEntry.packedIndex(b, b))
      }
    }
    coefficients = expansions.map { ($0.g11, $0.g12, $0.g22) }
  }

  /// The map of a symmetric matrix, packed.
  func callAsFunction(_ x: [Double]) -> [Double] {
    zip(columns, coefficients).map { $1.0 * x[$0.0] + $1.1 * x[$0.1] + $1.2 * x[$0.2] }
  }

  /// The map of the first pair of a tensor.
  func callAsFunction(_ x: PairTensor) -> PairTensor {
    let pairs = x.pairs
    let elements = [Double](unsafeUninitializedCapacity: pairs * pairs) { output, count in
      x.elements.withUnsafeBufferPointer { x in
        for row in 0..<pairs {
          let (first, second, third) = columns[row]
          let (a, b, c) = coefficients[row]
          for j in 0..<pairs {
            output[row * pairs + j] = a * x[first * pairs + j] + b * x[second * pairs + j] + c * x[third * pairs + j]
          }
        }
      }
      count = pairs * pairs
    }
    return PairTensor(inputs: inputs, checked: elements)
  }
}
