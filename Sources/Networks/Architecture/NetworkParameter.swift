/// One parameter tensor of a network, with its place.
public struct NetworkParameter: Hashable, Sendable {
  /// Unique in the network: `W3`, `b3` in a perceptron, `2.weight` in a list of layers.
  public var name: String
  /// The layer's place in the list of layers, from 0.
  public var layer: Int
  public var description: ParameterDescription
  /// Which of the network's weight tensors this is, or stands beside: 1, 2, …; 0 before the first.
  public var weightNumber: Int

  /// Whether it is drawn with a variance of C_W/fan-in.
  public var isDrawnWeight: Bool { description.initial == .drawn && !description.role.isBias }
}

extension Architecture {
  /// Every parameter tensor, in the order of layers.
  ///
  /// Roles are those of the layers, but that a `hidden` weight tensor is `input` where it is the network's first, and
  /// `readout` where it is the last.
  ///
  /// - Throws: `NetworkError` when a layer does not fit to the one before it: it says which.
  public func parameters(inputShape: [Int]) throws -> [NetworkParameter] {
    var list = try layers.parameters(inputShape: inputShape)
    let isPerceptron = perceptron(inputShape: inputShape) != nil
    // Perceptrons of any width are forecast, though not run.
    if !isPerceptron { try LayerBounds.check(list) }
    let weights = list.indices.filter { list[$0].isDrawnWeight }
    if let last = weights.last, last != weights.first, list[last].description.role == .hidden {
      let number = list[last].weightNumber
      list[last].description.role = .readout
      for index in list.indices where list[index].weightNumber == number && list[index].description.role == .hiddenBias
      {
        list[index].description.role = .readoutBias
      }
    }
    if let first = weights.first, list[first].description.role == .hidden { list[first].description.role = .input }
    if isPerceptron {
      for index in list.indices {
        list[index].name = (list[index].isDrawnWeight ? "W" : "b") + String(list[index].weightNumber)
      }
    }
    return list
  }
}

extension [Layer] {
  /// The shape that leaves the last layer, for one sample.
  ///
  /// - Throws: `NetworkError` that names the layer which does not fit.
  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    var shape = inputShape
    for (index, layer) in enumerated() { shape = try layer.outputShape(for: shape, number: index + 1) }
    return shape
  }

  /// Every parameter tensor, named `<place of the layer>.<name>`.
  ///
  /// - Throws: as ``outputShape(for:)``; and for more weight tensors than can be numbered.
  public func parameters(inputShape: [Int]) throws -> [NetworkParameter] {
    var shape = inputShape
    var list: [NetworkParameter] = []
    var weightNumber = 0
    for (index, layer) in enumerated() {
      let next = try layer.outputShape(for: shape, number: index + 1)
      for description in layer.description.parameters(for: shape) {
        var parameter = NetworkParameter(
          name: "\(index).\(description.name)", layer: index, description: description, weightNumber: weightNumber)
        if parameter.isDrawnWeight {
          weightNumber += 1
          guard weightNumber <= LayerBounds.mostWeights else {
            throw NetworkError(
              .invalidShape, "the network has more than \(LayerBounds.mostWeights) weight tensors",
              remedy: "take fewer layers.")
          }
          parameter.weightNumber = weightNumber
        }
        list.append(parameter)
      }
      shape = next
    }
    return list
  }
}

extension Layer {
  /// - Parameter number: its place in the network, from 1, for the message.
  fileprivate func outputShape(for shape: [Int], number: Int) throws -> [Int] {
    do {
      if number > 1, description is Embedding {
        throw NetworkError(
          .invalidShape, "an embedding takes symbols of the data, and here the numbers of other layers enter",
          remedy: "put it first, or take a dense layer.")
      }
      try description.validate()
      let output = try description.outputShape(for: shape)
      try LayerBounds.check(output)
      return output
    } catch let error as NetworkError {
      throw NetworkError(error.kind, "layer \(number) (\(key)) does not fit: \(error.problem)", remedy: error.remedy)
    }
  }
}
