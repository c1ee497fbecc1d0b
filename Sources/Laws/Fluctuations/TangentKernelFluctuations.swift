import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The neural tangent kernel fluctuates from network to network by order 1/n, and more with depth:
///
///     Var Θ̂ = A/n,   E Θ̂_ij² = B/n (i ≠ j),   Cov(Ĝ, Θ̂) = D/n,   E z_i z_j Θ̂_ij = F/n.
///
/// At criticality each is ∝ ℓ in units of K and Θ, with coefficients of the universality class: scale-invariant with c = A_4/A_2²
/// and w = λ_W A_2 K/Θ′, B/Θ² → cℓ/3, F/(KΘ) → cℓ/2, A/Θ² → (ℓ/3)[(c − 1)(1 + w) + (3c − 1)w²], D/(KΘ) → (ℓ/2)[(c − 1) + (3c − 1)w];
/// K* = 0 with r = λ_b/Θ*, B/Θ² → ℓ/3, F/(KΘ) → ℓ/4, A/Θ² → (4/27) r²ℓ, D/(KΘ) → −(2/9) rℓ.
///
/// Source: PDLT chapter 8. Domain: equal widths, ν L/n small. Measured on the output layer with its own weights integrated out,
/// extrapolated from widths n and 2n; K and Θ that they are divided by are measured and extrapolated alike.
public struct TangentKernelFluctuations: Law {
  public static let statement = LawStatement(
    key: "tangent-kernel-fluctuations", chapter: .fluctuations, title: "The tangent kernel fluctuates by L/n",
    text:
      "Two networks of one architecture learn at different speeds: their tangent kernels differ by order 1/n, more with every layer, "
      + "in the proportion that the universality class fixes.",
    formula:
      "Var Θ_n = A/n, with A, B ∝ Θ^2 ℓ and D, F ∝ KΘ ℓ: B/Θ^2 → ⅓ c ℓ and F/(KΘ) → ½ c ℓ for scale-invariant activations "
      + "(c = 2 for ReLU), ⅓ ℓ and ¼ ℓ where K^{★} = 0 (tanh)",
    domain: "Critical networks of equal widths, ν L/n small; learning rates of each layer as its class wants them.",
    experiment:
      "Real networks with their hidden tangent kernels, the output weights integrated out, on one input, at widths n and 2n; what "
      + "is compared is Richardson's 2X_{2n} − X_n. The deeper networks decide.",
    truncationRule:
      "Richardson leaves the order after next. τ is its size if each order is smaller than the one before by the same factor: "
      + "2(X_{2n} − X_n)^2/|X|. The growth a layer is the recursion's between the two depths; titles name its limit.",
    smallestEffect:
      "0.15 of each number; of D 0.15 of √(A V), the most that a covariance could be.",
    sources: [.tangentKernelStatistics, .fourPointVertex])

  struct Case: Sendable {
    var activation: Activation
    var name: String
    /// L, the shallower first.
    var depths: [Int]
    /// n for each depth.
    var widths: [Int]
  }

  enum Tensor: String, CaseIterable, Sendable {
    case a, b, d, f

    var coupling: Coupling {
      switch self {
      case .a: .tangentKernelCovariance
      case .b: .tangentKernelMixing
      case .d: .crossCorrelation
      case .f: .crossMixing
      }
    }

    var title: InlineText {
      switch self {
      case .a: "A/Θ^2"
      case .b: "B/Θ^2"
      case .d: "D/(KΘ)"
      case .f: "F/(KΘ)"
      }
    }
  }

  let budget: LawBudget
  let cases: [Case]
  let networks: Int

  public init(_ budget: LawBudget) {
    self.budget = budget
    cases = [
      Case(
        activation: Activation(.tanh), name: "tanh", depths: [4, 8],
        widths: budget.pick([24, 24], [24, 48], [32, 64])),
      Case(
        activation: Activation(.relu), name: "ReLU", depths: [3, 5],
        widths: budget.pick([24, 40], [32, 48], [48, 96])),
    ]
    networks = budget.pick(2_500, 20_000, 60_000)
  }

