import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import Testing

/// Texts as samples of characters and of those that follow.
@Suite struct CharacterTextTests {
  private static func load(
    _ text: String, context: Int? = nil, _ change: (inout DataDescription) -> Void = { _ in }
  ) throws -> DataSet<Double> {
    try withTemporaryFolder { folder in
      try Data(text.utf8).write(to: folder.appending(path: "text.txt"))
      var description = DataDescription(.text("text.txt"), context: context)
      change(&description)
      return try DataSet<Double>.load(description, relativeTo: folder)
    }
  }

  /// Read back from the numbers, the samples are the text, and the targets the text one further.
  @Test func samplesAndTargetsAreTheText() throws {
    var random = SplitMix(seed: 1)
    let letters = Array("abcdé \n")
    let text = (0..<1003).map { _ in letters[Int(7 * random.uniform())] }
    let data = try Self.load(String(text), context: 8)
    let order = String(text).unicodeScalars.reduce(into: Set()) { $0.insert($1) }.sorted()
    #expect(data.classes == Array(0..<7) && data.classNames == ["newline", "space", "a", "b", "c", "d", "é"])
    #expect(data.sampleShape == [8] && data.outputShape == [8, 7] && data.targetKind == .classNumbers)
    let border = 1003 - 100
    #expect(data.train.count == (border - 1) / 8 && data.test.count == 99 / 8)
    for (part, start) in [(data.train, 0), (data.test, border)] {
      let targets = try #require(part.targets)
      for sample in 0..<part.count {
        for place in 0..<8 {
          let position = start + sample * 8 + place
          #expect(Character(order[Int(part.inputs[sample, place])]) == text[position])
          #expect(Character(order[Int(targets[sample, place])]) == text[position + 1])
        }
      }
    }
    // Fewer are the first ones, of either part.
    let few = try Self.load(String(text), context: 8) { ($0.train, $0.test) = (5, 2) }
    #expect(few.train.inputs == data.train.inputs.selectingRows(Array(0..<5)))
    #expect(few.test.inputs == data.test.inputs.selectingRows([0, 1]))
    #expect(few.digest != data.digest)
    #expect(try Self.load(String(text), context: 4).digest != data.digest)
  }

  @Test func whatCannotBeUsedIsSaid() throws {
    let text = String(repeating: "abc ", count: 100)
    func problem(_ text: String, context: Int?, _ change: (inout DataDescription) -> Void = { _ in }) throws -> String {
      try #require(throws: DataError.self) { try Self.load(text, context: context, change) }.description
    }
    #expect(try problem("abc", context: 2).contains("3 characters"))
    #expect(try problem(text, context: 40).contains("context of 40"))
    #expect(try problem("", context: 1).contains("0 characters"))
    #expect(try problem(text, context: 4) { $0.targets = .oneHot }.contains("leave them out"))
    #expect(try problem(text, context: 4) { $0.normalize = .sphere }.contains("leave them out"))
    #expect(try problem(text, context: 4) { $0.train = 1000 }.contains("train asks for 1000"))
    #expect(try problem(text, context: 4) { $0.source = .named("digits") }.contains("no text"))
    try withTemporaryFolder { folder in
      try Data([0x61, 0xff, 0xfe]).write(to: folder.appending(path: "bad.txt"))
      let error = #expect(throws: DataError.self) {
        try DataSet<Double>.load(DataDescription(.text("bad.txt")), relativeTo: folder)
      }
      #expect("\(String(describing: error))".contains("UTF-8"))
    }
  }

  @Test(.enabled(if: DataCatalogue.entry(named: "king-james-bible")?.isInstalled == true))
  func theBible() throws {
    let data = try DataSet<Float>.load(DataDescription(.named("king-james-bible"), context: 128))
    let entry = try #require(DataCatalogue.entry(named: "king-james-bible"))
    #expect(data.train.count == entry.samples && data.test.count == entry.testSamples)
    #expect(data.classes.count == 73)
    let first = data.train.inputs.row(0).prefix(20).map { data.classNames[Int($0)] }
    #expect(
      first.joined(separator: "|")
        == "newline|G|e|n|e|s|i|s|space|1|newline|newline|space|space|1|space|I|n|space|t")
  }
}
