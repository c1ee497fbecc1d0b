import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An XML document as a tree, so that tests can ask for structure instead of comparing text.
final class MarkupTree: NSObject, XMLParserDelegate {
  final class Element {
    let name: String
    let attributes: [String: String]
    private(set) var children: [Element] = []
    /// Text and elements inside, in document order.
    private var pieces: [() -> String] = []

    init(_ name: String, _ attributes: [String: String]) {
      self.name = name
      self.attributes = attributes
    }

    func append(_ child: Element) {
      children.append(child)
      pieces.append { child.allText }
    }

    func append(_ text: String) {
      pieces.append { text }
    }

    /// All elements below, in document order.
    var descendants: [Element] { children.flatMap { [$0] + $0.descendants } }

    /// The text of the element and all below.
    var allText: String { pieces.map { $0() }.joined() }

    func number(_ attribute: String) -> Double { Double(attributes[attribute] ?? "") ?? .nan }

    func has(_ cssClass: String) -> Bool {
      (attributes["class"] ?? "").split(separator: " ").contains { $0 == cssClass }
    }
  }

  private(set) var root: Element?
  private(set) var failure: (any Error)?
  private var stack: [Element] = []

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    if !parser.parse() { failure = parser.parserError }
  }

  /// The elements of a class.
  func all(_ cssClass: String) -> [Element] { (root?.descendants ?? []).filter { $0.has(cssClass) } }

  /// The elements of a name.
  func named(_ name: String) -> [Element] { (root?.descendants ?? []).filter { $0.name == name } }

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
    attributes attributeDict: [String: String] = [:]
  ) {
    let element = Element(elementName, attributeDict)
    stack.last?.append(element)
    if root == nil { root = element }
    stack.append(element)
  }

  func parser(
    _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
  ) {
    stack.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    stack.last?.append(string)
  }
}

/// The coordinates in an SVG path's data, commands left out.
func pathNumbers(_ d: String) -> [Double] {
  d.split { !"0123456789.-e".contains($0) }.compactMap { Double($0) }
}
