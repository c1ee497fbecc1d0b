/// A value in a graph.
public struct Value: Hashable, Sendable {
  let index: Int
}

/// A network's computation as primitives applied to values: what is differentiated, then compiled into a ``Program``.
///
/// Equal primitives on equal values are one node, so that what two derivatives share is computed once.
public struct Graph: Sendable {
  struct Node: Sendable {
    let primitive: any Primitive
    let inputs: [Value]
    let shape: [Int]
  }

  private(set) var nodes: [Node] = []
  private var known: [Key: Value] = [:]

  private struct Key: Hashable, Sendable {
    let primitive: any Primitive
    let inputs: [Value]

    static func == (left: Key, right: Key) -> Bool {
      func equal<P: Primitive>(_ primitive: P) -> Bool { primitive == right.primitive as? P }
      return left.inputs == right.inputs && equal(left.primitive)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(ObjectIdentifier(type(of: primitive)))
      primitive.hash(into: &hasher)
      hasher.combine(inputs)
    }
  }

  public init() {}

  /// The extents of a value.
  public func shape(_ value: Value) -> [Int] { nodes[value.index].shape }

  /// Elements of all the values together.
  func count(_ values: [Value]) -> Int { values.map { shape($0).reduce(1, *) }.reduce(0, +) }

  /// A value from outside: a parameter, data, a direction. Each call makes another one.
  public mutating func input(_ shape: [Int]) -> Value {
    append(Node(primitive: Input(number: nodes.count), inputs: [], shape: shape))
  }

  /// Applies a primitive.
  package mutating func apply(_ primitive: some Primitive, _ inputs: [Value]) -> Value {
    let shape = primitive.shape(inputs.map { self.shape($0) })
    let key = Key(primitive: primitive, inputs: inputs)
    if let value = known[key] { return value }
    let value = append(Node(primitive: primitive, inputs: inputs, shape: shape))
    known[key] = value
    return value
  }

  private mutating func append(_ node: Node) -> Value {
    nodes.append(node)
    return Value(index: nodes.count - 1)
  }

  /// Computes a value of the same shape by another primitive.
  mutating func replace(_ value: Value, by primitive: some Primitive, _ inputs: [Value]) {
    let node = Node(primitive: primitive, inputs: inputs, shape: primitive.shape(inputs.map { shape($0) }))
    precondition(node.shape == shape(value), "\(primitive) gives \(node.shape), not \(shape(value)).")
    nodes[value.index] = node
  }

  func isInput(_ value: Value) -> Bool { nodes[value.index].primitive is Input }
}

/// A value from outside the graph; its memory is filled before the program runs.
struct Input: Primitive {
  /// Makes every input a node of its own.
  let number: Int

  func shape(_ inputs: [[Int]]) -> [Int] { preconditionFailure("Inputs carry their shape.") }
  func pullback(_ graph: inout Graph, inputs: [Value], output: Value, cotangent: Value, wanted: [Bool]) -> [Value?] {
    []
  }
  func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Float>) -> Kernel { {} }
  func kernel(_ place: Placement, _ base: UnsafeMutablePointer<Double>) -> Kernel { {} }
}
