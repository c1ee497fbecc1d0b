import Foundation
import OrreryAnalysis
import OrreryTestSupport
import Testing

/// Counts of n-grams against the formula written out, and against laws.
@Suite struct NGramModelTests {
  /// Witten and Bell's rule, on dictionaries.
  private static func plain(_ text: [Int32], _ context: [Int32], _ symbol: Int32, symbols: Int) -> Double {
    var probability = 1 / Double(symbols)
    for length in 0...context.count {
      let tail = Array(context.suffix(length))
      var followers: [Int32: Int] = [:]
      for start in 0..<max(0, text.count - length) where Array(text[start..<(start + length)]) == tail {
        followers[text[start + length], default: 0] += 1
      }
      let total = followers.values.reduce(0, +)
      guard total > 0 else { continue }
      let kinds = Double(followers.count)
      probability = (Double(followers[symbol] ?? 0) + kinds * probability) / (Double(total) + kinds)
    }
    return probability
  }

  @Test(arguments: [2, 5, 27]) func ruleWrittenOut(symbols: Int) {
    var random = SplitMix(seed: 4)
    // Skewed, so that contexts repeat.
    func draw(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32(Double(symbols) * pow(random.uniform(), 3)) } }
    let (training, text) = (draw(300), draw(40))
    let model = NGramModel(order: 4, symbols: symbols, training: training)
    let found = model.crossEntropies(of: text, after: training)
    let whole = training + text
    for order in 1...4 {
      var sum = 0.0
      for place in training.count..<whole.count {
        let context = Array(whole[(place - order + 1)..<place])
        sum -= Foundation.log(Self.plain(training, context, whole[place], symbols: symbols))
      }
      #expect(abs(found[order - 1] - sum / Double(text.count)) < 1e-12)
    }
  }

  /// A text that repeats itself has nothing new once its context is known.
  @Test func aPeriodicTextIsForeseen() {
    let text = (0..<4000).map { Int32($0 % 4 == 3 ? 0 : $0 % 4) }
    let model = NGramModel(order: 4, symbols: 3, training: text)
    let found = model.crossEntropies(of: Array(text.prefix(400)), after: text)
    // One symbol is half of the text: log 2/2 + log 4/2 nats alone, next to nothing with two symbols of context.
    #expect(abs(found[0] - 1.5 * Foundation.log(2)) < 2e-3)
    #expect(found[2] < 5e-3 && found[3] < 5e-3)
  }

  @Test func ordersThatFit() {
    #expect(NGramModel.longestOrder(symbols: 2) == 64)
    #expect(NGramModel.longestOrder(symbols: 73) == 9)
    #expect(NGramModel.longestOrder(symbols: 128) == 9)
    #expect(NGramModel.longestOrder(symbols: 129) == 8)
    #expect(NGramModel(order: 1, symbols: 2, training: []).crossEntropies(of: [0, 1])[0] == Foundation.log(2))
  }
}
