import OrreryNetworks
import OrreryTensors

/// |g| of the step's batch: the training loop records it, which has it anyway.
enum GradientNormObservable: ObservableDefinition {
  static let key = "gradient-norm"
  static let needsLoss = true
  static let title = "gradient norm"
  static let meaning =
    "The Euclidean norm of the step's gradient (of its batch), before clipping, with respect to the optimizer's own parameters; "
    + "not at the end, where no step is taken."
  static let method = "From the step itself; exact but for rounding."

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title, .number(isLogarithmic: true))]
  }

  static func check(_ setting: ObservableSetting) throws {
    guard setting.optimizer.length == 0 else { return }
    throw ObservableError(key, "no step is taken, whose gradient it would be", remedy: "ask for gradient-norms")
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] { [] }
}

/// |w|.
enum WeightNormObservable: ObservableDefinition {
  static let key = "weight-norm"
  static let title = "weight norm"
  static let meaning = "The Euclidean norm of all parameters, as the network multiplies with them."
  static let method = "Summed in double precision."

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    var sum = 0.0
    for i in 0..<context.layout.count { sum += Double(context.parameters[i]) * Double(context.parameters[i]) }
    return [ObservedValue(key, sum.squareRoot())]
  }
}

/// |w| of each tensor.
enum WeightNormsObservable: ObservableDefinition {
  static let key = "weight-norms"
  static let title = "weight norms"
  static let meaning = "The Euclidean norm of each parameter tensor, as weight-norm.NAME."
  static let method = "Summed in blocks; exact but for rounding."

  static let numericsVersion = 2

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    setting.layout.tensors.map {
      ObservableRecord("weight-norm.\($0.name)", "weight norm of \($0.name)", .number(isLogarithmic: true))
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    context.layout.tensors.map {
      ObservedValue("weight-norm.\($0.name)", ArrayArithmetic.norm(context.parameters + $0.offset, count: $0.count))
    }
  }
}

/// |∂L/∂ω| of each tensor.
enum GradientNormsObservable: ObservableDefinition {
  static let key = "gradient-norms"
  static let title = "gradient norms"
  static let meaning =
    "The Euclidean norm of the whole training loss's gradient, tensor by tensor, as gradient-norm.NAME, with respect to the "
    + "optimizer's own parameters; without dropout."
  static let method = "One pass forward and back over the set; exact but for rounding."
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.gradient]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    setting.layout.tensors.map {
      ObservableRecord("gradient-norm.\($0.name)", "gradient norm of \($0.name)", .number(isLogarithmic: true))
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let gradient = UnsafePointer(context.gradient())
    return context.layout.tensors.map {
      ObservedValue(
        "gradient-norm.\($0.name)", $0.unit * ArrayArithmetic.norm(gradient + $0.offset, count: $0.count))
    }
  }
}
