import Foundation
import OrreryTensors

/// A model of sequences of symbols by counts of n-grams: what a network for sequences has to beat.
///
/// The probability of a symbol w behind the context h of n − 1 symbols interpolates all orders by the rule of Witten and
/// Bell (I. H. Witten, T. C. Bell, IEEE Trans. Inf. Theory 37, 1085, 1991, method C):
///
/// P_n(w|h) = (c(hw) + T(h) P_{n−1}(w|h′)) / (c(h) + T(h)), P_0 = 1/V,
///
/// c being counts in the training text, T(h) the number of different symbols that followed h, h′ the context without its
/// oldest symbol, V the number of symbols. Behind a context that never occurred, P_n = P_{n−1}. There is nothing to tune.
///
/// ```swift
/// let model = NGramModel(order: 6, symbols: 27, training: text)
/// model.crossEntropies(of: heldOut, after: text)      // nats a symbol, for n = 1 … 6
/// ```
public struct NGramModel: Sendable {
  /// n, the longest.
  public let order: Int
  /// V.
  public let symbols: Int
  /// For each k = 1 … n: c of k-grams, and c and T of their contexts.
  private let grams: [CountTable]
  private let contexts: [CountTable]
  private let bits: Int

  /// The longest n whose n-grams of so many symbols can be told apart.
  public static func longestOrder(symbols: Int) -> Int { 64 / bits(symbols) }

  private static func bits(_ symbols: Int) -> Int { max(1, Int.bitWidth - max(0, symbols - 1).leadingZeroBitCount) }

  /// Counts the n-grams of a text.
  ///
  /// - Parameters:
  ///   - order: n, from 1 to ``longestOrder(symbols:)``.
  ///   - symbols: V.
  ///   - training: numbers in 0 ..< V.
  public init(order: Int, symbols: Int, training: [Int32]) {
    precondition(
      order >= 1 && order <= Self.longestOrder(symbols: symbols), "No \(order)-grams of \(symbols) symbols.")
    self.order = order
    self.symbols = symbols
    let bits = Self.bits(symbols)
    self.bits = bits
    let tables = Parallel.map(order) { index -> (CountTable, CountTable) in
      let length = index + 1
      var (grams, contexts) = (CountTable(), CountTable())
      let mask = Self.mask(length, bits)
      var key: UInt64 = 0
      for (place, symbol) in training.enumerated() {
        key = (key << UInt64(bits) | UInt64(symbol)) & mask
        guard place + 1 >= length else { continue }
        contexts.add(key >> UInt64(bits), newKind: grams.add(key))
      }
      return (grams, contexts)
    }
    (grams, contexts) = (tables.map(\.0), tables.map(\.1))
  }

  private static func mask(_ length: Int, _ bits: Int) -> UInt64 {
    length * bits == 64 ? .max : (1 << UInt64(length * bits)) - 1
  }

  /// The mean of −log P over the symbols of a text, in nats a symbol, for n = 1 … ``order``.
  ///
  /// - Parameters:
  ///   - text: what is predicted, symbol after symbol.
  ///   - before: what precedes it; its last n − 1 symbols are the first contexts.
  public func crossEntropies(of text: [Int32], after before: [Int32] = []) -> [Double] {
    guard !text.isEmpty else { return Array(repeating: .nan, count: order) }
    let known = Array(before.suffix(order - 1))
    let whole = known + text
    var sums = [Double](repeating: 0, count: order)
    var history: UInt64 = 0
    for (place, symbol) in whole.enumerated() {
      history = history << UInt64(bits) | UInt64(symbol)
      guard place >= known.count else { continue }
      var probability = 1 / Double(symbols)
      for length in 1...order {
        if place + 1 >= length {
          let key = history & Self.mask(length, bits)
          let context = contexts[length - 1].countAndKinds(key >> UInt64(bits))
          if context.count > 0 {
            let kinds = Double(context.kinds)
            probability =
              (Double(grams[length - 1].count(key)) + kinds * probability) / (Double(context.count) + kinds)
          }
        }
        sums[length - 1] -= Foundation.log(probability)
      }
    }
    return sums.map { $0 / Double(text.count) }
  }
}
