import OrreryTensors

/// A dimensionless coupling of the effective theory at order 1/n: a tensor on one input in units of K and Θ, without its 1/n.
///
/// Over n it is the size of an effect: V/(nK²) is the relative variance of the kernel, (A + 2B)/(nΘ²) of one output's NTK, A/(nΘ²) the
/// covariance of two different outputs' NTKs, P/(nΘ²) … T K/(nΘ³) how far training moves the NTK. At criticality each grows at most
/// like ℓ, so that all are at most of order L/n (PDLT chapters 5, 8, 9, 11).
public enum Coupling: String, CaseIterable, Codable, Hashable, Sendable {
  case fourPointVertex = "V/K²"
  case kernelCorrection = "G1/K"
  case tangentKernelCorrection = "H1/Θ"
  case tangentKernelVariance = "(A+2B)/Θ²"
  case tangentKernelCovariance = "A/Θ²"
  case tangentKernelMixing = "B/Θ²"
  case crossVariance = "(D+2F)/(KΘ)"
  case crossCorrelation = "D/(KΘ)"
  case crossMixing = "F/(KΘ)"
  case differentialP = "P/Θ²"
  case differentialQ = "Q/Θ²"
  case secondDifferentialR = "R K/Θ³"
  case secondDifferentialS = "S K/Θ³"
  case secondDifferentialT = "T K/Θ³"
  case secondDifferentialU = "U K/Θ³"

  /// What it is, in words.
  public var meaning: String {
    switch self {
    case .fourPointVertex: "variance of the kernel over networks"
    case .kernelCorrection: "shift of the mean kernel"
    case .tangentKernelCorrection: "shift of the mean NTK"
    case .tangentKernelVariance: "variance of one output's NTK over networks"
    case .tangentKernelCovariance: "covariance of two outputs' NTKs"
    case .tangentKernelMixing: "NTK between different outputs, squared"
    case .crossVariance: "correlation of an output's square and its NTK"
    case .crossCorrelation: "correlation of the kernel and the NTK of another output"
    case .crossMixing: "correlation of outputs and the NTK between them"
    case .differentialP, .differentialQ: "the NTK's change in training, to first order (dNTK)"
    case .secondDifferentialR, .secondDifferentialS, .secondDifferentialT, .secondDifferentialU:
      "the NTK's change in training, to second order (ddNTK)"
    }
  }
}

extension FiniteWidthLayer {
  /// A coupling on one input; nil when its tensor was not asked for, or K or Θ vanishes.
  public func coupling(_ coupling: Coupling, input i: Int) -> Double? {
    let k = kernel[i, i]
    guard k > 0 else { return nil }
    switch coupling {
    case .fourPointVertex: return fourPointVertex[i, i, i, i] / (k * k)
    case .kernelCorrection: return kernelCorrection[i, i] / k
    default: break
    }
    guard let tangent = tangentKernel, tangent.mean[i, i] > 0 else { return nil }
    let theta = tangent.mean[i, i]
    switch coupling {
    case .fourPointVertex, .kernelCorrection: return nil
    case .tangentKernelCorrection: return tangent.correction[i, i] / theta
    case .tangentKernelVariance:
      return (tangent.a[i, i, i, i] + 2 * tangent.b[i, i, i, i]) / (theta * theta)
    case .tangentKernelCovariance: return tangent.a[i, i, i, i] / (theta * theta)
    case .tangentKernelMixing: return tangent.b[i, i, i, i] / (theta * theta)
    case .crossVariance: return (tangent.d[i, i, i, i] + 2 * tangent.f[i, i, i, i]) / (k * theta)
    case .crossCorrelation: return tangent.d[i, i, i, i] / (k * theta)
    case .crossMixing: return tangent.f[i, i, i, i] / (k * theta)
    case .differentialP: return differentials.map { $0.p[i, i, i, i] / (theta * theta) }
    case .differentialQ: return differentials.map { $0.q[i, i, i, i] / (theta * theta) }
    case .secondDifferentialR: return differentials.map { $0.r[i, i, i, i] * k / (theta * theta * theta) }
    case .secondDifferentialS: return differentials.map { $0.s[i, i, i, i] * k / (theta * theta * theta) }
    case .secondDifferentialT: return differentials.map { $0.t[i, i, i, i] * k / (theta * theta * theta) }
    case .secondDifferentialU: return differentials.map { $0.u[i, i, i, i] * k / (theta * theta * theta) }
    }
  }
}
