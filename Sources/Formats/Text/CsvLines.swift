/// The lines of a text that hold something, with their numbers.
struct CsvLines {
  struct Line {
    /// Counted from 1, as editors do.
    var number: Int
    /// Without the line's end and without space around it, but for tabs, which may separate empty fields.
    var bytes: UnsafeBufferPointer<UInt8>
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var position: Int
  private var number = 0

  init(_ text: UnsafeBufferPointer<UInt8>) {
    self.text = text
    position = text.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// The next line that is neither empty nor a comment.
  mutating func next() -> Line? {
    while position < text.count {
      let start = position
      while position < text.count, text[position] != 0x0a, text[position] != 0x0d { position &+= 1 }
      let line = Self.trim(text, start..<position, tabsToo: false)
      if position < text.count {
        // A carriage return and a line feed are one line's end.
        let pair = text[position] == 0x0d && position + 1 < text.count && text[position + 1] == 0x0a
        position += pair ? 2 : 1
      }
      number += 1
      if line.isEmpty || text[line.lowerBound] == UInt8(ascii: "#") || Self.trim(text, line, tabsToo: true).isEmpty {
        continue
      }
      return Line(number: number, bytes: UnsafeBufferPointer(rebasing: text[line]))
    }
    return nil
  }

  /// The range without spaces (and tabs) at its ends.
  static func trim(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, tabsToo: Bool) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, text[lower] == 0x20 || (tabsToo && text[lower] == 0x09) { lower &+= 1 }
    while upper > lower, text[upper &- 1] == 0x20 || (tabsToo && text[upper &- 1] == 0x09) { upper &-= 1 }
    return lower..<upper
  }
}
