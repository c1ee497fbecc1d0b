import Foundation
import OrreryAnalysis
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryReports
import OrreryTensors
import OrreryTheory

/// Kinks move the mean of a trained network by n^(−1/2), which no expansion in 1/n has.
///
/// While a neuron is active on a sample, the sample moves its preactivation there, by −g W_i E/√n, E = ∫ε dt; once it is not, no more.
/// Active neurons with W_i E > 0 and within reach of the kink are lost, about √n of n; none is won. What is lost does not cancel over the signs
/// of W_i, as it would if neurons crossed in both directions: with one hidden layer and one sample a network differs from its linearization by
///
///     D_k = sgn(E_k) E_k² √C_W p(0) g² ⟨|W|³⟩/(4√n),   δε_k = D_k − ηΘ Σ_(j<k) δε_j,
///
/// with g = λ_W √C_W |x|²/n₀, p(0) = (2πK)^(−1/2) the density at the kink, ⟨|W|³⟩ = √(8/π), E_k = η Σ_(j<k) ε_j. The second part is what
/// gradient descent does about it. D_k holds in steps as in gradient flow while ηΘ < 1, so that |E_k| only grows: a lost neuron's output
/// stays 0. Averaged over ε₀ ~ N(−y, K_out), E ε₀|ε₀| in place of ε₀². Several samples, or layers, hold neurons on the kink as well, where speeds on both sides point
/// to it: the power stays.
///
/// Smooth activations have no such term: n E(f − f_lin) tends to what P, Q and R … U give (``TrainedCorrection``). Source: derived here; where kernels of ReLU
/// networks move by 1/n is a statement on the derivatives at initialization (PDLT chapter 11), which automatic differentiation gives σ″ = 0.
public struct KinkMotion: Law {
  public static let statement = LawStatement(
    key: "kinks", chapter: .learning, title: "Kinks: ReLU networks leave their kernel by n^{−1/2}",
    text:
      "A sample that pushes an active ReLU below its kink loses hold of it, and cannot reach the inactive ones: about √n of n neurons are "
      + "lost, and the mean of trained networks departs from their linearization by n^{−1/2}. With smooth activations it is 1/n, with the "
      + "coefficient of the kernel's differentials.",
    formula:
      "√n E(f − f_lin) → R E ε_0|ε_0| √C_W p(0) g^2 ⟨|W|^3⟩/4 for one hidden layer and one sample, R the response of "
      + "gradient descent to what is lost; smooth σ: n E(f − f_lin) → what P, Q and R … U add to M. p(0) the density of "
      + "preactivations at the kink, g = λ_W √C_W ∣x∣^2/n_0, W the last layer's weights, unscaled",
    domain:
      "Gradient descent on squared error, n ≫ 1; the amplitude for one hidden layer, one sample, no biases, ηΘ < 1.",
    experiment:
      "Networks beside their own linearizations from the same draws, each with its twin of the opposite last layer; 12 steps at an eighth of "
      + "the largest stable rate. One hidden layer and one sample with target 1.5, ReLU at n = 16 … 1024 and GELU at 64 … 1024, C_W = 2; and ReLU with two "
      + "hidden layers on four digits, n = 32 … 512. √n E(f − f_lin), of GELU n E(f − f_lin), is extrapolated by a parabola in n^{−1/2}, of "
      + "GELU in 1/n.",
    truncationRule:
      "Amplitudes: τ is the order that the parabola leaves, if each is smaller than the one before by the same factor. Powers are shown beside, a "
      + "correction of relative order n^{−1/2} (GELU 1/n) fitted along: the order after, as large below n = 64, moves them by some 0.01.",
    smallestEffect: "0.25 of powers, which are 0.5 apart; a fifth of the amplitudes.",
    sources: [.kinkMotion, .kernelDynamics, .tangentKernelStatistics])

  enum Subject: String, CaseIterable {
    case rectified = "ReLU"
    case smooth = "GELU"
    case digits = "ReLU, digits"

    var key: String { ["relu", "gelu", "digits"][Self.allCases.firstIndex(of: self)!] }
    var activation: Activation { self == .smooth ? Activation(.gelu) : Activation(.relu) }
    /// GELU begins where the order after is a tenth of its motion.
    var widths: [Int] {
      switch self {
      case .rectified: [16, 32, 64, 128, 256, 512, 1024]
      case .smooth: [64, 128, 256, 512, 1024]
      case .digits: [32, 64, 128, 256, 512]
      }
    }
    /// q: E(f − f_lin) ∝ n^(−q), and what follows is smaller by n^(−q) again.
    var power: Double { self == .smooth ? 1 : 0.5 }
  }

  static let steps = 12
  static let target = 1.5
  static let loss = Loss.meanSquaredError(reduction: .sum, half: true)
  static let layer = LayerInitialization(weightVariance: 2, biasVariance: 0)

