import OrreryAnalysis
import OrreryNetworks
import OrreryTensors

/// Training at infinite width under squared error: outputs are a Gaussian process at every step, with the mean and the
/// covariance over initializations in closed form.
///
/// ```swift
/// let kernels = try DynamicsKernels(network, train: images, test: others)
/// let dynamics = try KernelDynamics(kernels, targets: labels, loss: loss)
/// let rule = try DescentRule(.gradientDescent(), rate: 0.1)
/// let late = try dynamics.responses(rule, steps: [1000])[0]
/// dynamics.testMean(late)                        // (M, outputs)
/// dynamics.testVariances(late)                   // (M), the same for every output
/// ```
///
/// Outputs move by f(k+1) = f(k) − η h Θ (f_X(k) − y), Θ fixed, from f(0) ~ N(0, K). With P = (1 − ηhΘ)^k, or e^(−hΘt), and
/// Q = (1 − P)Θ⁻¹, on training samples X and test samples *:
///
///     E f_X = (1 − P) y                  Cov f_X = P K P
///     E f_* = Θ_{*X} Q y                 Cov f_* = K_** + Θ_{*X}QKQΘ_{X*} − Θ_{*X}QK_{X*} − (…)ᵀ
///
/// J. Lee et al. 2019, arXiv:1902.06720, equations 10, 11 and 16; Roberts, Yaida, Hanin 2021, chapter 10. Different outputs are
/// independent and alike. **Domain:** infinite width, the whole training set in every step, no weight decay.
///
/// Everything is worked out in the eigenbasis of Θ: O((N + M) N²) once; then expected losses cost O(N²) a step and variances
/// of all outputs O((N + M) N²). Modes whose eigenvalue is 0 up to the error of the kernels stay as they are.
public struct KernelDynamics: Sendable {
  public let kernels: DynamicsKernels
  /// y, (N, outputs).
  public let targets: Matrix<Double>
  public let loss: Loss
  public let scale: SquaredErrorScale
  /// λ_a of Θ, ascending; those that vanish up to rounding are 0.
  public let eigenvalues: [Double]
  /// Row a is v_a: (N, N).
  let vectors: Matrix<Double>
  /// v_aᵀy: (N, outputs).
  let modeTargets: Matrix<Double>
  /// v_aᵀKv_b: (N, N).
  let modeKernel: Matrix<Double>
  /// Θ_{*X}v_a: (M, N).
  let testModes: Matrix<Double>
  /// v_aᵀK_{X*}: (N, M).
  let crossModeKernel: Matrix<Double>

  public var outputs: Int { targets.columns }

  /// - Parameters:
  ///   - targets: y, (N, outputs).
  ///   - kernelError: of the elements of Θ, relative to its largest diagonal element, 1e-12 for kernels in Double: eigenvalues up
  ///     to N times as large cannot be told from 0, such as those of samples that coincide.
  /// - Throws: ``DynamicsError``; `LinearAlgebraError` for kernels that are not finite.
  public init(
    _ kernels: DynamicsKernels, targets: Matrix<Double>, loss: Loss, kernelError: Double = 1e-12
  ) throws {
    guard targets.rows == kernels.trainSamples, targets.columns > 0 else {
      throw DynamicsError.shapeMismatch(
        what: "The targets", expected: [kernels.trainSamples, max(1, targets.columns)],
        found: [targets.rows, targets.columns])
    }
    scale = try SquaredErrorScale(loss, samples: targets.rows)
    let decomposition = try kernels.trainTangentKernel.symmetricEigendecomposition()
    let largest = decomposition.values.last ?? 0
    let diagonal = (0..<targets.rows).map { abs(kernels.trainTangentKernel[$0, $0]) }.max() ?? 0
    let rounding = Double(targets.rows) * max(8 * Double.unitRoundoff * abs(largest), kernelError * diagonal)
    if let smallest = decomposition.values.first, smallest < -rounding {
      throw DynamicsError.notPositiveSemidefinite(eigenvalue: smallest, largest: largest)
    }
    eigenvalues = decomposition.values.map { $0 > rounding ? $0 : 0 }
    vectors = decomposition.vectors
    modeTargets = vectors.product(targets)
    modeKernel = vectors.product(kernels.trainKernel).product(vectors, transposingRight: true)
    testModes = kernels.crossTangentKernel.product(vectors, transposingRight: true)
    crossModeKernel = vectors.product(kernels.crossKernel, transposingRight: true)
    self.kernels = kernels
    self.targets = targets
    self.loss = loss
  }

  /// The largest eigenvalue of the loss's Hessian at infinite width, h λ_max(Θ): gradient descent is stable below η = 2/(h λ_max).
  public var sharpness: Double { scale.curvature * (eigenvalues.last ?? 0) }

  /// Where a rule is after each number of steps; for gradient flow a step is the time η.
  ///
  /// - Parameter steps: none negative.
  /// - Throws: ``DynamicsError/diverges(rate:largestStable:step:)`` where outputs leave the numbers' range.
  public func responses(_ rule: DescentRule, steps: [Int]) throws -> [ModeResponse] {
    try responses(rule, steps: steps, eigenvalueFactor: 1)
  }

