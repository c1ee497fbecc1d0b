import OrreryAnalysis
import OrreryNetworks
import OrreryTensors

/// What counting does on a text: the held-out loss of n-grams, beside which a network's stands.
public struct TextBaseline: Hashable, Codable, Sendable {
  /// n.
  public var order: Int
  /// Nats a character, over the test samples' targets: see `NGramModel`.
  public var crossEntropy: Double

  /// The orders that are counted.
  static var orders: Int { 6 }

  /// Counts the training samples' text and foresees the test samples'; empty for data that are no text.
  ///
  /// Both texts are the samples, one behind the other, so that networks and counts see the same characters; but counts see
  /// beyond the beginning of a sample.
  static func all(_ data: DataSet<Double>) -> [TextBaseline] {
    guard data.targetKind == .classNumbers, data.test.count > 0 else { return [] }
    let symbols = data.classes.count
    let (training, text) = (text(data.train), text(data.test))
    let model = NGramModel(
      order: min(orders, NGramModel.longestOrder(symbols: symbols)), symbols: symbols, training: training)
    return model.crossEntropies(of: Array(text.dropFirst()), after: Array(text.prefix(1))).enumerated().map {
      TextBaseline(order: $0 + 1, crossEntropy: $1)
    }
  }

  /// Every sample's inputs in order, and the last one's last target.
  private static func text(_ part: DataSet<Double>.Part) -> [Int32] {
    let inputs = part.inputs.withUnsafeBuffer { $0.map { Int32($0) } }
    let last = part.targets.map { Int32($0[$0.rows - 1, $0.columns - 1]) }
    return inputs + (last.map { [$0] } ?? [])
  }
}
