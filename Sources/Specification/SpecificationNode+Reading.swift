import Foundation
import OrreryNetworks

extension SpecificationNode {
  /// What a reader would call the value: "the text 'abc'", "a list".
  var shape: String {
    switch value {
    case .null: "nothing"
    case .scalar(let text): "'\(text)'"
    case .sequence: "a list"
    case .mapping: "a set of keys"
    }
  }

  package var text: String? { if case .scalar(let text) = value { text } else { nil } }

  package var isNull: Bool { if case .null = value { true } else { false } }

  package func double() throws -> Double {
    guard let text, let number = Double(text), number.isFinite else {
      throw error("\(name) must be a finite number, and is \(shape).")
    }
    return number
  }

  /// A number above 0.
  package func positive() throws -> Double {
    let number = try double()
    guard number > 0 else { throw error("\(name) must be above 0, and is \(number).") }
    return number
  }

  /// A whole number, which may be written as 1_000 or 1e3.
  package func integer(atLeast minimum: Int = .min, atMost maximum: Int = .max) throws -> Int {
    guard let digits = text?.replacingOccurrences(of: "_", with: ""),
      let number = Int(digits) ?? Self.wholeNumber(digits, limits: minimum...maximum)
    else {
      throw error("\(name) must be a whole number, and is \(shape).")
    }
    guard number >= minimum else { throw error("\(name) must be at least \(minimum), and is \(digits).") }
    guard number <= maximum else { throw error("\(name) must be at most \(maximum), and is \(digits).") }
    return number
  }

  /// 1e3 and 64.0 are whole numbers too. One that does not fit an integer stands for the integers' own end, which the
  /// limits below it refuse.
  private static func wholeNumber(_ digits: String, limits: ClosedRange<Int>) -> Int? {
    guard digits.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(digits), number.isFinite,
      number == number.rounded()
    else { return nil }
    if let exact = Int(exactly: number) { return exact }
    if number > 0 { return limits.upperBound < .max ? .max : nil }
    return limits.lowerBound > .min ? .min : nil
  }

  package func boolean() throws -> Bool {
    switch text {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw error("\(name) must be true or false, and is \(shape).")
    }
  }

  /// One of several words, or another spelling of one.
  package func word(of words: [String], spellings: [String: String] = [:]) throws -> String {
    guard let text else {
      throw error("\(name) must be one of \(words.joined(separator: ", ")), and is \(shape).")
    }
    if let word = spellings[text] { return word }
    guard words.contains(text) else {
      let meant = Spelling.nearest(to: text, among: words + spellings.keys.sorted())
      let hint = meant.map { "Did you mean \($0)? " } ?? ""
      throw error("\(name) is '\(text)'. \(hint)It must be one of \(words.joined(separator: ", ")).")
    }
    return text
  }

  package func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) throws -> Choice
  where Choice.RawValue == String {
    Choice(rawValue: try word(of: Choice.allCases.map(\.rawValue)))!
  }

  package func list() throws -> [SpecificationNode] {
    guard case .sequence(let nodes) = value else { throw error("\(name) must be a list, and is \(shape).") }
    return nodes
  }

  /// The values of a mapping by key, after a check that every key is known.
  ///
  /// - Parameter allowingNull: Take a key without a value as a mapping without keys.
  package func keys(_ known: [String], allowingNull: Bool = false) throws -> [String: SpecificationNode] {
    if allowingNull, isNull { return [:] }
    guard case .mapping(let entries) = value else {
      let subject = path.isEmpty ? "The description" : name
      throw error("\(subject) must be a set of keys (\(known.joined(separator: ", "))), and is \(shape).")
    }
    var values: [String: SpecificationNode] = [:]
    for entry in entries {
      guard known.contains(entry.key) else {
        let place = path.isEmpty ? "" : " in \(name)"
        let hint =
          Spelling.nearest(to: entry.key, among: known).map { "Did you mean \($0)?" }
          ?? "The keys here are \(known.joined(separator: ", "))."
        throw SpecificationError(
          origin: entry.node.origin, line: entry.line, message: "Unknown key '\(entry.key)'\(place). \(hint)")
      }
      values[entry.key] = entry.node
    }
    return values
  }

  /// The single entry of a mapping such as `{ adam: { … } }`, or a plain word taken as an entry without keys.
  package func tagged() throws -> (tag: String, node: SpecificationNode?) {
    switch value {
    case .scalar(let text): return (text, nil)
    case .mapping(let entries) where entries.count == 1: return (entries[0].key, entries[0].node)
    default: throw error("\(name) must be one word, or one key with its own keys below it, and is \(shape).")
    }
  }
}
