import Foundation
import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// The critical points of GELU, SiLU and ELU: there real networks keep kernel and gradient through depth, beside them they do not.
///
/// χ_∥(K*) = χ_⊥(K*) = 1 ⇔ ⟨σσ″⟩ = 0, C_W = 1/⟨σ′²⟩, C_b = K* − C_W⟨σ²⟩. GELU: K* = (3 + √17)/2; SiLU: K* = 14.32; ELU has
/// K* = 0 with a jump of σ″ there, K′ = K − βK^(3/2), a class of its own: K → 4/(βℓ)², p₀ = p_⊥ = 2. A gradient's mean
/// square goes backwards with the same χ_⊥ as a disturbance's goes forwards. Source: PDLT §5.3–5.5. Domain: ℓ/n ≪ 1.
public struct CriticalPointsHold: Law {
  public static let statement = LawStatement(
    key: "critical-points", chapter: .infiniteWidth, title: "Critical points of GELU, SiLU and ELU",
    text:
      "At one pair (C_W, C_b) networks of GELU or SiLU keep their kernel and their disturbances over twenty layers; ten per cent "
      + "beside it they do not. ELU's kernel falls as 1/ℓ^{2}, a class of its own.",
    formula:
      "⟨σσ″⟩ = 0, C_W = 1/⟨σ′^2⟩, C_b = K^{★} − C_W ⟨σ^2⟩. GELU: K^{★} = (3 + √17)/2, C_W = 1.98306, C_b = 0.17292; SiLU: K^{★} = 14.3202, "
      + "C_W = 1.98800, C_b = 0.55514; ELU: C_W = 1, C_b = 0, K → 2π/ℓ^{2}, p_0 = p_⊥ = 2",
    domain: "Wide networks of independent weights, ℓ/n ≪ 1.",
    experiment:
      "Real networks of width 256: twenty layers begun at K^{★}, with C_W as predicted and ten per cent to either side; two inputs of "
      + "1 − c = 10^-4 whose squared distance D = 2K(1 − c) must keep its size. ELU: 48 layers, powers in ℓ + ℓ_0, with ℓ_0 "
      + "from K^(1), and D at widths 128 and 256 with Richardson's 2X_{2n} − X_n.",
    truncationRule:
      "Predicted is the recursion with its order 1/n. δ is what the next order of the mean kernel does to the number; for distances "
      + "half the square of order 1/n. Richardson leaves twice the square of what the widths differ by, as the estimator's bias τ.",
    smallestEffect: "A tenth of kernel or distance, 0.2 of an exponent: classes differ by one.",
    sources: [.criticality, .susceptibility, .kernelRecursion, .kernelCorrection])

