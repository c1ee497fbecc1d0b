import OrreryAnalysis
import OrreryNetworks

/// The kernels of a few samples through all layers at infinite width, with the slopes that gradients take back:
/// K_ab^(ℓ), ⟨σ_aσ_b⟩ and ⟨σ′_aσ′_b⟩ for a ≥ b, packed at a(a + 1)/2 + b.
///
/// Closed forms where the activation has one. Otherwise Hermite series of a fixed number of terms,
/// ⟨σ_aσ_b⟩ = Σ_j α_j β_j c^j and ⟨σ′_aσ′_b⟩ = Σ_j j α_j β_j c^(j−1)/√(k_aa k_bb), what is left out at c = 1 counted as one
/// more term: exact at c = 1, and elsewhere to about 10⁻⁴, which is far more than a gradient's size needs (kernels that are
/// predictions themselves come from ``KernelTrajectory``).
///
/// Source: PDLT chapter 4; Daniely, Frostig, Singer 2016. Domain: infinite width.
struct SampleKernels {
  /// One layer of preactivations.
  struct Layer {
    /// K_ab^(ℓ).
    var kernels: [Double]
    /// ⟨σ_aσ_b⟩ over this layer: what the next layer's weights multiply.
    var products: [Double]
    /// ⟨σ′_aσ′_b⟩ over this layer; 0 for an activation that jumps, whose derivative backpropagation takes for 0.
    var slopes: [Double]
  }

  let count: Int
  /// ℓ = 1 … L; the last one's products and slopes are empty, nothing follows it.
  private(set) var layers: [Layer] = []
  /// x_a·x_b/n₀.
  let inputProducts: [Double]

  /// Nil where a kernel overflows.
  init?(_ network: PerceptronView, samples: GradientSamples) {
    count = samples.count
    let dual = network.architecture.activation.dual
    let step = Step(network.architecture.activation, dual: dual)
    var squares = samples.meanSquares
    var gaps = samples.oneMinusCorrelations
    var products = GradientSamples.packed(count) {
      (squares[$0] * squares[$1]).squareRoot() * (1 - gaps[$0 * ($0 + 1) / 2 + $1])
    }
    inputProducts = products
    layers.reserveCapacity(network.layers.count)
    for (index, initialization) in network.layers.enumerated() {
      let (weight, bias) = (initialization.weightVariance, initialization.biasVariance)
      let scales = DenseScales(weightVariance: weight, biasVariance: bias, weightRate: 0, biasRate: 0)
      let mixing = squares.map { BiasMixing(second: $0, scales) }
      squares = mixing.map(\.variance)
      guard squares.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
      let before = gaps
      gaps = GradientSamples.packed(count) {
        BiasMixing.oneMinusCorrelation(mixing[$0], mixing[$1], before: before[$0 * ($0 + 1) / 2 + $1])
      }
      var layer = Layer(kernels: products.map { bias + weight * $0 }, products: [], slopes: [])
      guard index + 1 < network.layers.count else {
        layers.append(layer)
        break
      }
      if let last = layers.last, Self.isAlike(last.kernels, layer.kernels) {
        // A fixed point of all pairs: nothing changes from here on but by rounding.
        (layer.products, layer.slopes) = (last.products, last.slopes)
        layers.append(layer)
        products = layer.products
        squares = (0..<count).map { products[$0 * ($0 + 1) / 2 + $0] }
        continue
      }
      let values = step(squares, gaps)
      (layer.products, layer.slopes) = (values.products, values.slopes)
      layers.append(layer)
      products = values.products
      gaps = values.gaps
      squares = (0..<count).map { products[$0 * ($0 + 1) / 2 + $0] }
    }
  }

  private static func isAlike(_ first: [Double], _ second: [Double]) -> Bool {
    zip(first, second).allSatisfy { abs($0 - $1) <= 1e-14 * abs($1) }
  }
}

extension SampleKernels {
  /// One activation between two layers, for all pairs.
  struct Step {
    let activation: Activation
    let dual: any DualActivation
    let isSeries: Bool
    let jumps: Bool
    static let terms = 96

    init(_ activation: Activation, dual: any DualActivation) {
      self.activation = activation
      self.dual = dual
      let base = (dual as? ScaledDual)?.base ?? dual
      isSeries = base is HermiteDual || base is QuadratureDual
      jumps = activation.isDiscontinuous
    }

