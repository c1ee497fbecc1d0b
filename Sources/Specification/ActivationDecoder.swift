import OrreryNetworks

extension SpecificationNode {
  /// `gelu`, or `{ leaky-relu: { slope: 0.2 }, input-scale: 2 }`.
  func activation() throws -> Activation {
    let known = ActivationFunction.names + ActivationFunction.aliases.keys.sorted()
    switch value {
    case .scalar(let name): return try activation(name: name, parameters: [:])
    case .mapping(let entries):
      let scales = Activation.scaleAndShiftNames
      _ = try keys(known + scales)
      let functions = entries.filter { !scales.contains($0.key) }
      guard let function = functions.first, functions.count == 1 else {
        throw error("\(name) must name one function, such as { tanh: {}, input-scale: 2 }.")
      }
      var parameters: [String: ActivationParameter] = [:]
      if case .mapping(let inner) = function.node.value {
        for entry in inner { parameters[entry.key] = try entry.node.activationParameter() }
      } else if !function.node.isNull {
        throw function.node.error("The parameters of \(function.key) must be a set of keys, or {} for none.")
      }
      for entry in entries where scales.contains(entry.key) { parameters[entry.key] = .number(try entry.node.double()) }
      return try activation(name: function.key, parameters: parameters)
    default: throw error("\(name) must be an activation's name, and is \(shape).")
    }
  }

  private func activation(name: String, parameters: [String: ActivationParameter]) throws -> Activation {
    do {
      return try Activation(name: name, parameters: parameters)
    } catch let failure as NetworkError {
      throw error(failure.description)
    }
  }

  private func activationParameter() throws -> ActivationParameter {
    if case .sequence(let nodes) = value { return .list(try nodes.map { try $0.double() }) }
    return .number(try double())
  }
}