  let budget: LawBudget
  let networks: Int
  static let gap = 1e-4
  static let layers = 20
  static let width = 256
  static let deciding = [
    "gelu-kernel", "gelu-distance", "silu-kernel", "silu-distance", "gelu-above", "gelu-below", "elu-kernel",
    "elu-distance",
  ]
  static let beside = ["silu-above", "silu-below"]
  /// Each with whether what happens beside its critical point decides too.
  static let halfStable = [("GELU", Activation(.gelu), true), ("SiLU", Activation(.silu), false)]
  static let elu = Activation(.elu(alpha: 1))
  static let eluLayers = 48

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = budget.pick(200, 2000, 20_000)
  }

  private func network(_ activation: Activation, factor: Double = 1) throws -> UniformNetwork {
    let point = try Criticality.points(of: activation).choice()
    var network = UniformNetwork(
      point, firstKernel: point.kernel ?? 1, layers: Self.layers, width: Self.width)
    network.weightVariance *= factor
    return network
  }

  private func eluNetwork(width: Int) throws -> (network: UniformNetwork, offset: Double) {
    let point = try Criticality.points(of: Self.elu).choice()
    return (
      UniformNetwork(point, firstKernel: 1, layers: Self.eluLayers, width: width),
      2 / (point.exponents.beta ?? .nan) - 1
    )
  }

  /// The power of a list over layers 2 … 48 in ℓ + ℓ₀, from its deeper half.
  static func power(_ values: [Double], offset: Double) -> Double {
    let range = 24...eluLayers
    return -StraightLine.slope(range.map { log(Double($0) + offset) }, range.map { log(values[$0 - 2]) })
  }

  public func forecast() throws -> LawForecast {
    var claims: [LawClaim] = []
    var beside: [LawClaim] = []
    var curves: [LawCurve] = []
    for (name, activation, decidesBeside) in Self.halfStable {
      let key = name.lowercased()
      let critical = try network(activation)
      let tensors = try critical.tensors(UniformNetwork.pair(gap: Self.gap)).squaredDistances
      let start = 2 * critical.firstKernel * Self.gap
      let distances = tensors.map { ($0.limit + $0.correction) / start }
      let last = tensors[tensors.count - 1]
      for (suffix, factor) in [("kernel", 1.0), ("above", 1.1), ("below", 0.9)] {
        let network = try network(activation, factor: factor)
        let flow = network.flow().layers
        let out = flow[Self.layers - 1]
        let value = (out.kernel + out.shift) / network.firstKernel
        let percent = factor > 1 ? "C_W + 10 %" : "C_W − 10 %"
        let claim = LawClaim(
          "\(key)-\(suffix)",
          factor == 1
            ? "\(name): E G^(20)/K^{★} (→ 1)" : InlineText(markup: "\(name): E G^(20)/K^{★} at \(percent)"),
          value: value, truncationError: abs(out.nextShift) / network.firstKernel, smallestEffect: value / 10,
          isDeciding: factor == 1 || decidesBeside)
        if claim.isDeciding { claims.append(claim) } else { beside.append(claim) }
        curves.append(
          LawCurve(
            claim.key, x: flow.map { Double($0.layer) },
            y: flow.map { ($0.kernel + $0.shift) / network.firstKernel }))
        guard factor == 1 else { continue }
        claims.append(
          LawClaim(
            "\(key)-distance", "\(name): D^(20)/D^(1) (→ 1)", value: distances[distances.count - 1],
            truncationError: last.correction * last.correction / last.limit / 2 / start, smallestEffect: 0.1))
        curves.append(LawCurve("\(key)-distance", x: (2...Self.layers).map(Double.init), y: distances))
      }
    }
    let (network, offset) = try eluNetwork(width: Self.width)
    let flow = network.flow().layers.dropFirst()
    let power = Self.power(flow.map { $0.kernel + $0.shift }, offset: offset)
    let next = Self.power(flow.map { $0.kernel + $0.shift + $0.nextShift }, offset: offset)
    claims.append(
      LawClaim(
        "elu-kernel", "ELU: p_0 over layers 24–48 (→ 2)", value: power, truncationError: abs(next - power),
        smallestEffect: 0.2))
    let trajectory = KernelTrajectory(
      network.activation, layers: network.initializations, meanSquaredInput: 1, oneMinusCorrelation: Self.gap)
    let distances = trajectory.entries.dropFirst().map { 2 * $0.kernel * ($0.pair?.oneMinusCorrelation ?? .nan) }
    claims.append(
      LawClaim(
        "elu-distance", "ELU: p_⊥ over layers 24–48 (→ 2)", value: Self.power(distances, offset: offset),
        smallestEffect: 0.2))
    curves.append(
      LawCurve("elu-kernel", x: (2...Self.eluLayers).map(Double.init), y: flow.map { $0.kernel + $0.shift }))
    curves.append(
      LawCurve(
        "elu-distance", x: (2...Self.eluLayers).map(Double.init), y: distances.map { $0 / (2 * Self.gap) }))
    let order = Self.deciding
    return LawForecast(
      budget,
      claims: order.map { key in claims.first { $0.key == key }! } + beside, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    let pair = UniformNetwork.pair(gap: Self.gap)
    /// Numbers over networks, by curve: one list a layer from the second on.
    var layers: [String: [[Double]]] = [:]
    for (index, (name, activation, _)) in Self.halfStable.enumerated() {
      laboratory.progress?("networks of \(name)", 0.3 * Double(index))
      let key = name.lowercased()
      for (part, (suffix, factor)) in [("kernel", 1.0), ("above", 1.1), ("below", 0.9)].enumerated() {
        let network = try network(activation, factor: factor)
        let ensemble = try network.ensemble(
          factor == 1 ? pair : UniformNetwork.single, networks: networks, seed: laboratory.seed(3 * index + part + 1),
          in: laboratory)
        layers["\(key)-\(suffix)"] = ensemble.kernelsByLayer().map { $0.map { $0 / network.firstKernel } }
        guard factor == 1 else { continue }
        let start = 2 * network.firstKernel * Self.gap
        layers["\(key)-distance"] = ensemble.squaredDistancesByLayer().map { $0.map { $0 / start } }
      }
    }
    laboratory.progress?("networks of ELU", 0.6)
    let (wide, offset) = try eluNetwork(width: Self.width)
    let wideEnsemble = try wide.ensemble(pair, networks: networks, seed: laboratory.seed(20), in: laboratory)
    let narrow = try eluNetwork(width: Self.width / 2).network
    let narrowDistances = try narrow.ensemble(pair, networks: networks, seed: laboratory.seed(21), in: laboratory)
      .squaredDistancesByLayer()
    layers["elu-kernel"] = wideEnsemble.kernelsByLayer()
    layers["elu-distance"] = wideEnsemble.squaredDistancesByLayer().map { $0.map { $0 / (2 * Self.gap) } }
    let all = layers
    let keys = Self.deciding + Self.beside
    let bootstrap = Resampling.bootstrap(networks: networks, replicates: 300, seed: laboratory.seed(30)) { picked in
      let sample = PickedNetworks(picked)
      var widths: [Double] = []
      let numbers = keys.map { key -> Double in
        let means = all[key]!.map(sample.mean)
        switch key {
        case "elu-kernel": return Self.power(means, offset: offset)
        case "elu-distance":
          widths = [
            Self.power(narrowDistances.map(sample.mean), offset: offset), Self.power(means, offset: offset),
          ]
          return 2 * widths[1] - widths[0]
        default: return means[means.count - 1]
        }
      }
      return numbers + widths
    }
    var measurements = bootstrap.measurements(keys, networks: networks)
    let (less, more) = (bootstrap.values[keys.count], bootstrap.values[keys.count + 1])
    if let place = keys.firstIndex(of: "elu-distance") {
      measurements[place].systematicBound = Propagation.leftByRichardson(
        Estimate(value: more - less, error: 0), of: more)
    }
    return LawEvidence(
      measurements, covariance: bootstrap.covariance(first: Self.deciding.count),
      figures: [
        figure(
          "critical-points", "Kernels at and beside the critical point", "E G^(ℓ)/K^{★}", .linear,
          [
            ("GELU", "gelu-kernel"), ("GELU, C_W + 10 %", "gelu-above"), ("GELU, C_W − 10 %", "gelu-below"),
            ("SiLU", "silu-kernel"), ("SiLU, C_W + 10 %", "silu-above"), ("SiLU, C_W − 10 %", "silu-below"),
          ], layers, forecast,
          "Points: real networks with standard errors; lines: the recursion with its order 1/n."),
        figure(
          "elu-class", "Kernels and disturbances through depth", "E G^(ℓ), D^(ℓ)/D^(1)", .logarithmic,
          [
            ("GELU, disturbance", "gelu-distance"), ("SiLU, disturbance", "silu-distance"),
            ("ELU, disturbance", "elu-distance"), ("ELU, kernel", "elu-kernel"),
          ], layers, forecast,
          "Points: real networks; lines: theory, at order 1/n but for ELU's disturbance, which is that of infinite width. Disturbances "
            + "keep their size for GELU and SiLU and fall as 1/ℓ^{2} for ELU."),
      ])
  }

  private func figure(
    _ name: String, _ title: InlineText, _ axis: InlineText, _ scale: PlotAxis.Scale,
    _ series: [(label: String, key: String)], _ layers: [String: [[Double]]], _ forecast: LawForecast,
    _ caption: InlineText
  ) -> Figure {
    var plot = Plot(
      title: title, x: PlotAxis("layer ℓ", scale: scale), y: PlotAxis(axis, scale: scale))
    for (index, one) in series.enumerated() {
      let label = InlineText(markup: one.label)
      plot.layers.append(.depth(label, layers[one.key]!, color: .series(index), isThinned: scale == .logarithmic))
      if let curve = forecast.curve(one.key) {
        plot.layers.append(.line(label, x: curve.x, y: curve.y, color: .series(index)))
      }
    }
    return Figure(name, plot, caption: caption)
  }
}
