/// Derivatives, as graphs: they can be differentiated again.
extension Graph {
  /// Reverse mode: the cotangents of `targets`, Σ_o (∂o/∂t)ᵀ ō over the outputs o with cotangents ō; nil where an output does
  /// not depend on the target.
  ///
  /// - Throws: ``ExperimentError`` where a primitive has no such derivative.
  public mutating func pullback(
    _ outputs: [(value: Value, cotangent: Value)], to targets: [Value]
  ) throws -> [Value?] {
    guard let last = outputs.map(\.value.index).max() else { return targets.map { _ in nil } }
    var depends = [Bool](repeating: false, count: last + 1)
    for target in targets where target.index <= last { depends[target.index] = true }
    for index in 0...last where !depends[index] {
      depends[index] = nodes[index].inputs.contains { depends[$0.index] }
    }
    let stops = Set(targets)
    var cotangents: [Int: [Value]] = [:]
    for (value, cotangent) in outputs {
      precondition(shape(value) == shape(cotangent), "A cotangent has its value's shape.")
      cotangents[value.index, default: []].append(cotangent)
    }
    var found: [Value: Value] = [:]
    for index in (0...last).reversed() where depends[index] {
      guard let parts = cotangents.removeValue(forKey: index), let cotangent = sum(parts) else { continue }
      let value = Value(index: index)
      if stops.contains(value) { found[value] = cotangent }
      let node = nodes[index]
      let wanted = node.inputs.map { depends[$0.index] }
      guard wanted.contains(true) else { continue }
      let results = try node.primitive.pullback(
        &self, inputs: node.inputs, output: value, cotangent: cotangent, wanted: wanted)
      for (place, result) in results.enumerated() where wanted[place] {
        if let result { cotangents[node.inputs[place].index, default: []].append(result) }
      }
    }
    return targets.map { found[$0] }
  }

  /// The gradient of a number with respect to each target; nil where it does not depend on it.
  public mutating func gradient(of value: Value, to targets: [Value]) throws -> [Value?] {
    precondition(shape(value) == [], "A gradient is of one number.")
    let one = constant(1, shape: [])
    return try pullback([(value, one)], to: targets)
  }

  /// Forward mode: the tangents of `outputs`, Σ_s (∂o/∂s) ṡ over the sources s with tangents ṡ; nil for zero.
  ///
  /// A pullback is linear in its cotangent. Its own pullback, with respect to that cotangent, is the pushforward; no value of
  /// the inner pullback is needed for it, so a program that is compiled from it costs what forward mode costs.
  public mutating func pushforward(
    _ sources: [(value: Value, tangent: Value)], to outputs: [Value]
  ) throws -> [Value?] {
    let dummies = outputs.map { input(shape($0)) }
    let pulled = try pullback(
      zip(outputs, dummies).map { ($0, $1) }, to: sources.map(\.value))
    var linear: [(value: Value, cotangent: Value)] = []
    for (value, source) in zip(pulled, sources) {
      if let value { linear.append((value, source.tangent)) }
    }
    return try pullback(linear, to: dummies)
  }
}
