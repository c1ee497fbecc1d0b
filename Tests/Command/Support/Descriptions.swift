import Foundation

/// Descriptions that tests write, and change a line of.
enum Descriptions {
  /// Small enough for a confrontation in a fraction of a second.
  static let tiny = """
    orrery: 1
    seed: 7
    precision: float32
    network:
      mlp: { depth: 2, width: 12, activation: tanh, outputs: 1 }
      init: critical
      parametrization: ntk
    data: { synthetic: { distribution: sphere, samples: 6, features: 5 } }
    optimizer: { adam: { batch: 8 }, loss: mse }
    ensemble: { networks: 40, chain: 2000, inputs: 2, widths: [6, 12] }

    """

  /// The tiny description with one text in place of another.
  static func tiny(_ text: String, _ replacement: String) -> String {
    precondition(tiny.contains(text), "The description has no \(text).")
    return tiny.replacingOccurrences(of: text, with: replacement)
  }
}
