import Foundation
import OrreryTensors

/// log Σ_j e^(x_ij) of each row, (rows, columns) → (rows), without overflow.
struct LogSumExp: Primitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0].count == 2, "Rows and columns enter, not \(inputs[0]).")
    return [inputs[0][0]]
  }

  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let columns = graph.shape(inputs[0])[1]
    let spread = graph.repeated(cotangent, axis: 1, count: columns)
    return [graph.multiply(spread, graph.softmax(inputs[0]))]
  }

  func kernel(_ place: Placement, _ scalar: Float.Type) -> Kernel<Float> { make(place) }
  func kernel(_ place: Placement, _ scalar: Double.Type) -> Kernel<Double> { make(place) }

  func scratch(_ inputs: [[Int]], alignedTo width: Int) -> Int { inputs[0][1] }

  @inline(__always)
  private func make<Scalar: ExperimentScalar>(_ place: Placement) -> Kernel<Scalar> {
    let (rows, columns) = (place.inputs[0].shape[0], place.inputs[0].shape[1])
    let (input, output, scratch) = (place.inputs[0].offset, place.output.offset, place.scratch)
    return { base in
      for row in 0..<rows {
        let (sum, largest) = RowExponentials.fill(base + input + row * columns, into: base + scratch, columns)
        base[output + row] = largest + Scalar(Foundation.log(Double(sum)))
      }
    }
  }
}

/// e^(x_ij) / Σ_j e^(x_ij) of each row, without overflow.
struct Softmax: Primitive {
  func shape(_ inputs: [[Int]]) -> [Int] {
    precondition(inputs[0].count == 2, "Rows and columns enter, not \(inputs[0]).")
    return inputs[0]
  }

  var reusableInputs: [Int] { [0] }

  /// x̄_ij = s_ij (s̄_ij − Σ_k s_ik s̄_ik).
  func pullback(
    _ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]
  ) -> [Value?] {
    let columns = graph.shape(output)[1]
    let weighted = graph.multiply(output, cotangent)
    let mean = graph.repeated(graph.sum(weighted, axis: 1), axis: 1, count: columns)
    return [graph.subtract(weighted, graph.multiply(output, mean))]
  }

  func kernel(_ place: Placement, _ scalar: Float.Type) -> Kernel<Float> { make(place) }
  func kernel(_ place: Placement, _ scalar: Double.Type) -> Kernel<Double> { make(place) }

  @inline(__always)
  private func make<Scalar: ExperimentScalar>(_ place: Placement) -> Kernel<Scalar> {
    let (rows, columns) = (place.output.shape[0], place.output.shape[1])
    let (input, output) = (place.inputs[0].offset, place.output.offset)
    return { base in
      for row in 0..<rows {
        let target = base + output + row * columns
        let (sum, _) = RowExponentials.fill(base + input + row * columns, into: target, columns)
        let factor = 1 / sum
        for i in 0..<columns { target[i] *= factor }
      }
    }
  }
}

enum RowExponentials {
  /// e^(x − max x) of a row; their sum, and the maximum.
  @inline(__always)
  static func fill<Scalar: ExperimentScalar>(
    _ x: UnsafePointer<Scalar>, into y: UnsafeMutablePointer<Scalar>, _ count: Int
  ) -> (sum: Scalar, largest: Scalar) {
    var largest = x[0]
    for i in 1..<Swift.max(1, count) where x[i] > largest { largest = x[i] }
    for i in 0..<count { y[i] = x[i] - largest }
    Scalar.exponential(y, count: count)
    var sum = Scalar(0)
    for i in 0..<count { sum += y[i] }
    return (sum, largest)
  }
}
