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
  func propagate(_ state: KernelState, scales: [ParameterScales]) throws -> KernelState {
    guard scales.count == 2 else { throw InfiniteWidthError.wrongScaleCount(expected: 2, found: scales.count) }
    let (left, right) = (scales[0], scales[1])
    let variance = left.variance * right.variance
    return state.mappingPairs(isGaussian: false) { second, _ in
      ((), variance * second * second, 0)
    } pair: { _, _, pair in
      let rates = left.rate * right.variance + left.variance * right.rate
      return (
        pair.oneMinusCorrelation * (2 - pair.oneMinusCorrelation),  // c′ = c²
        pair.tangent.map { pair.kernel * (rates * pair.kernel + 2 * variance * $0) }
      )
    }
  }
}
