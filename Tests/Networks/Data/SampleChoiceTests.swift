import OrreryFormats
import OrreryNetworks
import Testing

/// Which samples are chosen.
@Suite struct SampleChoiceTests {
  private func load(
    classes: [Int]? = nil, train: Int?, test: Int?, choice: SubsetChoice = .balanced, seed: UInt64 = 1
  ) throws -> DataSet<Double> {
    try .load(DataDescription(.named("digits"), classes: classes, train: train, test: test, choice: choice), seed: seed)
  }

  @Test func sameSeedSameChoice() throws {
    let first = try load(train: 40, test: 20)
    let second = try load(train: 40, test: 20)
    #expect(first.train == second.train && first.test == second.test && first.digest == second.digest)
    let other = try load(train: 40, test: 20, seed: 2)
    #expect(first.train.places != other.train.places && first.digest != other.digest)
  }

  /// Learning curves need nested training sets and one test set.
  @Test func trainingSetsAreNestedAndTheTestSetStays() throws {
    let small = try load(train: 40, test: 20)
    let large = try load(train: 400, test: 20)
    #expect(Array(large.train.places.prefix(40)) == small.train.places)
    #expect(large.test.places == small.test.places)
    let moreTests = try load(train: 40, test: 100)
    #expect(Array(moreTests.test.places.prefix(20)) == small.test.places)
    #expect(moreTests.train.places == small.train.places)
  }

  /// The choice within a class does not depend on which other classes are kept.
  @Test func classesAreIndependent() throws {
    let pair = try load(classes: [3, 5], train: 20, test: 0)
    let triple = try load(classes: [5, 8, 3], train: 30, test: 0)
    func ofClass(_ label: Int, _ data: DataSet<Double>) -> [Int] {
      zip(data.train.places, data.train.labels!).filter { $0.1 == label }.map(\.0)
    }
    #expect(ofClass(3, pair) == ofClass(3, triple) && ofClass(5, pair) == ofClass(5, triple))
    #expect(Array(pair.train.labels!.prefix(4)) == [3, 5, 3, 5])
    #expect(Array(triple.train.labels!.prefix(4)) == [5, 8, 3, 5])
  }

  @Test func classesAreBalancedWhileTheyLast() throws {
    let data = try load(train: 104, test: 57)
    let counts = (0...9).map { label in data.train.labels!.count { $0 == label } }
    #expect(counts == [11, 11, 11, 11, 10, 10, 10, 10, 10, 10])
    // All of them: classes that are used up are passed over.
    let all = try load(train: 1700, test: 97)
    #expect(Set(all.train.places + all.test.places).count == 1797)
  }

  @Test func firstComeKeepsTheOrderOfTheFile() throws {
    let data = try load(train: 30, test: 7, choice: .firstCome)
    #expect(data.train.places == Array(0..<30) && data.test.places == Array(1790..<1797))
    let kept = try load(classes: [1, 0], train: 4, test: 2, choice: .firstCome)
    #expect(kept.train.places == kept.train.places.sorted() && kept.test.places == kept.test.places.sorted())
    #expect(kept.train.labels == [0, 1, 0, 1] && kept.classes == [1, 0])
    #expect(try load(train: 30, test: 7, choice: .firstCome, seed: 99).digest == data.digest)
  }

  @Test func leavingOutNumbersTakesAll() throws {
    #expect(try load(train: nil, test: nil).train.count == 1797)
    let data = try load(train: nil, test: 97)
    #expect(data.train.count == 1700 && data.test.count == 97)
  }

  @Test func tooManySamples() throws {
    let error = try #require(throws: DataError.self) { try load(classes: [0, 1], train: 300, test: 200) }
    #expect(
      error.description
        == "digits: train asks for 300 samples, and there are 160 of the classes [0, 1] beside 200 for the test; ask for fewer."
    )
    #expect(error.category == .badData && error.kind == .tooFewSamples)
    #expect(throws: DataError.self) { try load(train: 1, test: 1798) }
    #expect(throws: DataError.self) { try load(train: -1, test: 1) }
    #expect(throws: DataError.self) { try load(train: nil, test: 1797) }
  }

  /// Over many seeds every sample is chosen equally often: χ² over the 178 zeros, 40 of them in each of 200 choices.
  @Test func choiceIsFair() throws {
    var hits = [Int: Int]()
    let draws = 200
    let chosen = 40
    for seed in 0..<draws {
      let data = try load(classes: [0], train: chosen, test: 0, seed: UInt64(seed))
      for place in data.train.places { hits[place, default: 0] += 1 }
    }
    let share = Double(chosen) / 178
    let expected = share * Double(draws)
    let squares = hits.values.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) }
    let missing = Double(178 - hits.count) * expected * expected
    // Sampling without replacement: each count has variance n p (1 − p), and the sum has 177 degrees of freedom.
    let chiSquared = (squares + missing) / (expected * (1 - share)) * 177 / 178
    // Mean 177, standard deviation √(2·177) = 18.8: within five of them.
    #expect(abs(chiSquared - 177) < 5 * 18.8)
  }
}
