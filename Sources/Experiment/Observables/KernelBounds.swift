/// How large the matrices between samples may be that an observable takes.
enum KernelBounds {
  /// Numbers in all matrices together.
  static let mostNumbers = 1 << 30

  /// - Parameter matrices: how many (samples, samples) matrices are alive at once, about.
  /// - Throws: ``ObservableError`` for more numbers than ``mostNumbers``.
  static func check(_ key: String, _ setting: ObservableSetting, matrices: Int) throws {
    let n = setting.kernelSamples
    guard n * n <= mostNumbers / max(1, matrices) else {
      throw ObservableError(
        key, "it takes \(matrices) matrices of \(n) × \(n) numbers, more than can be held",
        remedy: "take fewer kernel samples")
    }
  }
}

extension ObservableSetting {
  /// Matrices of the traced tangent kernel: two Gram matrices of each layer with weights, sums, and the kernel in double precision.
  var tangentMatrices: Int { 2 * weightLayers + 4 }
}
