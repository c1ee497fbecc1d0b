import Foundation
import OrreryNetworks
import OrreryTensors

/// An update rule at work on one network's parameters, with what it remembers: made once, applied in every step.
///
/// ```swift
/// let update = try ParameterUpdate<Float>(optimizer, layout: layout)
/// for step in 0..<optimizer.steps {
///   // … the gradient at the parameters …
///   if case .diverged(let divergence) = update.apply(step: step, parameters: w, gradient: g) { … }
/// }
/// ```
///
/// A step is a function of its number, the parameters, the gradient and the memory; it allocates nothing. The rules that go
/// element by element give the same bits on every instruction set; the last bits of Muon's matrix products
/// depend on it. One thread at a time may use an instance.
public final class ParameterUpdate<Scalar: TensorScalar> {
  package let plan: UpdatePlan
  /// The plan's, in memory of this instance, as in ``SharedUpdate/Span``.
  private let stretches: [UpdatePlan.Stretch]
  private let shared: SharedUpdate<Scalar>
  private let sumSquares: @Sendable (Int) -> Void
  private let updatePart: @Sendable (Int) -> Void
  /// Whether threads share long vectors.
  private let isParallel: Bool
  private let first: AlignedStorage<Scalar>
  private let second: AlignedStorage<Scalar>
  private let workspace: AlignedStorage<Scalar>
  /// Norms of the tensors' gradients.
  private let norms: AlignedStorage<Double>

  /// - Throws: `NetworkError` for numbers out of range; ``TrainingSetupError`` for a learning rate that is not set,
  ///   multipliers of tensors that do not exist, gradient flow, and an ε that is 0 in this precision.
  public convenience init(_ optimizer: Optimizer, layout: ParameterLayout) throws {
    try self.init(UpdatePlan(optimizer, layout: layout))
  }

  /// - Parameter isParallel: whether threads share long vectors.
  /// - Throws: ``TrainingSetupError`` for an ε that is 0 in this precision.
  package init(_ plan: UpdatePlan, isParallel: Bool = false) throws {
    if let epsilon = plan.optimizer.method.epsilon, !(Scalar(epsilon) > 0 && Scalar(epsilon).isFinite) {
      throw TrainingSetupError.notRepresentable(name: "epsilon", value: epsilon, precision: Scalar.precisionName)
    }
    self.plan = plan
    stretches = plan.stretches.map { $0 }
    self.isParallel = isParallel && VectorParts(plan.layout.count).count > 1
    let shared = SharedUpdate<Scalar>(plan.layout)
    sumSquares = { shared.sumSquares(tensor: $0) }
    updatePart = { shared.update(part: $0) }
    self.shared = shared
    first = AlignedStorage(uninitializedCount: plan.firstCount)
    second = AlignedStorage(uninitializedCount: plan.secondCount)
    workspace = AlignedStorage(uninitializedCount: plan.workspaceCount)
    norms = AlignedStorage(uninitializedCount: plan.layout.tensors.count)
    first.elements.update(repeating: 0)
    second.elements.update(repeating: 0)
  }

  /// Bytes that momenta, second moments and scratch memory take.
  public var memory: Int { plan.memory(bytesPerElement: MemoryLayout<Scalar>.stride) }

  /// Bytes that an instance would take, before one is made.
  ///
  /// - Throws: as ``init(_:layout:)``.
  public static func requiredMemory(_ optimizer: Optimizer, layout: ParameterLayout) throws -> Int {
    try UpdatePlan(optimizer, layout: layout).memory(bytesPerElement: MemoryLayout<Scalar>.stride)
  }

  /// Takes step k, or says why not.
  ///
  /// - Parameters:
  ///   - step: k, from 0: decides the schedule's factor and the bias corrections.
  ///   - parameters, gradient: the layout's ``ParameterLayout/count`` elements.
  package func apply(
    step: Int, parameters: UnsafeMutablePointer<Scalar>, gradient: UnsafePointer<Scalar>
  ) -> UpdateOutcome {
    shared.gradient = gradient
    run(shared.spans.count, sumSquares)
    var total = 0.0
    for (index, span) in shared.spans.enumerated() {
      let squares = shared.squares.elements[index]
      guard squares.isFinite else { return diverged(step, index, .notFinite) }
      // Of the gradient with respect to ω.
      norms.elements[index] = span.unit * squares.squareRoot()
      total += span.unit * span.unit * squares
    }
    let norm = total.squareRoot()
    guard norm.isFinite else { return diverged(step, 0, .notFinite) }
    let globalScale = if case .global(let limit) = plan.optimizer.clipping { Self.scale(limit, norm) } else { 1.0 }
    if plan.secondCount > 0, let index = tensorTooLarge(globalScale) { return diverged(step, index, .tooLarge) }
    let factor = plan.optimizer.schedule.factor(at: step, of: plan.optimizer.steps)
    for stretch in stretches {
      var coefficients = UpdateCoefficients()
      coefficients.scale = globalScale
      if case .perTensor(let limit) = plan.optimizer.clipping, let tensor = stretch.tensor {
        coefficients.scale = Self.scale(limit, norms.elements[tensor])
      }
      if case .value(let limit) = plan.optimizer.clipping { coefficients.limit = limit }
      coefficients.rate = factor * stretch.rate
      switch plan.optimizer.weightDecay.kind {
      case .coupled: coefficients.coupled = stretch.decay / stretch.unit
      case .decoupled: coefficients.keep = 1 - coefficients.rate * stretch.decay
      }
      // ∂L/∂ω = unit ∂L/∂w, and a step of ω is unit times as large in w.
      coefficients.scale *= stretch.unit
      coefficients.rate *= stretch.unit
      apply(stretch, &coefficients, step: step, parameters + stretch.offset, gradient + stretch.offset)
    }
    return .updated(gradientNorm: norm)
  }

