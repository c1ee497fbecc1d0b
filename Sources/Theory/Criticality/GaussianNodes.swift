import Foundation
import OrreryNetworks

/// Places and weights of a nested rule for ∫ f(z) N(z; 0, K) dz, refined by halving its step.
///
/// - Smooth σ: the trapezoid rule, whose error e^(−2πd/h) falls exponentially with the distance d of the integrand's
///   nearest pole; for K far above the activation's own scale in z = s·sinh t, which keeps that distance of order one.
/// - Kinked σ: each side of a kink by z = z₀ ± √K e^(t − e^(−t)) (Takahasi and Mori 1974), where the trapezoid rule
///   converges as fast, whatever the place of the kink.
///
/// Halving the step keeps the nodes of the coarser rule, so that a comparison of two rules costs nothing.
struct GaussianNodes {
  /// One node: z and its weight, before the factor h of the step.
  struct Node {
    var z: Double
    var weight: Double
  }

  private enum Piece {
    case line
    case sinh(scale: Double)
    case half(from: Double, sign: Double)
  }

  private let pieces: [Piece]
  private let deviation: Double
  /// The half-width of the range in units of √K.
  private let reach: Double
  private let firstStep: Double

  /// - Parameters:
  ///   - kernel: K > 0.
  ///   - reach: how many standard deviations are kept; 13 leaves out less than 1e-36 of the weight.
  init(activation: Activation, kernel: Double, reach: Double) {
    deviation = kernel.squareRoot()
    self.reach = reach
    let kinks = activation.kinks.map(\.location).sorted()
    if let first = kinks.first, let last = kinks.last {
      // Between two kinks there is no infinite side; no offered activation has two.
      precondition(first == last, "Integrals over activations with several kinks are not offered.")
      pieces = [.half(from: first, sign: -1), .half(from: first, sign: 1)]
      firstStep = 0.25
    } else if activation.inputScale * activation.inputScale * kernel > 16 {
      pieces = [.sinh(scale: 2 / abs(activation.inputScale))]
      firstStep = 0.125
    } else {
      pieces = [.line]
      firstStep = 0.5
    }
  }

  /// The step h of a level.
  func step(level: Int) -> Double { firstStep * pow(0.5, Double(level)) }

  /// The nodes that a level adds to the levels before it.
  func nodes(addedAt level: Int) -> [Node] {
    let h = step(level: level)
    return pieces.flatMap { piece -> [Node] in
      let (low, high) = range(of: piece)
      var first = Int((low / h).rounded(.up))
      let last = Int((high / h).rounded(.down))
      if level > 0, first.isMultiple(of: 2) { first += 1 }
      return Swift.stride(from: first, through: last, by: level > 0 ? 2 : 1).map { node(piece, Double($0) * h) }
    }
  }

  private func range(of piece: Piece) -> (Double, Double) {
    switch piece {
    case .line: return (-reach, reach)
    case .sinh(let scale):
      let bound = asinh(reach * deviation / scale)
      return (-bound, bound)
    case .half(let from, _):
      return (-3.7, log(reach + abs(from) / deviation) + 0.1)
    }
  }

  private func node(_ piece: Piece, _ t: Double) -> Node {
    let z: Double
    let slope: Double  // dz/dt / √K
    switch piece {
    case .line:
      z = deviation * t
      slope = 1
    case .sinh(let scale):
      z = scale * Foundation.sinh(t)
      slope = scale * Foundation.cosh(t) / deviation
    case .half(let from, let sign):
      let v = exp(t - exp(-t))
      z = from + sign * deviation * v
      slope = v * (1 + exp(-t))
    }
    let u = z / deviation
    return Node(z: z, weight: slope * exp(-u * u / 2) / (2 * Double.pi).squareRoot())
  }
}
