import OrreryFormats
import OrreryTensors

extension SyntheticData {
  /// Draws the inputs: feature j of sample i is draw i·features + j of the seed's stream of synthetic inputs, on the
  /// sphere divided by the sample's length over √n_0.
  ///
  /// - Throws: `DataError` when there are no samples or features, or more numbers than memory or the stream can hold.
  func draw(seed: UInt64) throws -> RawData {
    let name = "synthetic \(distribution.rawValue) inputs"
    guard samples >= 1, features >= 1 else {
      throw DataError(
        .wrongShape, name: name, "\(samples) samples of \(features) features are asked for",
        remedy: "choose at least one of each.")
    }
    let (count, overflow) = samples.multipliedReportingOverflow(by: features)
    guard !overflow, count <= 1 << 34 else {
      throw DataError(
        .wrongShape, name: name, "\(samples) samples of \(features) features are more numbers than fit in memory",
        remedy: "choose fewer; together at most 2^34.")
    }
    let stream = RandomStream(seed: seed, purpose: .syntheticInputs)
    let inputs = Tensor<Double>(shape: [samples, features]) { buffer in
      stream.fillNormals(buffer)
      guard distribution == .sphere else { return }
      for sample in 0..<samples {
        let row = UnsafeMutableBufferPointer(rebasing: buffer[(sample * features)..<((sample + 1) * features)])
        // A draw is never exactly 0, so neither is the length.
        _ = DataNormalization.scaleToSphere(row)
      }
    }
    return RawData(
      name: name, train: RawData.Part(inputs: NumericArray(inputs, name: name), labels: nil), test: nil,
      shape: [features], classNames: nil, source: "drawn by Orrery from seed \(seed)", licence: nil)
  }
}
