import Foundation
import OrreryTensors

extension HermiteSeries {
  /// The series of one function at several variances; smooth functions share nodes and polynomials.
  ///
  /// - Returns: one series for each variance, in order.
  public static func series(
    variances: [Double], order: Int, kinks: [Double] = [], scale: Double = 1, tolerance: Double = 1e-14,
    _ function: (Double) -> Double
  ) -> [HermiteSeries] {
    series(variances: variances, order: order, kinks: kinks, scale: scale, tolerance: tolerance) {
      (nodes: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>) in
      for i in 0..<nodes.count { values[i] = function(nodes[i]) }
    }
  }

  /// The same with the function evaluated on arrays.
  package static func series(
    variances: [Double], order: Int, kinks: [Double] = [], scale: Double = 1, tolerance: Double = 1e-14,
    batch function: GaussianExpectation.BatchIntegrand
  ) -> [HermiteSeries] {
    precondition(order >= 0, "A Hermite series has an order of at least 0; got \(order).")
    precondition(
      variances.allSatisfy { $0 >= 0 && $0.isFinite }, "Variances are finite and not negative; got \(variances).")
    let moments = variances.map { variance in
      GaussianExpectation.one(
        variance: variance, components: 1, kinks: kinks, scale: scale, tolerance: Tolerance(relative: 1e-14)
      ) { (nodes: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>) in
        function(nodes, values)
        for i in 0..<values.count { values[i] *= values[i] }
      }[0]
    }
    if kinks.isEmpty {
      return smooth(variances, moments, order: order, scale: scale, tolerance: tolerance, function)
    }
    return zip(variances, moments).map { variance, moment in
      let deviation = variance.squareRoot()
      let halfWidth = HermiteNodes.halfWidth(variance: variance, moment: moment, function)
      let inside = deviation == 0 ? [] : kinks.map { $0 / deviation }.filter { $0.magnitude < halfWidth }
      let center = deviation == 0 ? Double.infinity : scale / deviation
      return refine(
        variance, moment, order: order, tolerance: tolerance, function,
        levels: (0..<4).lazy.map { level in
          HermiteNodes.panels(
            kinks: inside, scale: center, halfWidth: halfWidth, order: order, refinement: level)
        })
    }
  }

  /// All variances on one trapezoid grid in u; the step is halved until every coefficient stays.
  private static func smooth(
    _ variances: [Double], _ moments: [Estimate], order: Int, scale: Double, tolerance: Double,
    _ function: GaussianExpectation.BatchIntegrand
  ) -> [HermiteSeries] {
    var previous: [[Double]] = []
    let halfWidth =
      zip(variances, moments).map {
        HermiteNodes.halfWidth(variance: $0, moment: $1, function)
      }.max() ?? 0
    var nodes = HermiteNodes.trapezoid(halfWidth: halfWidth, order: order, refinement: 0)
    for level in 0... {
      let coefficients = nodes.coefficients(variances: variances, order: order, function)
      let errors = zip(zip(coefficients, previous.isEmpty ? coefficients : previous), moments).map { pair, moment in
        let change = zip(pair.0, pair.1).reduce(0.0) { max($0, ($1.0 - $1.1).magnitude) }
        return max(previous.isEmpty ? .infinity : change, 0x1p-51 * moment.value.squareRoot())
      }
      let isDone = zip(errors, moments).allSatisfy { !($0 > max(tolerance, 0x1p-50) * $1.value.squareRoot()) }
      if isDone || nodes.count > 1 << 17 {
        return variances.indices.map {
          HermiteSeries(
            variance: variances[$0], coefficients: coefficients[$0], coefficientError: errors[$0],
            secondMoment: moments[$0])
        }
      }
      previous = coefficients
      nodes = HermiteNodes.trapezoid(halfWidth: halfWidth, order: order, refinement: level + 1)
    }
    fatalError("The refinement ends with a grid of 2¹⁷ nodes.")
  }

  private static func refine(
    _ variance: Double, _ moment: Estimate, order: Int, tolerance: Double,
    _ function: GaussianExpectation.BatchIntegrand, levels: some Sequence<HermiteNodes>
  ) -> HermiteSeries {
    let norm = moment.value.squareRoot()
    var best = HermiteSeries(variance: variance, coefficients: [], coefficientError: .infinity, secondMoment: moment)
    for nodes in levels {
      let coefficients = nodes.coefficients(variances: [variance], order: order, function)[0]
      let change = zip(coefficients, best.coefficients).reduce(0.0) { max($0, ($1.0 - $1.1).magnitude) }
      best = HermiteSeries(
        variance: variance, coefficients: coefficients,
        coefficientError: best.coefficients.isEmpty ? .infinity : max(change, 0x1p-51 * norm), secondMoment: moment)
      if best.coefficientError <= max(tolerance, 0x1p-50) * norm { break }
    }
    return best
  }
}

