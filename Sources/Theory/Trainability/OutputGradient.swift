import Foundation
import OrreryAnalysis
import OrreryNetworks

/// The mean squares of the loss's gradient with respect to one output of the network at initialization, where outputs
/// are Gaussian of variance K^(L).
///
/// - Cross-entropy over m classes, p = softmax(z), labels independent of z and balanced:
///   E(p − y)² = E p² − 2/m² + 1/m, which is (m − 1)/m² for a uniform softmax. For two samples,
///   E(p − y)(p′ − y′) = E pp′ − 1/m², with E pp′ − 1/m² taken in proportion to the outputs' correlation: exact at
///   c = 0 and 1, and at all c for small K.
/// - Logistic loss, targets ±1 in equal numbers: ∂L/∂z = ½ tanh(z/2) − y/2, which is cross-entropy over two classes whose
///   logits differ by z: E p² over two logits of variance K/2 each.
/// - Hinge loss: ∂L/∂z = −y 1[yz < 1] has the part −y w(z) in y, w = 1 for |z| < 1, else ½, and the part u(z) without y,
///   u = ½ sign z for |z| > 1, else 0: E (∂L/∂z)² = Φ(1/√K), and E uu′ in proportion to the outputs' correlation.
/// - Squared error f(z − y)²/2·…, f = 1 with the factor ½, else 2: f²(K + E y²) and f²K c.
///
/// Domain: initialization; targets without correlation between samples.
public struct OutputGradient: Hashable, Sendable {
  /// E (∂L/∂z)² of one sample.
  public var sameSample: Double
  /// E ∂L/∂z ∂L/∂z′ of two samples.
  public var twoSamples: Double

  /// - Parameters:
  ///   - kernel: K^(L).
  ///   - correlation: c^(L) of two samples' outputs.
  ///   - outputs: n_L, the number of classes for cross-entropy.
  ///   - meanSquaredTarget: E y², for squared error.
  public init(loss: Loss, kernel: Double, correlation: Double, outputs: Int, meanSquaredTarget: Double = 1) {
    let c = max(correlation, 0)
    switch loss {
    case .crossEntropy:
      let m = Double(outputs)
      let spread = max(0, Self.meanSquaredProbability(kernel: kernel, classes: outputs) - 1 / (m * m))
      sameSample = spread + (m - 1) / (m * m)
      twoSamples = spread * c
    case .logistic:
      let spread = Self.logisticSpread(kernel: kernel)
      sameSample = spread + 0.25
      twoSamples = spread * c
    case .hinge:
      let outside = Self.hingeOutside(kernel: kernel)
      sameSample = 1 - outside
      twoSamples = outside / 2 * c
    case .meanSquaredError(_, let half):
      let factor = half ? 1.0 : 4.0
      sameSample = factor * (kernel + meanSquaredTarget)
      twoSamples = factor * kernel * c
    }
  }

  /// E (½ tanh(z/2))² of a normal z of variance K.
  static func logisticSpread(kernel: Double) -> Double {
    max(0, meanSquaredProbability(kernel: kernel / 2, classes: 2) - 0.25)
  }

  /// P(z > 1) of a normal z of variance K: half of the probability of |z| > 1.
  static func hingeOutside(kernel: Double) -> Double {
    kernel > 0 ? Distributions.normalSurvival(1 / kernel.squareRoot()) : 0
  }

  /// E p² of a softmax over m independent logits of variance K.
  ///
  /// 1/S² = ∫₀^∞ t e^(−tS) dt with S = Σ_j e^(z_j) factorises over the logits:
  /// E p² = ∫ t E[e^(2z − t e^z)] (E e^(−t e^z))^(m−1) dt. Trapezoid rule in log t and in z.
  static func meanSquaredProbability(kernel: Double, classes: Int) -> Double {
    guard classes > 1 else { return 1 }
    guard kernel > 1e-12 else { return 1 / Double(classes * classes) }
    // Saturated: the largest logit takes all.
    guard kernel < 1e4 else { return 1 / Double(classes) }
    let deviation = kernel.squareRoot()
    let h = min(0.25, 0.5 / deviation)
    let count = Int(9 / h)
    let nodes = (-count...count).map { index -> (growth: Double, weight: Double) in
      let u = Double(index) * h
      return (exp(deviation * u), h * exp(-u * u / 2) / (2 * Double.pi).squareRoot())
    }
    let step = 0.2
    let reach = 9 * deviation + log(Double(classes)) + 40
    var sum = 0.0
    for s in stride(from: -reach, through: reach, by: step) {
      let t = exp(s)
      var (decay, square) = (0.0, 0.0)
      for node in nodes {
        let factor = node.weight * exp(-t * node.growth)
        decay += factor
        square += factor * node.growth * node.growth
      }
      sum += t * t * square * pow(decay, Double(classes - 1))
    }
    return sum * step
  }
}
