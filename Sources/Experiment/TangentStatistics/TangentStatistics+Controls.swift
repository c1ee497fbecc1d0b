import Foundation
import OrreryAnalysis
import OrreryTensors

/// e^(−x²/2), not normalized.
enum UnitNormal {
  static func densities(_ x: [Double]) -> [Double] { x.map { exp(-$0 * $0 / 2) } }
}

extension TangentStatistics {
  /// E Ĥ_ii;aa by control variates: what each hidden layer's means of σ² and σ′²Ĥ differ by from their means given the layers
  /// before, and the products of two of different layers. All have the mean 0 at any width, and the NTK fluctuates with them: what
  /// remains of its variance of order 1/n is of order 1/n².
  ///
  /// Coefficients are those of a regression over the same networks, whose bias is of order 1/networks.
  ///
  /// - Precondition: the experiment was run with controls.
  public func controlledTangentMean(_ a: Int) -> Estimate {
    precondition(layout.hasControls, "The experiment was run without controls.")
    let single = (1...layout.controlledLayers).map { layer in
      [records.column(layout.kernelControl(layer: layer, a)), records.column(layout.tangentControl(layer: layer, a))]
    }
    var controls = single.flatMap { $0 }
    for first in single.indices {
      for second in single[(first + 1)...] {
        for x in single[first] { for y in second { controls.append(zip(x, y).map { $0 * $1 }) } }
      }
    }
    return Self.controlled(tangentKernels(a, a), by: controls)
  }

  /// E Ĥ_ii;ab less its regression on numbers of the same networks, each of whose means is known to be 0; its bias is of order 1/networks.
  ///
  /// - Parameter controls: one list a number, one element a network.
  public func controlledTangentMean(_ a: Int, _ b: Int, by controls: [[Double]]) -> Estimate {
    Self.controlled(tangentKernels(a, b), by: controls)
  }

  /// The mean of values, less its regression on controls whose mean is 0.
  static func controlled(_ values: [Double], by controls: [[Double]]) -> Estimate {
    let count = controls.count
    var moments = StreamingCovariance(variables: count + 1)
    for network in values.indices { moments.add([values[network]] + controls.map { $0[network] }) }
    let covariance = moments.covariance
    let scales = (0...count).map { max(1e-300, covariance[$0, $0]).squareRoot() }
    var correlation = Matrix<Double>(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count { correlation[i, j] = covariance[i + 1, j + 1] / (scales[i + 1] * scales[j + 1]) }
    }
    guard values.count > count + 2, let basis = try? correlation.symmetricEigendecomposition(),
      let largest = basis.values.last
    else { return StreamingMoments(values).estimate }
    var (mean, variance) = (moments.means[0], covariance[0, 0])
    for (mode, eigenvalue) in basis.values.enumerated() where eigenvalue > 1e-10 * largest {
      let (shared, offset) = (0..<count).reduce((0.0, 0.0)) { sums, i in
        let weight = basis.vectors[mode, i] / scales[i + 1]
        return (sums.0 + weight * covariance[0, i + 1], sums.1 + weight * moments.means[i + 1])
      }
      mean -= shared / eigenvalue * offset
      variance -= shared * shared / eigenvalue
    }
    let degrees = Double(values.count - count - 1)
    return Estimate(value: mean, error: (max(0, variance) / degrees).squareRoot())
  }
}