  /// Takes step k on arrays, or says why not.
  ///
  /// - Precondition: both have the layout's number of elements.
  public func apply(step: Int, parameters: inout [Scalar], gradient: [Scalar]) -> UpdateOutcome {
    precondition(
      parameters.count == plan.layout.count && gradient.count == plan.layout.count && step >= 0,
      "The layout has \(plan.layout.count) elements, the parameters \(parameters.count), the gradient \(gradient.count)."
    )
    return parameters.withUnsafeMutableBufferPointer { w in
      gradient.withUnsafeBufferPointer { g in
        guard let w = w.baseAddress, let g = g.baseAddress else { return .updated(gradientNorm: 0) }
        return apply(step: step, parameters: w, gradient: g)
      }
    }
  }

  /// The factor that brings a norm down to the limit.
  private static func scale(_ limit: Double, _ norm: Double) -> Double { norm > limit ? limit / norm : 1 }

  /// The first tensor whose clipped gradient has an infinite square in this precision.
  private func tensorTooLarge(_ globalScale: Double) -> Int? {
    let greatest = Double(Scalar.greatestFiniteMagnitude).squareRoot()
    for index in 0..<plan.layout.tensors.count {
      let size =
        switch plan.optimizer.clipping {
        case .none, .value: norms.elements[index]
        case .global: norms.elements[index] * globalScale
        case .perTensor(let limit): min(norms.elements[index], limit)
        }
      if size >= greatest { return index }
    }
    return nil
  }

  private func diverged(_ step: Int, _ tensor: Int, _ reason: UpdateOutcome.Divergence.Reason) -> UpdateOutcome {
    .diverged(.init(step: step, tensor: plan.layout.tensors[tensor].name, reason: reason))
  }

  /// Parts of a pass, on all threads or one after another.
  private func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    if isParallel { return ThreadTeam.forEach(count, body) }
    for index in 0..<count { body(index) }
  }

  private func apply(
    _ stretch: UpdatePlan.Stretch, _ coefficients: inout UpdateCoefficients, step: Int,
    _ w: UnsafeMutablePointer<Scalar>, _ g: UnsafePointer<Scalar>
  ) {
    let m = first.elements.baseAddress! + stretch.first
    let v = second.elements.baseAddress! + stretch.second
    switch stretch.rule {
    case .descent: break
    case .momentum(let momentum): coefficients.set(momentum)
    case .adam(let adam): coefficients.set(adam, step: step)
    case .rmsProp(let rmsProp): coefficients.set(rmsProp, step: step)
    case .lion(let lion):
      (coefficients.memory1, coefficients.fresh1) = (lion.beta1, 1 - lion.beta1)
      (coefficients.memory2, coefficients.fresh2) = (lion.beta2, 1 - lion.beta2)
    case .orthogonal(let muon, let rows, let columns):
      coefficients.set(muon.isNesterov ? .nesterov(muon.momentum) : .heavyBall(muon.momentum))
      let direction = workspace.elements.baseAddress!
      let (count, rest) = (stretch.count, direction + stretch.count)
      UpdateKernels<Scalar>.direction(coefficients, w, velocity: m, g, into: direction, count: count)
      Orthogonalization.apply(
        direction, rows: rows, columns: columns, steps: muon.newtonSchulzSteps, workspace: rest)
      var plain = UpdateCoefficients()
      (plain.keep, plain.rate) = (
        coefficients.keep, coefficients.rate * muon.scale.factor(rows: rows, columns: columns)
      )
      return UpdateKernels<Scalar>.descent(plain, w, direction, count: count)
    }
    (shared.parameters, shared.gradient, shared.first, shared.second) = (w, g, m, v)
    (shared.rule, shared.coefficients) = (stretch.rule, coefficients)
    shared.parts = VectorParts(stretch.count, isShared: isParallel)
    run(shared.parts.count, updatePart)
  }
}

extension ParameterUpdate {
  /// The arrays that a rule remembers, by name; empty ones left out.
  package var storedArrays: [(name: String, storage: AlignedStorage<Scalar>)] {
    [("first-moment", first), ("second-moment", second)].filter { !$0.1.elements.isEmpty }
  }
}
