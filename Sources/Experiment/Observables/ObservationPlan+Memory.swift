import OrreryTensors

/// What observables take beside the training: arenas of their programs, and what estimators write down.
extension ObservationPlan {
  private var bytes: Int { MemoryLayout<Scalar>.stride }
  private var count: Int { parameters.layout.count }

  private func has(_ observable: any ObservableDefinition.Type) -> Bool { keeps(observable.key) }

  /// Bytes that one thread needs.
  var memory: Int {
    let passes =
      (trainPrograms?.size(gradient: false) ?? 0) + (testPrograms?.size(gradient: false) ?? 0)
      + (gradientPrograms?.size(gradient: true) ?? 0) + (noisePrograms?.size(gradient: true) ?? 0)
      + (layerJacobians?.program.size ?? 0)
    // The sum of the batches' gradients.
    let noise = noisePrograms == nil ? 0 : count
    return bytes * (passes + noise) + curvatureMemory + tangentMemory + layerMemory + differentialMemory
  }

  /// A Lanczos basis and T with its eigenvectors, beside the arenas.
  private var curvatureMemory: Int {
    guard let hessian else { return 0 }
    var steps = 0
    if has(SharpnessObservable.self) || has(PreconditionedSharpnessObservable.self) {
      steps = SharpnessObservable.mostProducts
    }
    if has(HessianEigenvaluesObservable.self) {
      steps = max(steps, HessianEigenvaluesObservable.mostProducts(setting.settings.eigenvalues))
    }
    if has(HessianDensityObservable.self) { steps = max(steps, setting.settings.densitySteps) }
    steps = min(steps, count)
    // The next vector, one to apply to and its product.
    var total = bytes * (hessian.size + (steps + 3) * count) + 8 * 5 * steps * steps
    if has(PreconditionedSharpnessObservable.self) {
      total += 8 * count + updatePlan.memory(bytesPerElement: bytes)
    }
    return total
  }

  private var tangentMemory: Int {
    guard let tangentKernel else { return 0 }
    let n = setting.kernelSamples
    var total = bytes * tangentKernel.size + tangentKernel.workspace(samples: n)
    // In double precision: now, at the beginning and at the step before, as matrices and as they are kept.
    total += 8 * n * n * 5
    if has(TangentKernelLayersObservable.self) { total += (bytes + 8) * n * n * parameters.layout.tensors.count }
    if services.contains(.tangentDerivative) { total += bytes * count + 8 * n * n }
    if has(FullTangentKernelObservable.self) {
      let rows = n * setting.outputs
      total += bytes * rows * count + (2 * bytes + 16) * rows * rows
    }
    return total
  }

  private var layerMemory: Int {
    guard let layers else { return 0 }
    let n = setting.kernelSamples
    var matrices = 0
    if has(PreactivationKernelObservable.self) { matrices += layers.layers }
    if has(FeatureKernelObservable.self) || has(EffectiveRankObservable.self) || has(FeatureSimilarityObservable.self) {
      matrices += layers.layers
    }
    // Those at the beginning, as matrices and as they are kept, in an array that grew to at most twice its size; two that are centred.
    if has(FeatureSimilarityObservable.self) { matrices += 3 * layers.layers + 2 }
    if has(EffectiveRankObservable.self) { matrices += 2 }
    // One kernel's panels at a time.
    let panels = layers.program.kept.map { RowProducts<Scalar>.panelCount(columns: n, inner: $0.count / max(1, n)) }
    return bytes * (layers.program.size + n * n + (panels.max() ?? 0)) + 8 * n * n * matrices
  }

  private var differentialMemory: Int {
    guard let differentials else { return 0 }
    let samples = setting.differentialSamples
    // Gradients and their tangents of every slot, and six tensors, as they are and as they are recorded.
    let slots = samples * setting.outputs
    return bytes * (differentials.size + slots * (1 + 2 * samples) * count)
      + 2 * 6 * 8 * samples * samples * samples * samples
  }
}
