import OrreryAnalysis
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// What estimators see of a network at one step. What several of them need is computed once, when first asked for.
///
/// One for each thread; memory is taken with the first use, and kept.
final class ObservationContext<Scalar: TrainingScalar> {
  let plan: ObservationPlan<Scalar>
  /// With running averages behind them.
  private(set) var parameters: UnsafePointer<Scalar>
  private(set) var member = 0
  private(set) var step = 0
  private var optimizerState: () -> UpdateState<Scalar>
  /// What estimators remember of earlier steps of the same member; kept with a run's progress.
  var memory: [String: [Double]] = [:]
  /// Of gradient flow.
  var flow: FlowProgress?

  private var trainEvaluator: BatchGradient<Scalar>?
  private var testEvaluator: BatchGradient<Scalar>?
  private var gradientEvaluator: BatchGradient<Scalar>?
  private var noise: BatchNoise<Scalar>?
  private var hessianOperator: CurvatureOperator<Scalar>?
  private var tangentEstimator: TangentKernelEstimator<Scalar>?
  private var layerStates: LayerStates<Scalar>?
  private var jacobians: LayerJacobianNorms<Scalar>?
  /// Results of this step, by name.
  private var results: [String: Any] = [:]
  private var hessianIsHere = false
  private var layersAreHere = false

  init(_ plan: ObservationPlan<Scalar>, parameters: UnsafePointer<Scalar>) {
    self.plan = plan
    self.parameters = parameters
    optimizerState = { UpdateState(arrays: []) }
  }

  /// Goes to a step of a member.
  func move(member: Int, step: Int, state: @escaping () -> UpdateState<Scalar>) {
    if member != self.member || step == 0 { memory = [:] }
    (self.member, self.step, optimizerState) = (member, step, state)
    results = [:]
    (hessianIsHere, layersAreHere) = (false, false)
  }

  /// All chosen observables at this point.
  func observations() throws -> [Observation] {
    var list: [Observation] = []
    for observable in plan.observables {
      for value in try estimate(observable) {
        list.append(
          Observation(
            value.name, numericsVersion: observable.numericsVersion, member: member, step: step, shape: value.shape,
            values: value.values))
      }
    }
    return list
  }

  /// By the code that is compiled for the precision, where loops over elements cost a fraction of what generic ones do.
  private func estimate(_ observable: any ObservableDefinition.Type) throws -> [ObservedValue] {
    if let single = self as? ObservationContext<Float> { return try observable.observe(single) }
    if let double = self as? ObservationContext<Double> { return try observable.observe(double) }
    return try observable.estimate(self)
  }

  private func once<Value>(_ name: String, _ body: () throws -> Value) rethrows -> Value {
    if let known = results[name] as? Value { return known }
    let value = try body()
    results[name] = value
    return value
  }

  var state: UpdateState<Scalar> { optimizerState() }
  var settings: ObservableSettings { plan.setting.settings }
  var layout: ParameterLayout { plan.parameters.layout }
  /// The first training samples, of which kernels are.
  var inputs: UnsafePointer<Scalar> { UnsafePointer(plan.train.inputs.elements.baseAddress!) }

  // MARK: Passes over data

  func trainEvaluation() -> Classification {
    once("train") {
      let evaluator = trainEvaluator ?? BatchGradient(plan.trainPrograms!, loss: plan.loss, isGradient: false)
      trainEvaluator = evaluator
      return Classification(
        evaluator, parameters, on: plan.train, classes: plan.setting.classes,
        keepsOutputs: plan.services.contains(.trainOutputs))
    }
  }

  func testEvaluation() -> Classification? {
    guard let test = plan.test, let programs = plan.testPrograms else { return nil }
    let found: Classification = once("test") {
      let evaluator = testEvaluator ?? BatchGradient(programs, loss: plan.loss, isGradient: false)
      testEvaluator = evaluator
      return Classification(
        evaluator, parameters, on: test, classes: plan.setting.classes,
        keepsOutputs: plan.services.contains(.testOutputs))
    }
    return found
  }

  /// The gradient of the whole training loss with respect to the parameters themselves; valid until the next one.
  func gradient() -> UnsafeMutablePointer<Scalar> {
    once("gradient") {
      let evaluator = gradientEvaluator ?? BatchGradient(plan.gradientPrograms!, loss: plan.loss, isGradient: true)
      gradientEvaluator = evaluator
      return evaluator.run(parameters, on: plan.train).gradient
    }
  }

  func gradientNoise() -> GradientNoise {
    let estimator = noise ?? BatchNoise(plan.noisePrograms!, loss: plan.loss, layout: layout)
    noise = estimator
    // The same batches at every step: changes are the network's.
    let order = RandomStream(seed: plan.seed, purpose: .probe, step: 4).permutation(count: plan.train.samples)
    return estimator.run(parameters, on: plan.train, order: order)
  }

  // MARK: Curvature

