import OrreryNetworks

extension Graph {
  /// The loss of a batch, a number.
  ///
  /// - MSE: Σ or mean over samples of Σ_i (z_i − y_i)², with ½ if `half`.
  /// - Logistic: the mean over samples of Σ_i log(1 + e^(−y_i z_i)); hinge: of Σ_i max(0, 1 − y_i z_i).
  /// - Cross-entropy: the mean over samples, and over positions where outputs have them, of log Σ_j e^(z_j) − Σ_j y_j z_j,
  ///   targets y a distribution over classes (one-hot), or the number c of the class: log Σ_j e^(z_j) − z_c.
  ///
  /// - Parameters:
  ///   - output: z, (samples, …, outputs).
  ///   - targets: y, of the same shape; numbers of classes (samples, …), for cross-entropy alone.
  package mutating func loss(_ loss: Loss, of output: Value, targets: Value) -> Value {
    let samples = shape(output)[0]
    switch loss {
    case .meanSquaredError(let reduction, let half):
      let difference = subtract(output, targets)
      let sum = total(multiply(difference, difference))
      return scale(sum, by: (half ? 0.5 : 1) / (reduction == .mean ? Double(samples) : 1))
    case .crossEntropy:
      let areNumbers = shape(targets) == shape(output).dropLast()
      let chosen = areNumbers ? self.chosen(output, at: targets) : rowDot(output, targets)
      let count = shape(output).dropLast().reduce(1, *)
      return scale(total(subtract(logSumExp(output), chosen)), by: 1 / Double(count))
    case .logistic:
      let margin = multiply(targets, output)
      return scale(total(activation(Activation(.softplus, inputScale: -1), of: margin)), by: 1 / Double(samples))
    case .hinge:
      let margin = multiply(targets, output)
      let excess = activation(Activation(.relu, inputScale: -1, inputShift: 1), of: margin)
      return scale(total(excess), by: 1 / Double(samples))
    }
  }
}