  private func key(_ one: Case, _ layers: Int, _ tensor: Tensor) -> String {
    "\(one.name.lowercased())-\(layers)-\(tensor.rawValue)"
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var curves: [LawCurve] = []
    for one in cases {
      for (place, layers) in one.depths.enumerated().reversed() {
        let network = try UniformNetwork.critical(one.activation, layers: layers, width: one.widths[place])
        let output = try network.tensors(extent: .tangentKernel).layers.last!
        func value(_ coupling: Coupling) -> Double { output.coupling(coupling, input: 0)! }
        let largest = (value(.tangentKernelCovariance) * value(.fourPointVertex)).squareRoot()
        for tensor in Tensor.allCases {
          let value = value(tensor.coupling)
          let scale = tensor == .d ? max(abs(value), largest) : abs(value)
          claims.append(
            LawClaim(
              key(one, layers, tensor), tensor.title + ", \(one.name), L = \(layers)", value: value,
              smallestEffect: 0.15 * scale,
              isDeciding: place == one.depths.count - 1))
        }
      }
      // Each depth has its own learning rates: one network a depth.
      let depths = Array(2...(one.depths.last! + 2))
      let flows = try depths.map {
        try UniformNetwork.critical(one.activation, layers: $0, width: 64).tensors(extent: .tangentKernel)
      }
      for tensor in Tensor.allCases {
        curves.append(
          LawCurve(
            "\(one.name) \(tensor.rawValue)", x: depths.map(Double.init),
            y: flows.map { $0.layers.last!.coupling(tensor.coupling, input: 0)! }))
      }
      for (tensor, limit) in try limits(one) {
        let (shallow, deep) = (one.depths[0], one.depths[1])
        let y = curves.last { $0.key == "\(one.name) \(tensor.rawValue)" }!.y
        let slope = (y[deep - 2] - y[shallow - 2]) / Double(deep - shallow)
        claims.append(
          LawClaim(
            "\(one.name.lowercased())-growth-\(tensor.rawValue)",
            tensor.title + " a layer, \(one.name) (→ \(NumberText.text(limit, digits: 3)))", value: slope,
            isDeciding: false))
      }
    }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  /// The coefficients of ℓ for ℓ → ∞.
  private func limits(_ one: Case) throws -> [(Tensor, Double)] {
    if let slopes = one.activation.slopes {
      let (p, q) = (slopes.positive * slopes.positive, slopes.negative * slopes.negative)
      let second = (p + q) / 2
      let c = (p * p + q * q) / 2 / (second * second)
      // λ_b = λ_W, and K = C_W on an input of mean square 1, with C_W A_2 = 1.
      let w = 0.5
      return [
        (.a, ((c - 1) * (1 + w) + (3 * c - 1) * w * w) / 3), (.b, c / 3), (.d, ((c - 1) + (3 * c - 1) * w) / 2),
        (.f, c / 2),
      ]
    }
    let point = try Criticality.points(of: one.activation).choice()
    // λ̃_b = λ̃_W = 1: Θ* = 1 + σ′(0)²/(−a_1).
    let r = 1 / (1 + 1 / (point.weightVariance * -(point.exponents.a1 ?? -1)))
    return [(.a, 4.0 / 27 * r * r), (.b, 1.0 / 3), (.d, -2.0 / 9 * r), (.f, 0.25)]
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var measurements: [LawMeasurement] = []
    var blocks: [Matrix<Double>] = []
    var figures: [Figure] = []
    for (index, one) in cases.enumerated() {
      var found: [[Estimate]] = []
      for (place, layers) in one.depths.enumerated() {
        laboratory.progress?(
          "\(one.name), \(layers) layers", (Double(index) + Double(place) / 2) / Double(cases.count))
        let ensembles = try [1, 2].map { factor in
          let network = try UniformNetwork.critical(
            one.activation, layers: layers, width: factor * one.widths[place])
          return try Self.moments(
            network.tangentStatistics(
              networks: networks, seed: laboratory.seed(10 * index + 2 * place + factor), in: laboratory))
        }
        let result = Propagation(ensembles) { Self.couplings($0[0], $0[1]) }
        let estimates = (0..<4).map { result.estimate($0) }
        found.append(estimates)
        for (order, tensor) in Tensor.allCases.enumerated() {
          let claim = forecast.claim(key(one, layers, tensor))!
          measurements.append(
            LawMeasurement(
              claim.key, estimates[order],
              systematicBound: Propagation.leftByRichardson(
                result.estimate(4 + order), of: claim.smallestEffect! / 0.15),
              networks: networks))
        }
        if place == one.depths.count - 1 { blocks.append(result.covariance(of: Array(0..<4))) }
      }
      let distance = Double(one.depths[1] - one.depths[0])
      for (place, tensor) in Tensor.allCases.enumerated() {
        let (shallow, deep) = (found[0][place], found[1][place])
        measurements.append(
          LawMeasurement(
            "\(one.name.lowercased())-growth-\(tensor.rawValue)", value: (deep.value - shallow.value) / distance,
            standardError: (deep.error * deep.error + shallow.error * shallow.error).squareRoot() / distance,
            networks: networks))
      }
      figures.append(figure(one, forecast, found))
    }
    return LawEvidence(measurements, covariance: .blockDiagonal(blocks), figures: figures)
  }

  /// A, B, D, F extrapolated from two widths' means, in units of the extrapolated K and Θ; then what each changes by between them.
  private static func couplings(_ narrow: [Double], _ wide: [Double]) -> [Double] {
    let limits: [Double] = zip(narrow, wide).map { 2 * $1 - $0 }
    let (kernel, theta) = (limits[0], limits[1])
    let units: [Double] = [theta * theta, theta * theta, kernel * theta, kernel * theta]
    var (values, steps): ([Double], [Double]) = ([], [])
    for (place, unit) in units.enumerated() {
      values.append(limits[2 + place] / unit)
      steps.append((wide[2 + place] - narrow[2 + place]) / unit)
    }
    return values + steps
  }

  /// Means over networks of Ĝ, M and the terms of A, B, D, F.
  private static func moments(_ statistics: TangentStatistics) -> StreamingCovariance {
    var terms = TangentTerms(statistics)
    let (kernels, tangents) = (statistics.kernels(0, 0), statistics.tangentKernels(0, 0))
    terms.add(kernels)
    terms.add(tangents)
    terms.addCovariance(tangents, tangents)
    terms.add(statistics.mixings(0, 0, 0, 0))
    terms.addCovariance(kernels, tangents)
    terms.add(statistics.crossMixings(0, 0, 0, 0))
    return terms.moments()
  }

  private func figure(_ one: Case, _ forecast: LawForecast, _ found: [[Estimate]]) -> Figure {
    var plot = Plot(
      title: "\(one.name): the tangent kernel's statistics", x: PlotAxis("layers L"),
      y: PlotAxis("n × statistic, in units of K and Θ"))
    for (place, tensor) in Tensor.allCases.enumerated() {
      plot.layers.append(
        .points(
          tensor.title, x: one.depths.map(Double.init), y: found.map { $0[place].value },
          yError: found.map { $0[place].error }, color: .series(place)))
      if let curve = forecast.curve("\(one.name) \(tensor.rawValue)") {
        plot.layers.append(.line(tensor.title, x: curve.x, y: curve.y, color: .series(place)))
      }
    }
    return Figure(
      "tangent-kernel-\(one.name)", plot,
      caption: "Points: real networks, extrapolated from two widths. Lines: the recursions at order 1/n.")
  }
}
