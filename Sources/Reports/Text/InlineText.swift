/// One line of text with light markup, rendered to HTML, to SVG and to the terminal.
///
/// ```swift
/// let label: InlineText = "susceptibility χ_⊥ of K^(ℓ)"
/// let line: InlineText = "Read from \(path), see [kernel recursion](#kernel-recursion)."   // path stays verbatim
/// ```
///
/// The markup: `*emphasis*`, `**strong**`, `` `code` ``, `[text](#anchor)`, and indices: `C_b`, `K_{αβ}`, `10^-3`,
/// `K^(ℓ)`. An underscore opens a subscript only behind a single letter or before a brace (`log_{10}`), so that `learning_rate` stays a word.
/// A backslash takes the next character as it is. Interpolated strings are verbatim; literals are markup.
public struct InlineText: Hashable, Sendable {
  /// The text with its markup.
  public let markup: String

  /// Text whose markup is read.
  public init(markup: String) {
    self.markup = markup
  }

  /// Text that came from outside (a path, a name): nothing in it is read as markup.
  public init(verbatim text: String) {
    markup = InlineText.escaped(text)
  }

  public var isEmpty: Bool { markup.isEmpty }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\*`[_^".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }

  public static func + (left: InlineText, right: InlineText) -> InlineText {
    InlineText(markup: left.markup + right.markup)
  }
}

extension InlineText: Codable {
  public init(from decoder: any Decoder) throws {
    markup = try decoder.singleValueContainer().decode(String.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(markup)
  }
}

extension InlineText: ExpressibleByStringInterpolation {
  /// Collects literals as markup and interpolated values verbatim.
  public struct StringInterpolation: StringInterpolationProtocol {
    var markup = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      markup.reserveCapacity(literalCapacity)
    }

    public mutating func appendLiteral(_ literal: String) {
      markup += literal
    }

    public mutating func appendInterpolation(_ text: String) {
      markup += InlineText.escaped(text)
    }

    public mutating func appendInterpolation(_ text: InlineText) {
      markup += text.markup
    }

    /// A count; from five digits on, groups of three are set apart by narrow spaces.
    public mutating func appendInterpolation(_ integer: Int) {
      markup += NumberText.grouped(integer)
    }

    /// A number with the given count of significant digits.
    public mutating func appendInterpolation(_ value: Double, digits: Int = 3) {
      markup += InlineText.escaped(NumberText.text(value, digits: digits, style: .typographic))
    }

    /// A number with its standard error.
    public mutating func appendInterpolation(_ value: Double, error: Double) {
      markup += InlineText.escaped(NumberText.text(value, error: error, style: .typographic))
    }
  }

  public init(stringLiteral value: String) {
    markup = value
  }

  public init(stringInterpolation: StringInterpolation) {
    markup = stringInterpolation.markup
  }
}
