import OrreryTensors

/// What ``ObservedNetwork`` reads, in double precision whatever the network runs in.
protocol ObservationSource: AnyObject {
  var observableSetting: ObservableSetting { get }
  var member: Int { get }
  var step: Int { get }
  func parameterValues() -> [Double]
  func initialValues() -> [Double]
  func trainMatrix(_ part: TrainingPart) -> Matrix<Double>
  func trainPass() -> Classification
  func testPass() -> Classification?
  func gradientValues() -> [Double]
  func hessianProduct(_ direction: [Double]) -> [Double]
  func tangentKernel() -> Matrix<Double>
  func layerValues() -> (features: [Matrix<Double>], preactivations: [Matrix<Double>])
}

enum TrainingPart { case inputs, targets }

extension ObservationContext: ObservationSource {
  var observableSetting: ObservableSetting { plan.setting }

  func parameterValues() -> [Double] { (0..<layout.count).map { Double(parameters[$0]) } }

  func initialValues() -> [Double] {
    let storage = AlignedStorage<Scalar>(uninitializedCount: plan.storedCount)
    plan.begin(storage.elements.baseAddress!, member: member)
    return storage.elements.prefix(layout.count).map { Double($0) }
  }

  func trainMatrix(_ part: TrainingPart) -> Matrix<Double> {
    let (elements, columns) =
      switch part {
      case .inputs: (plan.train.inputs.elements, plan.train.features)
      case .targets: (plan.train.targets.elements, plan.train.outputs)
      }
    let count = plan.train.samples * columns
    return Matrix(rows: plan.train.samples, columns: columns, elements: elements.prefix(count).map { Double($0) })
  }

  func trainPass() -> Classification { trainEvaluation() }
  func testPass() -> Classification? { testEvaluation() }

  func gradientValues() -> [Double] {
    let gradient = gradient()
    return (0..<layout.count).map { Double(gradient[$0]) }
  }

  func hessianProduct(_ direction: [Double]) -> [Double] {
    let curvature = hessian()
    let (x, y) = (
      AlignedStorage<Scalar>(uninitializedCount: layout.count), AlignedStorage<Scalar>(uninitializedCount: layout.count)
    )
    for i in 0..<layout.count { x.elements[i] = Scalar(direction[i]) }
    curvature.apply(UnsafePointer(x.elements.baseAddress!), into: y.elements.baseAddress!)
    return (0..<layout.count).map { Double(y.elements[$0]) }
  }

  func layerValues() -> (features: [Matrix<Double>], preactivations: [Matrix<Double>]) { layerStateValues() }
}
