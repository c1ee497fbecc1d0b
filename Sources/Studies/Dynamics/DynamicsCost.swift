import OrreryNetworks
import OrreryTensors

/// What training the ensemble of a confrontation will cost, from counts of multiplications.
struct DynamicsCost {
  var seconds: Double

  /// Multiplications and additions that one core does in a second on small networks: about what AVX2 reaches.
  private static let operationsPerSecond = 35e9

  /// Order 1/n of training, at some thirty steps, for one core and the square of the number of training samples.
  private static let secondsOfFiniteWidth = 0.08

  init(_ loaded: LoadedStudy) {
    let architecture = loaded.resolved.network.perceptron?.architecture
    let parameters = Double(architecture?.parameterCount(inputs: loaded.resolved.network.inputs) ?? 0)
    let steps = Double(loaded.study.optimizer?.steps ?? 0)
    let networks = Double(loaded.resolved.ensemble.trainedNetworks)
    // Forward, and backward to weights and to activations.
    seconds =
      6 * parameters * Double(loaded.data.train.count) * steps * networks
      / (Self.operationsPerSecond * Double(Parallel.threads))
    let samples = loaded.data.train.count
    if samples <= FiniteWidthTraining.largestTrainingSet {
      seconds += Self.secondsOfFiniteWidth * Double(samples * samples) / Double(Parallel.threads)
    }
  }
}
