import Foundation
import OrreryAnalysis
import OrreryTensors

/// Statistics over some networks of an ensemble, repeated ones included, as a bootstrap draws them.
struct PickedNetworks: Sendable {
  var picked: [Int]

  init(_ picked: [Int]) { self.picked = picked }

  func mean(_ values: [Double]) -> Double {
    var sum = 0.0
    for network in picked { sum += values[network] }
    return sum / Double(picked.count)
  }

  /// Unbiased.
  func variance(_ values: [Double]) -> Double {
    let mean = mean(values)
    var sum = 0.0
    for network in picked { sum += (values[network] - mean) * (values[network] - mean) }
    return sum / Double(picked.count - 1)
  }

  /// κ₃, unbiased.
  func thirdCumulant(_ values: [Double]) -> Double {
    let mean = mean(values)
    var sum = 0.0
    for network in picked {
      let d = values[network] - mean
      sum += d * d * d
    }
    let n = Double(picked.count)
    return n * sum / ((n - 1) * (n - 2))
  }

  /// κ₄ to relative order 1/M.
  func fourthCumulant(_ values: [Double]) -> Double {
    let mean = mean(values)
    var (square, fourth) = (0.0, 0.0)
    for network in picked {
      let d = (values[network] - mean) * (values[network] - mean)
      square += d
      fourth += d * d
    }
    let n = Double(picked.count)
    return fourth / n - 3 * (square / n) * (square / n)
  }

  /// Var/mean².
  func relativeVariance(_ values: [Double]) -> Double {
    let mean = mean(values)
    return variance(values) / (mean * mean)
  }
}

/// A straight line through points by least squares with equal weights.
enum StraightLine {
  static func slope(_ x: [Double], _ y: [Double]) -> Double {
    let (xMean, yMean) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    var (top, bottom) = (0.0, 0.0)
    for (x, y) in zip(x, y) {
      top += (x - xMean) * (y - yMean)
      bottom += (x - xMean) * (x - xMean)
    }
    return top / bottom
  }
}

extension Resampling.Bootstrap {
  /// The first statistics as measurements of claims, in the claims' order.
  func measurements(_ claims: [String], networks: Int) -> [LawMeasurement] {
    zip(claims, estimates).map { LawMeasurement($0, $1, networks: networks) }
  }

  /// The covariance of the first statistics alone.
  func covariance(first count: Int) -> Matrix<Double> {
    let all = covariance
    return Matrix(rows: count, columns: count, elements: (0..<count).flatMap { i in (0..<count).map { all[i, $0] } })
  }
}
