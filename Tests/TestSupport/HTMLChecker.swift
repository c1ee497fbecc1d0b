import Foundation

/// The laws that every page obeys, checked on its text.
public struct HTMLChecker {
  /// What is wrong; empty for a good page.
  public private(set) var faults: [String] = []
  public private(set) var ids: [String] = []
  public private(set) var anchorsLinked: Set<String> = []
  public private(set) var addresses: [String] = []

  private static let void: Set<String> = ["meta", "link", "br", "hr", "img", "input", "col"]

  public init(_ html: String) {
    var open: [String] = []
    var rest = Substring(html)
    while let start = rest.firstIndex(of: "<") {
      rest = rest[start...]
      if rest.hasPrefix("<!") || rest.hasPrefix("<?") {
        rest = rest[(rest.firstIndex(of: ">") ?? rest.startIndex)...].dropFirst()
        continue
      }
      guard let end = Self.endOfTag(rest) else {
        faults.append("a tag does not end: \(rest.prefix(40))")
        return
      }
      let tag = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.last == name {
          open.removeLast()
        } else {
          faults.append("</\(name)> closes <\(open.last ?? "nothing")>")
        }
        continue
      }
      let name = String(tag.prefix { $0.isLetter || $0.isNumber })
      if name.isEmpty { faults.append("a bare < in the text: \(tag.prefix(30))") }
      read(attributesOf: tag)
      if tag.hasSuffix("/") || Self.void.contains(name) { continue }
      open.append(name)
      if name == "script" || name == "style", let close = rest.range(of: "</\(name)>") {
        rest = rest[close.lowerBound...]
      }
    }
    if !open.isEmpty { faults.append("never closed: \(open)") }
    let doubled = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys
    if !doubled.isEmpty { faults.append("ids used twice: \(doubled.sorted())") }
    let dangling = anchorsLinked.subtracting(ids)
    if !dangling.isEmpty { faults.append("links without a target: \(dangling.sorted())") }
  }

  /// The `>` that is not inside a quoted attribute.
  private static func endOfTag(_ text: Substring) -> Substring.Index? {
    var isQuoted = false
    for index in text.indices {
      if text[index] == "\"" { isQuoted.toggle() }
      if text[index] == ">", !isQuoted { return index }
    }
    return nil
  }

  private mutating func read(attributesOf tag: Substring) {
    for (name, value) in Self.attributes(tag) {
      switch name {
      case "id": ids.append(value)
      case "href" where value.hasPrefix("#"): anchorsLinked.insert(String(value.dropFirst()))
      case "href", "src": addresses.append(value)
      case "aria-labelledby": anchorsLinked.formUnion(value.split(separator: " ").map(String.init))
      case _ where name.hasPrefix("on"): faults.append("an inline handler: \(name)")
      default: break
      }
    }
  }

  public static func attributes(_ tag: Substring) -> [(String, String)] {
    var result: [(String, String)] = []
    var rest = tag
    while let equals = rest.range(of: "=\"") {
      let name = rest[..<equals.lowerBound].split(separator: " ").last.map(String.init) ?? ""
      let after = rest[equals.upperBound...]
      guard let end = after.firstIndex(of: "\"") else { break }
      result.append((name, String(after[..<end])))
      rest = after[after.index(after: end)...]
    }
    return result
  }
}
