/// What the tensors cost.
extension FiniteWidthDynamics {
  /// An estimate of the memory that order 1/n takes, in bytes, tensors of one batch under way included.
  ///
  /// With n = N + b inputs in a block, a layer has 3 tensors of n⁴/4 and 8 of n⁴ elements, every layer's at once while a flow is
  /// made, and its expectations as much again. Of each block the last layer's stay; the mean's tensors are 6 of (N + M)N³ and those
  /// in steps 11 more, coefficients as many for each output, and a covariance's 5 of n²N².
  ///
  /// - Parameters:
  ///   - layers: L.
  ///   - batch: b; nil for the fastest.
  public static func memory(
    trainSamples: Int, testSamples: Int, outputs: Int = 1, layers: Int, batch: Int? = nil
  ) -> Double {
    let (count, tests) = (Double(trainSamples), Double(testSamples))
    let size = min(tests, Double(batch ?? fastestBatch(trainSamples: trainSamples, testSamples: testSamples)))
    let inputs = count + size
    let batches = size > 0 ? (tests / size).rounded(.up) : 1
    func power(_ x: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { product, _ in product * x } }
    let layer = 70 * power(inputs, 4)
    let rows = (count + tests) * power(count, 3) * 8
    let kept = batches * (layer + 40 * inputs * inputs * count * count)
    // Integrals are 96 bytes each, in at most three lists.
    return Double(layers + 2) * layer + kept + rows * (17 + 5 * Double(outputs)) + 300 * power(count, 3)
  }

  /// The size of batches for which the tensors are ready first: O((N + b)⁴) for b test samples is the least at b = N/3, and few
  /// inputs take no time anyway.
  static func fastestBatch(trainSamples: Int, testSamples: Int) -> Int {
    let all = max(1, testSamples)
    guard trainSamples + testSamples > 12 else { return all }
    let batch = max((trainSamples + 2) / 3, 8 - trainSamples, 1)
    guard batch < testSamples else { return all }
    func cost(_ inputs: Int) -> Double { Double(inputs * inputs) * Double(inputs * inputs) }
    let batches = Double((testSamples + batch - 1) / batch)
    return cost(trainSamples + testSamples) <= 2 * batches * cost(trainSamples + batch) ? all : batch
  }
}
