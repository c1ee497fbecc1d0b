import OrreryNetworks
import OrreryTensors

/// What one pass over a data set shows: its loss, how much of it is classified rightly, and the outputs where they are wanted.
struct Classification {
  let loss: Double
  let accuracy: Double
  /// z of every sample, (samples, …, outputs), or empty.
  let outputs: [Double]

  /// - Parameter classes: the last extent of the network's output.
  init<Scalar: TrainingScalar>(
    _ evaluation: BatchGradient<Scalar>, _ parameters: UnsafePointer<Scalar>, on data: TrainingArrays<Scalar>,
    classes: Int,
    keepsOutputs: Bool
  ) {
    var right = 0
    let width = data.outputs
    let isClassNumbers = data.targetKind == .classNumbers
    let outputs = isClassNumbers ? width * classes : width
    var kept: [Double] = []
    if keepsOutputs { kept.reserveCapacity(data.samples * outputs) }
    let targets = data.targets.elements.baseAddress!
    (loss, _) = evaluation.run(parameters, on: data) { first, count, values in
      if isClassNumbers {
        for position in 0..<(count * width) {
          let number = Int(targets[first * width + position])
          right += Self.largest(values + position * classes, classes) == number ? 1 : 0
        }
      } else {
        for sample in 0..<count {
          right += Self.isRight(values + sample * width, targets + (first + sample) * width, width) ? 1 : 0
        }
      }
      if keepsOutputs { for place in 0..<(count * outputs) { kept.append(Double(values[place])) } }
    }
    accuracy = Double(right) / Double(data.samples * (isClassNumbers ? width : 1))
    self.outputs = kept
  }

  /// The place of the largest of some numbers, the first of equals; nil for one that is not finite.
  private static func largest<Scalar: TrainingScalar>(_ z: UnsafePointer<Scalar>, _ count: Int) -> Int? {
    var largest = 0
    for i in 1..<max(1, count) where z[i] > z[largest] { largest = i }
    return z[largest].isFinite ? largest : nil
  }

  private static func isRight<Scalar: TrainingScalar>(
    _ z: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ count: Int
  ) -> Bool {
    if count == 1 { return z[0] * y[0] > 0 }
    // Ties among outputs (a dead network) count as wrong unless the first is meant; NaN is never right.
    return largest(z, count) == largest(y, count)
  }
}
