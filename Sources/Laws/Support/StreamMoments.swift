import OrreryExperiment
import OrreryTensors

/// Moments of a layer's preactivations over its neurons, on the first sample: what vertices are made of where neurons are not independent.
///
/// Of each layer with weights, in order, averages over neurons, and over pairs of different ones: ⟨z_i⟩, ⟨z_i²⟩, ⟨z_i z_j²⟩, ⟨z_i² z_j²⟩.
/// Pairs take no loop: Σ_(i≠j) z_i z_j² = Σz Σz² − Σz³.
enum StreamMoments: NetworkObservable {
  static let key = "stream-moments"
  static let title = "moments over neurons"
  static let meaning = "Averages of z_i, z_i², z_i z_j² and z_i² z_j² over different neurons of each layer."
  static let method = "Exact for one network; widths of at least two."
  static let needs: Set<ObservedQuantity> = [.layerStates]
  /// Numbers of each layer.
  static let count = 4

  static func records(_ setting: ObservableSetting) -> [ObservableRecord] { [ObservableRecord(key, title, .list)] }

  static func estimate(_ network: ObservedNetwork) throws -> [ObservedValue] {
    let values = try network.preactivations().flatMap { layer -> [Double] in
      var sums = (0.0, 0.0, 0.0, 0.0)
      for z in layer.row(0) {
        let square = z * z
        sums = (sums.0 + z, sums.1 + square, sums.2 + z * square, sums.3 + square * square)
      }
      let n = Double(layer.columns)
      let pairs = n * (n - 1)
      return [
        sums.0 / n, sums.1 / n, (sums.0 * sums.1 - sums.2) / pairs, (sums.1 * sums.1 - sums.3) / pairs,
      ]
    }
    return [ObservedValue(key, shape: [values.count], values)]
  }
}