    /// ⟨σ_aσ_b⟩, ⟨σ′_aσ′_b⟩ and 1 − c of σ, from k_aa and 1 − c_ab.
    func callAsFunction(
      _ variances: [Double], _ gaps: [Double]
    ) -> (products: [Double], slopes: [Double], gaps: [Double]) {
      var (products, slopes, after) = (gaps, gaps, gaps)
      let coefficients = isSeries && !jumps ? series(variances) : nil
      let singles =
        coefficients.map { $0.map { (second: $0.second, slope: $0.slope) } }
        ?? variances.map { variance in
          let single = dual.single(variance: variance)
          return (second: single.second, slope: single.derivativeSecond)
        }
      for a in variances.indices {
        for b in 0...a {
          let place = a * (a + 1) / 2 + b
          if a == b {
            (products[place], slopes[place], after[place]) = (singles[a].second, jumps ? 0 : singles[a].slope, 0)
          } else if let coefficients {
            let (product, slope) = coefficients[a].pair(with: coefficients[b], correlation: 1 - gaps[place])
            let norm = (singles[a].second * singles[b].second).squareRoot()
            (products[place], slopes[place]) = (product, slope)
            after[place] = norm > 0 ? min(max(1 - product / norm, 0), 2) : 0
          } else {
            let moments = dual.pair(
              GaussianPair(k11: variances[a], k22: variances[b], oneMinusCorrelation: gaps[place]))
            (products[place], slopes[place]) = (moments.product, jumps ? 0 : moments.derivative)
            after[place] = moments.oneMinusCorrelation
          }
        }
      }
      return (products, slopes, after)
    }

    /// Each variance's coefficients; equal variances share them.
    private func series(_ variances: [Double]) -> [Series] {
      let scale = activation.inputScale * activation.inputScale
      let table = HermiteTable.cached(
        terms: Self.terms, largestVariance: scale * (variances.max() ?? 0), shift: activation.inputShift)
      var known: [Series] = []
      var result: [Series] = []
      for variance in variances {
        if let same = known.last(where: { abs($0.variance - variance) <= 1e-12 * variance }) {
          result.append(same)
          continue
        }
        let series = Series(activation, variance: variance, table: table, exact: activation.kinks.isEmpty ? nil : dual)
        known.append(series)
        if known.count > 4 { known.removeFirst() }
        result.append(series)
      }
      return result
    }
  }

  /// σ(√K u) in orthonormal Hermite polynomials of u.
  struct Series {
    let variance: Double
    /// α_j.
    let coefficients: [Double]
    /// ⟨σ²⟩, ⟨σ′²⟩.
    let second: Double
    let slope: Double
    /// What the terms leave out of ⟨σ²⟩ and of K⟨σ′²⟩, as roots.
    let rest: Double
    let restOfSlope: Double

    /// - Parameter exact: single moments for functions with kinks, which the nodes do not integrate exactly.
    init(_ activation: Activation, variance: Double, table: HermiteTable, exact: (any DualActivation)?) {
      self.variance = variance
      let (nodes, terms) = (table.nodes.count, table.terms)
      let root = variance.squareRoot()
      let places = table.nodes.map { root * $0 }
      var values = [Double](repeating: 0, count: nodes)
      var derivatives = values
      places.withUnsafeBufferPointer { z in
        values.withUnsafeMutableBufferPointer {
          activation.apply(to: z.baseAddress!, into: $0.baseAddress!, count: nodes)
        }
        derivatives.withUnsafeMutableBufferPointer {
          activation.apply(order: 1, to: z.baseAddress!, into: $0.baseAddress!, count: nodes)
        }
      }
      var sums = [Double](repeating: 0, count: terms)
      var (square, squaredSlope) = (0.0, 0.0)
      table.weights.withUnsafeBufferPointer { weights in
        sums.withUnsafeMutableBufferPointer { sums in
          for k in 0..<nodes {
            let row = k &* terms
            let value = values[k]
            square += weights[row] * value * value
            squaredSlope += weights[row] * derivatives[k] * derivatives[k]
            for j in 0..<terms { sums[j] += value * weights[row &+ j] }
          }
        }
      }
      if let single = exact?.single(variance: variance) {
        (square, squaredSlope) = (single.second, single.derivativeSecond)
      }
      var (kept, keptSlope) = (0.0, 0.0)
      for j in 0..<terms {
        kept += sums[j] * sums[j]
        keptSlope += Double(j) * sums[j] * sums[j]
      }
      coefficients = sums
      (second, slope) = (square, squaredSlope)
      rest = max(0, square - kept).squareRoot()
      restOfSlope = max(0, variance * squaredSlope - keptSlope).squareRoot()
    }

    /// ⟨σ_aσ_b⟩ and ⟨σ′_aσ′_b⟩ at correlation c.
    func pair(with other: Series, correlation c: Double) -> (product: Double, slope: Double) {
      var product = rest * other.rest
      var slope = restOfSlope * other.restOfSlope
      let scale = (variance * other.variance).squareRoot()
      coefficients.withUnsafeBufferPointer { a in
        other.coefficients.withUnsafeBufferPointer { b in
          for j in stride(from: a.count - 1, through: 1, by: -1) {
            let term = a[j] * b[j]
            product = product * c + term
            slope = slope * c + Double(j) * term
          }
          product = product * c + a[0] * b[0]
        }
      }
      // At variance 0 nothing varies: the slope is σ′(0)².
      return (product, scale > 0 ? slope / scale : (self.slope * other.slope).squareRoot())
    }
  }
}
