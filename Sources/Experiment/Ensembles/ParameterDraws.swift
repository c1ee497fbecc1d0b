import OrreryNetworks
import OrreryTensors

/// Draws of the parameters of one member: a function of (seed, member, layer, index) and the distribution alone, so that a
/// member is the same network in an ensemble of any size, and in either precision up to rounding.
enum ParameterDraws {
  /// Where the truncated Gaussian is cut, in units of its own standard deviation before the cut (Keras, Flax).
  static let truncation = 2.0
  /// The standard deviation of a unit normal cut at ±2: 0.87962566103423978 as Keras and Flax have it.
  static let truncatedDeviation = RandomStream.truncatedNormalVariance(bound: truncation).squareRoot()

  /// Writes parameters `index …` of a tensor, of mean 0 and the given variance.
  ///
  /// Gaussian: the stream's normals. Uniform on ±√(3 Var): (2u − 1), centred between its multiples. Truncated: the first of
  /// the normals at steps 0, 1, 2, … of the stream, at the same index, that lies within ±2, rescaled.
  static func fill<Scalar: ExperimentScalar>(
    _ output: UnsafeMutableBufferPointer<Scalar>, _ stream: RandomStream, from index: Int,
    distribution: WeightDistribution, variance: Double
  ) {
    guard variance > 0 else {
      output.update(repeating: 0)
      return
    }
    let values = output.baseAddress!
    switch distribution {
    case .gaussian:
      Scalar.fillNormals(output, stream, from: index)
      let scale = Scalar(variance.squareRoot())
      for i in 0..<output.count { values[i] *= scale }
    case .uniform:
      Scalar.fillUniforms(output, stream, from: index)
      let half = Scalar((3 * variance).squareRoot())
      let centre = 1 - Scalar(sign: .plus, exponent: Scalar.self == Float.self ? -24 : -53, significand: 1)
      for i in 0..<output.count { values[i] = (2 * values[i] - centre) * half }
    // A vector: a random point of a sphere.
    case .orthogonal: fillOrthogonal(output, stream, rows: 1, variance: variance)
    case .truncatedGaussian:
      Scalar.fillNormals(output, stream, from: index)
      let scale = Scalar(variance.squareRoot() / truncatedDeviation)
      let bound = Scalar(truncation)
      for i in 0..<output.count {
        var again = stream
        while abs(values[i]) > bound {
          again.step += 1
          Scalar.fillNormals(UnsafeMutableBufferPointer(start: values + i, count: 1), again, from: index + i)
        }
        values[i] *= scale
      }
    }
  }

  /// Writes a matrix with orthogonal rows or columns, row-major, of the given variance of its elements: Haar's law, from the stream's
  /// normals in Double, so that either precision gets the same matrix up to rounding.
  static func fillOrthogonal<Scalar: ExperimentScalar>(
    _ output: UnsafeMutableBufferPointer<Scalar>, _ stream: RandomStream, rows: Int, variance: Double
  ) {
    guard variance > 0, rows > 0 else {
      output.update(repeating: 0)
      return
    }
    let columns = output.count / rows
    let (length, vectors) = (max(rows, columns), min(rows, columns))
    let normals = AlignedStorage<Double>(uninitializedCount: output.count)
    Double.fillNormals(normals.elements, stream, from: 0)
    let q = normals.elements.baseAddress!
    OrthonormalColumns.orthonormalize(q, rows: length, columns: vectors)
    let scale = (variance * Double(length)).squareRoot()
    if rows <= columns {
      // Vector after vector is row after row.
      for i in 0..<output.count { output[i] = Scalar(scale * q[i]) }
    } else {
      for i in 0..<rows { for j in 0..<columns { output[i * columns + j] = Scalar(scale * q[j * rows + i]) } }
    }
  }
}