/// Nodes in u with weights w φ(u)^½, on which Hermite functions are summed.
struct HermiteNodes {
  /// The |u| beyond which f φ^½ is below 10⁻¹⁸ of √⟨f²⟩: 13 for a bounded f, more for one that grows, up to 50.
  static func halfWidth(
    variance: Double, moment: Estimate, _ function: GaussianExpectation.BatchIntegrand
  ) -> Double {
    let deviation = variance.squareRoot()
    let norm = moment.value.squareRoot()
    var halfWidth = 13.0
    while halfWidth < 50 {
      let ends = [-deviation * halfWidth, deviation * halfWidth]
      var values = [0.0, 0.0]
      ends.withUnsafeBufferPointer { ends in values.withUnsafeMutableBufferPointer { function(ends, $0) } }
      let weight = exp(-0.25 * halfWidth * halfWidth)
      if values.allSatisfy({ $0.magnitude * weight <= 1e-18 * norm }) { break }
      halfWidth += 2
    }
    return halfWidth
  }

  var nodes: [Double] = []
  var weights: [Double] = []

  var count: Int { nodes.count }

  /// ψ_J oscillates with wavenumber √J, at most; times φ^½ and a smooth f, a step below 2π/(√J + 12) resolves it.
  static func trapezoid(halfWidth: Double, order: Int, refinement: Int) -> HermiteNodes {
    let step = min(0.4, 2 * .pi / (Double(order).squareRoot() + 12)) / Double(1 << refinement)
    let last = Int((halfWidth / step).rounded(.up))
    return HermiteNodes(steps: last, step: step)
  }

  private init(steps: Int, step: Double) {
    for i in -steps...steps { append(Double(i) * step, step) }
  }

  /// Gauss–Legendre panels between the kinks, each with ten nodes and three for each half-wave of ψ_J.
  static func panels(
    kinks: [Double], scale: Double, halfWidth: Double, order: Int, refinement: Int
  ) -> HermiteNodes {
    var result = HermiteNodes()
    let centers = (scale.isFinite ? [0] + kinks : []).map { PanelBreaks.Center(position: $0, scale: scale) }
    let breaks = PanelBreaks(centers: centers, deviation: 1).breaks(lower: -halfWidth, upper: halfWidth)
    for (lower, upper) in zip(breaks, breaks.dropFirst()) {
      let waves = (upper - lower) * Double(order).squareRoot() / .pi
      let rule = GaussLegendre.rule(Int(Double(16 + Int(2 * waves)) * pow(1.4, Double(refinement))))
      let half = 0.5 * (upper - lower)
      for i in rule.nodes.indices { result.append(lower + half * rule.distancesFromLeft[i], half * rule.weights[i]) }
    }
    return result
  }

  private init() {}

  private mutating func append(_ u: Double, _ width: Double) {
    nodes.append(u)
    weights.append(width * exp(-0.25 * u * u) / pow(2 * Double.pi, 0.25))
  }

  /// Σ_i w_i φ(u_i)^½ f(√k u_i) ψ_j(u_i) for each variance and j ≤ order: one matrix product for each block of nodes,
  /// so that any number of variances shares the polynomials.
  func coefficients(
    variances: [Double], order: Int, _ function: GaussianExpectation.BatchIntegrand
  ) -> [[Double]] {
    let block = 256
    var result = [Double](repeating: 0, count: variances.count * (order + 1))
    var polynomials = [Double](repeating: 0, count: (order + 1) * block)
    var values = [Double](repeating: 0, count: variances.count * block)
    var scaled = [Double](repeating: 0, count: block)
    for start in stride(from: 0, to: count, by: block) {
      let width = min(block, count - start)
      fillPolynomials(&polynomials, start: start, width: width, order: order)
      values.withUnsafeMutableBufferPointer { values in
        for (row, variance) in variances.enumerated() {
          let deviation = variance.squareRoot()
          for i in 0..<width { scaled[i] = deviation * nodes[start + i] }
          let target = UnsafeMutableBufferPointer(rebasing: values[(row * width)..<((row + 1) * width)])
          scaled.withUnsafeBufferPointer { function(UnsafeBufferPointer(rebasing: $0[0..<width]), target) }
          for i in 0..<width { target[i] *= weights[start + i] }
        }
        result.withUnsafeMutableBufferPointer { result in
          polynomials.withUnsafeBufferPointer { polynomials in
            DenseProduct.multiply(
              values.baseAddress!, transposed: false, stride: width, polynomials.baseAddress!, transposed: true,
              stride: width,
              into: result.baseAddress!, stride: order + 1, rows: variances.count, inner: width, columns: order + 1,
              beta: 1)
          }
        }
      }
    }
    return variances.indices.map { Array(result[($0 * (order + 1))..<(($0 + 1) * (order + 1))]) }
  }

  /// ψ_j at a block of nodes, row j after row.
  private func fillPolynomials(_ rows: inout [Double], start: Int, width: Int, order: Int) {
    let normalization = pow(2 * Double.pi, -0.25)
    rows.withUnsafeMutableBufferPointer { rows in
      for i in 0..<width {
        let u = nodes[start &+ i]
        rows[i] = normalization * exp(-0.25 * u * u)
        if order > 0 { rows[width &+ i] = u * rows[i] }
      }
      for j in 1..<max(order, 1) {
        let first = 1 / Double(j + 1).squareRoot()
        let second = Double(j).squareRoot() * first
        let row = j &* width
        for i in 0..<width {
          rows[row &+ width &+ i] = first * nodes[start &+ i] * rows[row &+ i] - second * rows[row &- width &+ i]
        }
      }
    }
  }
}
