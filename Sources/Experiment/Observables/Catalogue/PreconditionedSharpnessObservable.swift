import Foundation
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// λ_max of D^(−½) H D^(−½), D the optimizer's own scale of each parameter.
enum PreconditionedSharpnessObservable: ObservableDefinition {
  static let key = "preconditioned-sharpness"
  static let title = "preconditioned sharpness"
  static let meaning =
    "The largest eigenvalue of D^(−½) H D^(−½) with D = √v̂ + ε, v̂ the bias-corrected second moment before the step (times η over a tensor's "
    + "own rate); for Adam it settles near 2(1 + β₁)/((1 − β₁) η), 38/η for β₁ = 0.9, for RMSProp near 2/η. Not at step 0, where "
    + "there is no second moment yet."
  static let method =
    "Lanczos with full reorthogonalization, at most 60 products, tolerance 10⁻³; preconditioned-sharpness-bound is the measured residual."
  static let publications: [Publication] = [.cohen2022adaptive]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.hessian]
  static let bound = "preconditioned-sharpness-bound"

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    [ObservableRecord(key, title), ObservableRecord(bound, "error bound of it", .bound(of: key))]
  }

  static func check(_ setting: ObservableSetting) throws {
    switch setting.optimizer.method {
    case .adam, .adamW, .rmsProp: break
    default:
      throw ObservableError(
        key, "\(setting.optimizer.method.key) does not scale parameters by their gradients' second moments",
        remedy: "train with adam, adamw or rmsprop, or ask for sharpness")
    }
    guard setting.optimizer.steps > 0 else {
      throw ObservableError(
        key, "there is no second moment before the first step", remedy: "let the optimizer take steps")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    guard context.step > 0, let scale = scale(context) else { return [] }
    let curvature = context.hessian(preconditioner: scale)
    let result = LargestEigenpairs(curvature, seed: context.plan.seed).run(
      1, mostSteps: SharpnessObservable.mostProducts)
    return [ObservedValue(key, result.values[0]), ObservedValue(bound, result.residuals[0])]
  }

  /// D of every parameter.
  private static func scale<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [Double]? {
    guard let second = context.state.arrays.first(where: { $0.name == "second-moment" })?.values else { return nil }
    let plan = context.plan.updatePlan
    let rate = plan.optimizer.learningRate.value ?? 1
    var result = [Double](repeating: 1, count: context.layout.count)
    for stretch in plan.stretches {
      let (decay, isCorrected, epsilon, placement): (Double, Bool, Double, OptimizerMethod.EpsilonPlacement)
      switch stretch.rule {
      case .adam(let adam):
        (decay, isCorrected, epsilon, placement) = (
          adam.beta2, adam.hasBiasCorrection, adam.epsilon, adam.epsilonPlacement
        )
      case .rmsProp(let rmsProp):
        (decay, isCorrected, epsilon, placement) = (
          rmsProp.decay, rmsProp.hasBiasCorrection, rmsProp.epsilon, rmsProp.epsilonPlacement
        )
      default: return nil
      }
      let correction = isCorrected ? 1 - pow(decay, Double(context.step)) : 1
      for i in 0..<stretch.count {
        let moment = Double(second[stretch.second + i]) / correction
        let root = placement == .insideRoot ? (moment + epsilon).squareRoot() : moment.squareRoot() + epsilon
        result[stretch.offset + i] = root * rate / stretch.rate
      }
    }
    return result
  }
}