  let budget: LawBudget
  let networks: [Subject: Int]

  public init(_ budget: LawBudget) {
    self.budget = budget
    networks = [
      .rectified: budget.pick(3_000, 20_000, 200_000), .smooth: budget.pick(3_000, 20_000, 200_000),
      .digits: budget.pick(100, 600, 6_000),
    ]
  }

  private func network(_ subject: Subject, width: Int, features: Int) -> PerceptronView {
    let depth = subject == .digits ? 2 : 1
    return PerceptronView(
      architecture: MultilayerPerceptron(depth: depth, width: width, activation: subject.activation), inputs: features,
      layers: Array(repeating: Self.layer, count: depth + 1), parametrization: .ntk)
  }

  /// Inputs with their targets.
  private func data(_ subject: Subject) throws -> (inputs: Matrix<Double>, targets: Matrix<Double>) {
    guard subject == .digits else { return (Matrix([[1.0]]), Matrix([[Self.target]])) }
    let data = try DataSet<Double>.load(
      DataDescription(
        .named("digits"), classes: [0, 1], train: 4, normalize: .sphere, targets: .plusMinusOne), seed: 3)
    return (data.train.inputs, data.train.targets!)
  }

  /// An eighth of the largest stable rate at infinite width.
  private func rate(_ subject: Subject) throws -> Double {
    let (inputs, targets) = try data(subject)
    let kernels = try DynamicsKernels(network(subject, width: 32, features: inputs.columns), train: inputs)
    return 0.25 / (try KernelDynamics(kernels, targets: targets, loss: Self.loss).sharpness)
  }

  /// √n E(f − f_lin) at n = ∞, of ReLU on one sample.
  private func amplitude(rate: Double) -> Double {
    let flow = SingleInputFlow(network(.rectified, width: 32, features: 1), meanSquaredInput: 1)
    let (hidden, output) = (flow.layers[0].kernel, flow.layers[1])
    let weight = Self.layer.weightVariance
    // λ_W = C_W in the NTK parametrization, |x|²/n₀ = 1.
    let speed = weight * weight.squareRoot()
    let density = 1 / (2 * Double.pi * hidden).squareRoot()
    let direct = weight.squareRoot() * density * speed * speed * (8 / Double.pi).squareRoot() / 4
    let contraction = rate * output.neuralTangentKernel
    // E_k and δε_k for ε₀ = 1.
    var (elapsed, residual, shift, shifts) = (0.0, 1.0, 0.0, 0.0)
    for _ in 0..<Self.steps {
      elapsed += rate * residual
      residual *= 1 - contraction
      shifts += shift
      shift = direct * elapsed * elapsed - contraction * shifts
    }
    // E x|x| of x ~ N(−y, K_out).
    let (mean, variance) = (-Self.target, output.kernel)
    let z = mean / variance.squareRoot()
    let signed =
      (mean * mean + variance) * erf(z / 2.0.squareRoot())
      + 2 * mean * variance.squareRoot() * exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    return shift * signed
  }

  /// n E(f − f_lin) at n = ∞, of GELU on one sample.
  private func smoothAmplitude(rate: Double) throws -> Double {
    let (inputs, targets) = try data(.smooth)
    let mean = try FiniteWidthDynamics(
      network(.smooth, width: 32, features: inputs.columns), train: inputs, targets: targets, loss: Self.loss
    ).means(DescentRule(.gradientDescent(), rate: rate), steps: [Self.steps])[0].train
    return mean.contributions[.differential]![0, 0] + mean.contributions[.secondDifferential]![0, 0]
  }

  public func forecast() throws -> LawForecast {
    let rates = try Subject.allCases.map { try rate($0) }
    let (amplitude, smooth) = (self.amplitude(rate: rates[0]), try smoothAmplitude(rate: rates[1]))
    let claims = [
      LawClaim(
        "relu-amplitude", "√n E(f − f_lin), ReLU, one sample", value: amplitude, smallestEffect: 0.2 * abs(amplitude)),
      LawClaim("relu", "power of n, ReLU, one sample", value: -0.5, smallestEffect: 0.25, isDeciding: false),
      LawClaim(
        "gelu-amplitude", "n E(f − f_lin), GELU, one sample", value: smooth, smallestEffect: 0.2 * abs(smooth)),
      LawClaim("gelu", "power of n, GELU, one sample", value: -1, smallestEffect: 0.25, isDeciding: false),
      LawClaim(
        "digits", "power of n, ReLU, two hidden layers, four digits", value: -0.5, smallestEffect: 0.25,
        isDeciding: false),
    ]
    let curves = zip(Subject.allCases, rates).map { LawCurve("rate \($0.key)", x: [0], y: [$1]) }
    return LawForecast(budget, claims: claims, curves: curves)
  }