  /// The Hessian of the training loss at this point, in the optimizer's units.
  func hessian(preconditioner: [Double]? = nil) -> CurvatureOperator<Scalar> {
    let curvature = hessianOperator ?? CurvatureOperator(plan.hessian!)
    hessianOperator = curvature
    if !hessianIsHere || preconditioner != nil {
      curvature.move(to: parameters, on: plan.train, preconditioner: preconditioner)
    }
    hessianIsHere = preconditioner == nil
    return curvature
  }

  // MARK: Kernels

  /// The traced tangent kernel of the first training samples.
  func tangentKernel() -> Matrix<Double> { once("tangent") { tangentKernel(at: parameters) } }

  /// The parts of its tensors.
  func tangentKernels() -> [Matrix<Double>] {
    tangent().tracedTensors(parameters, tangentSamples).map(Self.doubled)
  }

  func fullTangentKernel() throws -> Tensor<Double> {
    let kernel = try tangent().full(parameters, tangentSamples)
    return Tensor(shape: kernel.shape, elements: kernel.elements.map { Double($0) })
  }

  /// dΘ/dt under gradient flow, the direction −∂L/∂ω.
  func tangentKernelVelocity() -> Matrix<Double> {
    let gradient = gradient()
    var direction = [Scalar](repeating: 0, count: layout.count)
    for tensor in layout.tensors {
      let factor = Scalar(-tensor.unit * tensor.unit)
      for i in tensor.range { direction[i] = factor * gradient[i] }
    }
    return Self.doubled(
      direction.withUnsafeBufferPointer {
        tangent().tracedDerivative(parameters, along: $0.baseAddress!, tangentSamples)
      })
  }

  /// A kernel at this member's initialization: kept since then, or computed from its draws again.
  func initial(_ name: String, _ kernel: (UnsafePointer<Scalar>) -> [Matrix<Double>]) -> [Matrix<Double>] {
    let size = plan.setting.kernelSamples
    func matrices(_ values: [Double]) -> [Matrix<Double>] {
      stride(from: 0, to: values.count, by: size * size).map {
        Matrix(rows: size, columns: size, elements: Array(values[$0..<($0 + size * size)]))
      }
    }
    if let known = memory[name] { return matrices(known) }
    let found: [Matrix<Double>]
    if step == 0 {
      found = kernel(parameters)
    } else {
      let drawn = AlignedStorage<Scalar>(uninitializedCount: plan.storedCount)
      plan.begin(drawn.elements.baseAddress!, member: member)
      found = kernel(UnsafePointer(drawn.elements.baseAddress!))
    }
    memory[name] = found.flatMap(\.tensor.elements)
    return found
  }

  func tangentKernel(at parameters: UnsafePointer<Scalar>) -> Matrix<Double> {
    Self.doubled(tangent().traced(parameters, tangentSamples))
  }

  private var tangentSamples: TangentKernelEstimator<Scalar>.Samples {
    .init(inputs, count: plan.setting.kernelSamples)
  }

  private func tangent() -> TangentKernelEstimator<Scalar> {
    let estimator = tangentEstimator ?? TangentKernelEstimator(plan.tangentKernel!)
    tangentEstimator = estimator
    return estimator
  }

  private static func doubled(_ matrix: Matrix<Scalar>) -> Matrix<Double> {
    Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.tensor.elements.map { Double($0) })
  }

  // MARK: Layers

  func featureKernels() -> [Matrix<Double>] { once("features") { featureKernels(at: parameters) } }

  func featureKernels(at parameters: UnsafePointer<Scalar>) -> [Matrix<Double>] {
    states(at: parameters).featureKernels()
  }

  func preactivationKernels() -> [Matrix<Double>] { states(at: parameters).preactivationKernels() }

  /// What enters and what leaves each layer with weights.
  func layerStateValues() -> (features: [Matrix<Double>], preactivations: [Matrix<Double>]) {
    let states = states(at: parameters)
    return (states.features(), states.preactivations())
  }

  private func states(at parameters: UnsafePointer<Scalar>) -> LayerStates<Scalar> {
    let states = layerStates ?? LayerStates(plan.layers!)
    layerStates = states
    let isHere = parameters == self.parameters
    if !isHere || !layersAreHere { states.run(parameters, inputs: inputs) }
    layersAreHere = isHere
    return states
  }

  func layerJacobianNorms() -> (steps: [Estimate], outputs: [Estimate]) {
    let norms = jacobians ?? LayerJacobianNorms(plan.layerJacobians!)
    jacobians = norms
    return norms.run(parameters, inputs: inputs, probes: settings.probes, seed: plan.seed)
  }

  // MARK: Differentials

  func tangentContractions() -> TangentContractions {
    let differentials = TangentDifferentials(plan.differentials!, parameters: parameters, inputs: inputs)
    let outputs = differentials.outputs()
    return TangentContractions(differentials, outputs: outputs)
  }
}
