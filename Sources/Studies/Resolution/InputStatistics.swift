import OrreryAnalysis
import OrreryTensors

/// How a data set's inputs enter a forecast: their size and how alike they are.
public struct InputStatistics: Hashable, Codable, Sendable {
  /// n_0.
  public var features: Int
  public var samples: Int
  /// The mean over samples of ∣x∣²/n_0.
  public var meanSquare: Double
  /// The smallest and largest ∣x∣²/n_0.
  public var smallestSquare: Double
  public var largestSquare: Double
  /// The median over pairs of x·x′/(∣x∣∣x′∣).
  public var typicalCorrelation: Double

  /// - Parameter inputs: shape (samples, features), at least one sample.
  ///
  /// Norms are those of all samples; correlations of the first 256, whose 32 640 pairs fix the median well enough.
  public init(_ inputs: Matrix<Double>) {
    features = inputs.columns
    samples = inputs.rows
    let count = inputs.rows
    let width = inputs.columns
    let squares = Self.squares(of: inputs)
    meanSquare = squares.reduce(0, +) / Double(max(1, count))
    smallestSquare = squares.min() ?? 0
    largestSquare = squares.max() ?? 0
    var correlations: [Double] = []
    inputs.withUnsafeBuffer { buffer in
      for first in 0..<min(count, 256) where squares[first] > 0 {
        for second in 0..<first where squares[second] > 0 {
          let product = (0..<width).reduce(0.0) { $0 + buffer[first * width + $1] * buffer[second * width + $1] }
          correlations.append(product / Double(width) / (squares[first] * squares[second]).squareRoot())
        }
      }
    }
    correlations.sort()
    typicalCorrelation = correlations.isEmpty ? 0 : correlations[correlations.count / 2]
  }

  /// |x|²/n_0 of every input, shape (samples).
  static func squares(of inputs: Matrix<Double>) -> [Double] {
    let width = inputs.columns
    return inputs.withUnsafeBuffer { buffer in
      (0..<inputs.rows).map { row in
        (0..<width).reduce(0.0) { $0 + buffer[row * width + $1] * buffer[row * width + $1] } / Double(max(1, width))
      }
    }
  }
}
