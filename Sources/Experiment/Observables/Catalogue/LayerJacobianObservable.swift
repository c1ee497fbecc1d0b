import Foundation
import OrreryAnalysis
import OrreryFindings

/// APJN.
enum LayerJacobianObservable: ObservableDefinition {
  static let key = "jacobian-norms"
  static let title = "Jacobian norms"
  static let meaning =
    "(1/n_m) Σ_ij (∂z^(m)_i/∂z^(ℓ)_j)², the mean over samples: jacobian-norm.ℓ to the next layer with weights, which is 1 at criticality for wide networks, and "
    + "output-jacobian-norm.ℓ to the last."
  static let method =
    "Random signs on the later layer, |Jᵀv|²/n_m; standard errors over probes in jacobian-norm-error.ℓ and output-jacobian-norm-error.ℓ."
  static let publications: [Publication] = [.doshi2023critical]
  static let numericsVersion = 2
  static let services: Set<ObservableService> = [.layerJacobians]

  private static let kinds = ["jacobian-norm", "output-jacobian-norm"]

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] {
    kinds.flatMap { kind in
      (1..<max(1, setting.weightLayers)).flatMap { layer in
        [
          ObservableRecord(
            "\(kind).\(layer)", "\(kind.replacingOccurrences(of: "-", with: " ")), layer \(layer)",
            .number(isLogarithmic: true)),
          ObservableRecord("\(kind)-error.\(layer)", "its standard error", .bound(of: "\(kind).\(layer)")),
        ]
      }
    }
  }

  static func check(_ setting: ObservableSetting) throws {
    guard setting.weightLayers >= 2 else {
      throw ObservableError(
        key, "the network has one layer with weights, and no Jacobian between two",
        remedy: "add a layer, or leave it out")
    }
  }

  static func estimate<Scalar: TrainingScalar>(_ context: ObservationContext<Scalar>) -> [ObservedValue] {
    let (steps, outputs) = context.layerJacobianNorms()
    return zip(kinds, [steps, outputs]).flatMap { kind, norms in
      norms.enumerated().flatMap { place, norm in
        [
          ObservedValue("\(kind).\(place + 1)", norm.value),
          ObservedValue("\(kind)-error.\(place + 1)", norm.error),
        ]
      }
    }
  }
}
