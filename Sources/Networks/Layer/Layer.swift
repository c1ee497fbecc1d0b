/// Any layer, with equality and hashing by value.
public struct Layer: Hashable, Sendable {
  public let description: any LayerDescription

  public init(_ description: some LayerDescription) { self.description = description }

  public static func == (left: Layer, right: Layer) -> Bool {
    func equal<D: LayerDescription>(_ value: D) -> Bool { value == right.description as? D }
    return equal(left.description)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type(of: description)))
    description.hash(into: &hasher)
  }
}
