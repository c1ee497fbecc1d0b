import Foundation
import OrreryExperiment
import OrreryNetworks
import OrreryTheory

// The layer of the article CustomLayers, as it stands there.

/// z_i = (Σ_j A_ij x_j)(Σ_j B_ij x_j) along the last axis: (…, features) → (…, units).
struct Bilinear: LayerDescription {
  static let key = "bilinear"
  var units: Int

  func outputShape(for inputShape: [Int]) throws -> [Int] {
    guard let features = inputShape.last, features >= 1, units >= 1 else {
      throw NetworkError(
        .invalidShape,
        "a bilinear layer of \(units) units takes an axis of features, and the shape \(inputShape) enters",
        remedy: "give it at least one feature and one unit.")
    }
    return inputShape.dropLast() + [units]
  }

  func parameters(for inputShape: [Int]) -> [ParameterDescription] {
    let fanIn = inputShape.last ?? 1
    return ["left", "right"].map {
      ParameterDescription(name: $0, shape: [units, fanIn], fanIn: fanIn, role: .hidden)
    }
  }
}

extension Bilinear: Lowerable {
  func lower(_ graph: inout Graph, _ input: Value, parameters: [Value]) throws -> Value {
    let shape = graph.shape(input)
    let rows = graph.reshape(input, [shape.dropLast().reduce(1, *), shape.last!])
    let left = graph.matrixProduct(rows, parameters[0], transposingRight: true)
    let right = graph.matrixProduct(rows, parameters[1], transposingRight: true)
    return graph.reshape(graph.multiply(left, right), shape.dropLast() + [units])
  }
}

extension Bilinear: KernelPropagating {
  var hasScales: Bool { true }

  func propagate(_ state: KernelState, scales: DenseScales?) throws -> KernelState {
    guard let scales else { throw InfiniteWidthError.wrongScaleCount(expected: 1, found: 0) }
    var result = state
    result.rowVariances = state.rowVariances.map { pow(scales.weightVariance * $0, 2) }
    result.columnVariances = state.columnVariances.map { pow(scales.weightVariance * $0, 2) }
    result.oneMinusCorrelations = state.oneMinusCorrelations.map { $0 * (2 - $0) }  // c′ = c²
    (result.rowMeans, result.columnMeans) = (nil, nil)
    if let tangents = state.tangents {
      result.tangents = zip(state.kernel, tangents).map { kernel, tangent in
        2 * scales.weightVariance * kernel * (scales.weightRate * kernel + scales.weightVariance * tangent)
      }
    }
    return result
  }
}