  /// As if Θ were larger by a factor, on test samples too: q = (1 − p)/λ with the λ of Θ itself, so that it is used alike.
  func responses(_ rule: DescentRule, steps: [Int], eigenvalueFactor: Double) throws -> [ModeResponse] {
    if let step = steps.first(where: { $0 < 0 }) { throw DynamicsError.badNumber(name: "step", value: Double(step)) }
    let factor = scale.curvature * eigenvalueFactor
    let parts = rule.residuals(eigenvalues.map { factor * $0 }, after: steps)
    return try zip(steps, parts).map { step, part in
      // Squares of outputs must be numbers, too.
      guard part.residuals.allSatisfy({ abs($0) < 1e100 }) else {
        throw DynamicsError.diverges(
          rate: rule.rate, largestStable: rule.largestStableRate(curvature: sharpness), step: step)
      }
      return ModeResponse(residuals: part.residuals, transfers: part.transfers.map { $0 * factor })
    }
  }

  /// Gradient flow at the time t.
  public func gradientFlow(time: Double) throws -> ModeResponse {
    guard time >= 0, !time.isNaN else { throw DynamicsError.badNumber(name: "time", value: time) }
    guard time < .infinity else { return limit }
    let rule = try DescentRule(.gradientFlow)
    let part = rule.flow(eigenvalues.map { scale.curvature * $0 }, time: time)
    return ModeResponse(residuals: part.residuals, transfers: part.transfers.map { $0 * scale.curvature })
  }

  /// The end of training, t → ∞, of every stable rule: p = 0 and q = 1/λ, kernel regression with Θ; modes of eigenvalue 0 stay.
  public var limit: ModeResponse {
    ModeResponse(
      residuals: eigenvalues.map { $0 > 0 ? 0 : 1 }, transfers: eigenvalues.map { $0 > 0 ? 1 / $0 : 0 })
  }

  /// E f_X = (1 − P)y: (N, outputs).
  public func trainMean(_ response: ModeResponse) -> Matrix<Double> {
    vectors.product(modeTargets.scalingRows(by: learned(response)), transposingLeft: true)
  }

  /// E f_* = Θ_{*X}Qy: (M, outputs).
  public func testMean(_ response: ModeResponse) -> Matrix<Double> {
    testModes.product(modeTargets.scalingRows(by: response.transfers))
  }

  /// The outputs of one network that starts at the given ones and has this tangent kernel: its linearization when the kernels
  /// are its own, the infinite-width law of its initial function when they are those of infinite width.
  ///
  /// - Parameters:
  ///   - train: f_X(0), (N, outputs).
  ///   - test: f_*(0), (M, outputs).
  public func trajectory(
    from train: Matrix<Double>, test: Matrix<Double>, _ response: ModeResponse
  ) -> (train: Matrix<Double>, test: Matrix<Double>) {
    precondition(train.rows == targets.rows && train.columns == outputs, "One initial output for each target.")
    let residual = modeTargets.subtracting(vectors.product(train))
    let movedTrain = vectors.product(residual.scalingRows(by: learned(response)), transposingLeft: true)
    let movedTest = testModes.product(residual.scalingRows(by: response.transfers))
    return (train.adding(movedTrain), test.adding(movedTest))
  }

  /// 1 − p_a, without cancellation: λ_a q_a.
  func learned(_ response: ModeResponse) -> [Double] { zip(eigenvalues, response.transfers).map(*) }
}

extension Matrix where Scalar == Double {
  func scalingRows(by factors: [Double]) -> Matrix {
    precondition(factors.count == rows, "One factor for each row.")
    var result = self
    let width = columns
    result.withUnsafeMutableBuffer { buffer in
      for (row, factor) in factors.enumerated() {
        for place in (row * width)..<((row + 1) * width) { buffer[place] *= factor }
      }
    }
    return result
  }

  func scalingColumns(by factors: [Double]) -> Matrix {
    precondition(factors.count == columns, "One factor for each column.")
    var result = self
    let (height, width) = (rows, columns)
    result.withUnsafeMutableBuffer { buffer in
      for row in 0..<height { for column in 0..<width { buffer[row * width + column] *= factors[column] } }
    }
    return result
  }

  func adding(_ other: Matrix) -> Matrix { combining(other, 1) }
  func subtracting(_ other: Matrix) -> Matrix { combining(other, -1) }

  private func combining(_ other: Matrix, _ factor: Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "Sums are of matrices of one shape.")
    var result = self
    result.withUnsafeMutableBuffer { target in
      other.withUnsafeBuffer { source in for i in target.indices { target[i] += factor * source[i] } }
    }
    return result
  }

  /// Σ_j a_ij b_ij of each row.
  func rowProducts(_ other: Matrix) -> [Double] {
    precondition(rows == other.rows && columns == other.columns, "Row products are of matrices of one shape.")
    let width = columns
    return withUnsafeBuffer { a in
      other.withUnsafeBuffer { b in
        (0..<rows).map { row in
          (row * width..<(row + 1) * width).reduce(0.0) { $0 + a[$1] * b[$1] }
        }
      }
    }
  }
}