  public func measure(_ forecast: LawForecast, in laboratory: Laboratory) throws -> LawEvidence {
    var plot = Plot(
      title: "Mean of trained networks less their linearizations", x: .log("width n"),
      y: .log("|E(f − f_lin)|, along the targets"),
      size: .wide)
    var measurements: [LawMeasurement] = []
    var blocks: [Matrix<Double>] = []
    for (index, subject) in Subject.allCases.enumerated() {
      let count = networks[subject]!
      let widths = subject.widths
      let ensembles = try widths.enumerated().map { place, width in
        laboratory.progress?(
          "\(subject.rawValue), n = \(width)",
          (Double(index) + Double(place) / Double(widths.count)) / Double(Subject.allCases.count))
        return try motion(
          subject, width: width, networks: count, rate: forecast.curve("rate \(subject.key)")!.y[0],
          seed: laboratory.seed(10 * index + place), in: laboratory)
      }
      let deviations = ensembles.map { Estimate(value: $0.means[0], error: $0.covarianceOfMeans[0, 0].squareRoot()) }
      let slope = WidthSlope(
        widths: widths, deviations: deviations, correctionPower: subject.power)
      let sizes = widths.map { pow(Double($0), subject.power) }
      let sigma = zip(sizes, deviations).map { $0 * $1.error }
      let parabola = TrainedReading.interceptWeights(sizes, sigma, degree: 2)
      let change = zip(parabola, TrainedReading.interceptWeights(sizes, sigma, degree: 1)).map(-)
      let joint = Propagation(ensembles) { means in
        func sum(_ weights: [Double]) -> Double {
          widths.indices.reduce(0) { $0 + weights[$1] * sizes[$1] * means[$1][0] }
        }
        let power = zip(slope.asymptoticGradient, means).reduce(0) { $0 + $1.0 * $1.1[0] }
        return [sum(parabola), power, sum(change)]
      }
      if let claim = forecast.claim("\(subject.key)-amplitude") {
        measurements.append(
          LawMeasurement(
            claim.key, joint.estimate(0),
            systematicBound: Propagation.leftByParabola(joint.estimate(2), of: abs(claim.value)), networks: count))
      }
      measurements.append(LawMeasurement(subject.key, slope.asymptotic, networks: count))
      if subject != .digits { blocks.append(joint.covariance(of: [0])) }
      let color = PlotColor.series(index)
      let label = InlineText(verbatim: subject.rawValue)
      let places = widths.indices.filter { abs(deviations[$0].value) > 2 * deviations[$0].error }
      plot.layers.append(
        .points(
          label, x: places.map { Double(widths[$0]) }, y: places.map { abs(deviations[$0].value) },
          yError: places.map { deviations[$0].error }, color: color))
    }
    for (index, subject) in Subject.allCases.enumerated() {
      guard let claim = forecast.claim("\(subject.key)-amplitude") else { continue }
      let ends = [subject.widths.first!, subject.widths.last!].map(Double.init)
      plot.layers.append(
        .line(
          InlineText(verbatim: "\(subject.rawValue), forecast"), x: ends,
          y: ends.map { abs(claim.value) / pow($0, subject.power) }, color: PlotColor.series(index)))
    }
    return LawEvidence(
      measurements, covariance: .blockDiagonal(blocks),
      figures: [
        Figure(
          "kinks", plot,
          caption:
            "Points: networks with standard errors; lines: the leading terms of one hidden layer and one sample, n^{−1/2} of ReLU and 1/n of GELU."
        )
      ],
      remarks: [
        "On four digits the motion that smooth activations have too, of order 1/n, is as large as that of kinks at these widths: the power "
          + "between the two is shown beside and does not decide."
      ])
  }

  /// Σ y (f − f_lin)/|y| of the training samples, over pairs of networks with opposite last layers.
  private func motion(
    _ subject: Subject, width: Int, networks: Int, rate: Double, seed: UInt64, in laboratory: Laboratory
  ) throws -> StreamingCovariance {
    let (inputs, targets) = try data(subject)
    let experiment = try LinearizationExperiment(
      network(subject, width: width, features: inputs.columns),
      data: TrainingData(train: .init(inputs: inputs, targets: targets)),
      optimizer: Optimizer(.gradientDescent(), learningRate: .value(rate), steps: Self.steps, loss: Self.loss))
    let direction = targets.tensor.elements
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var moments = StreamingCovariance(variables: 1)
    try experiment.forEachTwins(networks: networks, seed: seed, in: laboratory) { twins in
      var sum = 0.0
      for (own, linear) in zip(twins.outputs, twins.linear) {
        for (sample, target) in direction.enumerated() { sum += target * (own[sample] - linear[sample]) / (2 * norm) }
      }
      moments.add([sum])
    }
    return moments
  }
}
