import OrreryTensors

/// The size of what infinite width leaves out of the mean over networks: order 1/n.
///
/// At width n the tangent kernel of a network is Θ + G. With r = V/(nK²), the relative variance of the output's kernel and of
/// order L/n (Roberts, Yaida, Hanin 2021, chapters 8 and 11), its size is estimated by two parts.
///
/// - *The mean of G, and what training adds to it,* are of relative size r: every mode of Θ changes by r λ.
/// - *Fluctuations* are those of a Wishart matrix whose diagonal has the relative variance r: in Θ's eigenbasis the elements G_ij
///   are independent, of variance ½ r λ_i λ_j (1 + δ_ij). To second order the mean of a function g of the kernel then changes by
///
///       F_i[g] = ½ r ( λ_i² g″(λ_i) + Σ_(j≠i) λ_i λ_j g[λ_i, λ_i, λ_j] )
///
///   in its mode i, and modes do not mix (divided differences: Yu. Daleckii and S. Krein 1965). The sum is the repulsion of
///   eigenvalues: that of slow modes is r times the number of modes above them, and not r. (Two hidden layers of 128 tanh units at
///   criticality, 64 digits, 300 networks: the variances are 0.0040 λ_i λ_j on average beside ½ r = 0.0049, and 0.023 λ_i² on
///   the diagonal beside r = 0.0097.)
///
/// With the residual p of a mode and p², that leaves open
///
/// - of mean outputs on training samples, in mode i: (|r λ p′| + |F_i[p]|) of its start, modes added in squares;
/// - on test samples the same of the modes' extension Θ_{*X}v_i/λ_i, and r times the root mean square of what training has
///   changed there, since Θ_{*X} changes too;
/// - of the training loss Σ_i |r λ (p²)′| + |F_i[p²]|, each times the mode's square at the start.
///
/// An estimate, not a bound: the coefficients of 1/n depend on activation and data, and are of order one in these units.
/// **Domain:** η(1 + √r) below the largest stable rate; beyond it some networks diverge, and no expansion says how many.
public struct NextOrder: Sendable {
  /// Of E f_X, (N, outputs), and of E f_*, (M, outputs): not negative.
  public var trainMean: Matrix<Double>
  public var testMean: Matrix<Double>
  /// Of the expected training loss.
  public var trainLoss: Double
}

extension KernelDynamics {
  /// The next order at each number of steps. O(N²) each.
  ///
  /// - Parameter relativeVariance: r ≥ 0; above 1 the expansion is void, and 1 is taken.
  /// - Throws: ``DynamicsError``.
  public func nextOrders(_ rule: DescentRule, steps: [Int], relativeVariance: Double) throws -> [NextOrder] {
    guard relativeVariance >= 0 else {
      throw DynamicsError.badNumber(name: "relative variance", value: relativeVariance)
    }
    // Derivatives in log λ by central differences: 1e-6 of them is truncation, 1e-9 rounding.
    let step = 1e-3
    let own = try responses(rule, steps: steps)
    let above = try responses(rule, steps: steps, eigenvalueFactor: 1 + step)
    let below = try responses(rule, steps: steps, eigenvalueFactor: 1 - step)
    return own.indices.map { index in
      func changes(_ value: (Double) -> Double) -> [Double] {
        let at = own[index].residuals.map(value)
        let (up, down) = (above[index].residuals.map(value), below[index].residuals.map(value))
        let slopes = at.indices.map { (up[$0] - down[$0]) / (2 * step) }
        let bends = at.indices.map { (up[$0] + down[$0] - 2 * at[$0]) / (step * step) }
        let fluctuations = fluctuation(at, slopes: slopes, bends: bends)
        let r = min(1, relativeVariance)
        return at.indices.map { r * (abs(slopes[$0]) + abs(fluctuations[$0])) }
      }
      return nextOrder(
        own[index], residualChange: changes { $0 }, squareChange: changes { $0 * $0 }, r: min(1, relativeVariance))
    }
  }

  /// F_i[g]/r of a function of the eigenvalues, from g, λ g′ and λ² g″ at each.
  package func fluctuation(_ values: [Double], slopes: [Double], bends: [Double]) -> [Double] {
    eigenvalues.indices.map { i in
      let own = eigenvalues[i]
      guard own > 0 else { return 0 }
      var sum = bends[i]
      for (j, other) in eigenvalues.enumerated() where j != i && other > 0 {
        let gap = own - other
        // Where two eigenvalues nearly meet, differences cancel; the limit is off by their relative distance.
        sum +=
          abs(gap) < 1e-3 * own
          ? bends[i] / 2 : other * (slopes[i] - own * (values[i] - values[j]) / gap) / gap
      }
      return sum / 2
    }
  }

  private func nextOrder(
    _ own: ModeResponse, residualChange: [Double], squareChange: [Double], r: Double
  ) -> NextOrder {
    var loss = 0.0
    var train = Matrix<Double>(rows: targets.rows, columns: outputs)
    let moved = testDisplacements(own)
    var test = moved.mapping { r * r * $0 }
    for mode in residualChange.indices {
      let target = modeTargets.row(mode)
      let variance = max(0, modeKernel[mode, mode])
      loss += squareChange[mode] * target.reduce(Double(outputs) * variance) { $0 + $1 * $1 }
      for output in 0..<outputs {
        let size = residualChange[mode] * residualChange[mode] * (target[output] * target[output] + variance)
        for sample in 0..<targets.rows { train[sample, output] += vectors[mode, sample] * vectors[mode, sample] * size }
        guard eigenvalues[mode] > 0 else { continue }
        for sample in 0..<test.rows {
          let part = testModes[sample, mode] / eigenvalues[mode]
          test[sample, output] += part * part * size
        }
      }
    }
    return NextOrder(
      trainMean: train.mapping { $0.squareRoot() }, testMean: test.mapping { $0.squareRoot() },
      trainLoss: scale.loss(sumOfSquares: loss))
  }

  /// The size of the next order of the expected test loss: h Σ |residual| δf, in root mean squares over initializations.
  public func testLossNextOrder(
    _ response: ModeResponse, targets: Matrix<Double>, nextOrder: NextOrder
  ) throws -> Double {
    let scale = try SquaredErrorScale(loss, samples: targets.rows)
    let residual = testMean(response).subtracting(targets)
    let variances = testVariances(response)
    var sum = 0.0
    for sample in 0..<targets.rows {
      for output in 0..<outputs {
        let square = residual[sample, output] * residual[sample, output] + variances[sample]
        sum += 2 * square.squareRoot() * nextOrder.testMean[sample, output]
      }
    }
    return scale.loss(sumOfSquares: sum)
  }
}

extension Matrix where Scalar == Double {
  fileprivate func mapping(_ transform: (Double) -> Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: tensor.elements.map(transform))
  }
}
