import OrreryNetworks

/// A quadratic form of a loss in a network's parameters. N is the number of samples, c = 1/N for losses that are means over
/// them and 1 for sums, J_i = ∂z(x_i)/∂θ the Jacobian of sample i, shape (outputs, parameters).
public enum CurvatureKind: String, Hashable, Codable, Sendable, CaseIterable {
  /// H = ∂²L/∂θ∂θ.
  case hessian
  /// G = c Σ_i J_iᵀ (∂²ℓ_i/∂z∂z) J_i: the Hessian without the network's own second derivatives (N. Schraudolph, Neural
  /// Computation 14, 1723, 2002).
  case gaussNewton = "gauss-newton"
  /// F = c Σ_i E_y[∇ℓ ∇ℓᵀ] with y drawn from the distribution whose −log is the loss: a Gaussian for squared errors, the softmax
  /// for cross-entropy, the logistic function for the logistic loss. Equal to G for these, by another formula. Where outputs have
  /// positions, each is a draw of its own: the sum is over samples and positions, and c = 1/(N · positions).
  case fisher
  /// c Σ_i ∇ℓ_i ∇ℓ_iᵀ at the targets themselves (F. Kunstner, L. Balles, P. Hennig, arXiv:1905.12558, on how it differs from F). Where
  /// outputs have positions, ℓ_i is the mean over a sample's positions, which count as one draw: unlike F it has products of different
  /// positions, and is smaller by the number of positions where these are independent.
  case empiricalFisher = "empirical-fisher"
}

/// Products of second-order matrices with a vector: two passes over the network, no matrix.
extension Graph {
  /// H v, the tangent of the gradient along v: forward over reverse (B. Pearlmutter, Neural Computation 6, 147, 1994).
  package mutating func hessianProduct(
    gradient: [Value], parameters: [Value], directions: [Value]
  ) throws -> [Value] {
    let found = try pushforward(zip(parameters, directions).map { ($0, $1) }, to: gradient)
    return zeroFilled(found, like: parameters)
  }

  /// G v: forward to the outputs, through the loss's curvature there, and back.
  ///
  /// - Parameters:
  ///   - value: the loss, a number that depends on the parameters through `output` alone.
  package mutating func gaussNewtonProduct(
    of value: Value, output: Value, parameters: [Value], directions: [Value]
  ) throws -> [Value] {
    let tangent = try pushforward(zip(parameters, directions).map { ($0, $1) }, to: [output])[0]
    guard let tangent, let slope = try gradient(of: value, to: [output])[0],
      let curved = try pushforward([(output, tangent)], to: [slope])[0]
    else { return zeroFilled(parameters.map { _ in nil }, like: parameters) }
    return zeroFilled(try pullback([(output, curved)], to: parameters), like: parameters)
  }

  /// F v, with the expectation over targets taken in closed form.
  ///
  /// - Throws: ``ExperimentError/noDerivative(_:)`` for the hinge loss, which is no −log of a distribution.
  package mutating func fisherProduct(
    _ loss: Loss, output: Value, parameters: [Value], directions: [Value]
  ) throws -> [Value] {
    let tangent = try pushforward(zip(parameters, directions).map { ($0, $1) }, to: [output])[0]
    guard let tangent else { return zeroFilled(parameters.map { _ in nil }, like: parameters) }
    let shape = shape(output)
    let curved: Value
    switch loss {
    // ℓ = |z − y|² is −log of a Gaussian of variance ½, and E ∇ℓ∇ℓᵀ = 4 · ½.
    case .meanSquaredError(_, let half): curved = scale(tangent, by: half ? 1 : 2)
    case .crossEntropy:
      let probabilities = softmax(output)
      let weighted = multiply(probabilities, tangent)
      let last = shape.count - 1
      let mean = repeated(sum(weighted, axis: last), axis: last, count: shape[last])
      curved = subtract(weighted, multiply(probabilities, mean))
    case .logistic:
      let probability = activation(Activation(.sigmoid), of: output)
      let other = subtract(constant(1, shape: shape), probability)
      curved = multiply(multiply(probability, other), tangent)
    case .hinge:
      throw ExperimentError.noDerivative("a distribution of targets, and the hinge loss is not −log of one")
    }
    // Cross-entropy is a mean over positions too, where outputs have them.
    let count = loss == .crossEntropy ? shape.dropLast().reduce(1, *) : shape[0]
    let scaled = scale(curved, by: loss.isMean ? 1 / Double(count) : 1)
    return zeroFilled(try pullback([(output, scaled)], to: parameters), like: parameters)
  }

  /// The empirical Fisher matrix times v: Σ_i ∇ℓ_i (∇ℓ_i · v), forward to every sample's loss and back.
  package mutating func empiricalFisherProduct(
    _ loss: Loss, output: Value, targets: Value, parameters: [Value], directions: [Value]
  ) throws -> [Value] {
    let losses = sampleLosses(loss, of: output, targets: targets)
    let tangent = try pushforward(zip(parameters, directions).map { ($0, $1) }, to: [losses])[0]
    guard let tangent else { return zeroFilled(parameters.map { _ in nil }, like: parameters) }
    let scaled = scale(tangent, by: loss.isMean ? 1 / Double(shape(losses)[0]) : 1)
    return zeroFilled(try pullback([(losses, scaled)], to: parameters), like: parameters)
  }

  /// The loss of each sample, (samples): their sum or mean is ``loss(_:of:targets:)``.
  package mutating func sampleLosses(_ loss: Loss, of output: Value, targets: Value) -> Value {
    switch loss {
    case .meanSquaredError(_, let half):
      let difference = subtract(output, targets)
      return scale(sum(multiply(difference, difference), axis: 1), by: half ? 0.5 : 1)
    case .crossEntropy:
      let areNumbers = shape(targets) == shape(output).dropLast()
      let chosen = areNumbers ? self.chosen(output, at: targets) : rowDot(output, targets)
      var losses = subtract(logSumExp(output), chosen)
      // A sample's loss is the mean over its positions.
      while shape(losses).count > 1 { losses = scale(sum(losses, axis: 1), by: 1 / Double(shape(losses)[1])) }
      return losses
    case .logistic:
      return sum(activation(Activation(.softplus, inputScale: -1), of: multiply(targets, output)), axis: 1)
    case .hinge:
      let margin = multiply(targets, output)
      return sum(activation(Activation(.relu, inputScale: -1, inputShift: 1), of: margin), axis: 1)
    }
  }

  /// Zeros where nothing was found.
  package mutating func zeroFilled(_ found: [Value?], like values: [Value]) -> [Value] {
    zip(found, values).map { $0 ?? constant(0, shape: shape($1)) }
  }
}
