import OrreryTensors

/// A graph compiled to run: the steps that its outputs need, in order, each at fixed places of one array.
///
/// The arena holds inputs first, in the order given and without gaps, then outputs likewise, then everything else, whose
/// places are used again as soon as they are free. So a network's parameters are one array, and its gradient another.
///
/// Steps that need no input of a later stage belong to an earlier one, and run once for many runs of the later: a Hessian at
/// one point is applied to many directions without another forward pass.
package struct Program: Sendable {
  /// Inputs in order, with the stage in which each is given.
  package struct Inlet: Sendable {
    package var value: Value
    package var stage: Int

    package init(_ value: Value, stage: Int = 0) {
      self.value = value
      self.stage = stage
    }
  }

  struct Step: Sendable {
    let primitive: any Primitive
    let placement: Placement
    let stage: Int
  }

  /// Where each input lies, from the arena's start, in numbers.
  package let inputs: [Range<Int>]
  /// Where each output lies.
  package let outputs: [Range<Int>]
  /// Where values that were asked to be kept lie: they stay until the end of a run.
  package let kept: [Range<Int>]
  /// The arena's size in numbers.
  package let size: Int
  package let stages: Int
  let steps: [Step]

  /// - Parameters:
  ///   - inlets: every input that the outputs need; others may be among them.
  ///   - outputs: what is computed, placed one behind the other.
  ///   - keeping: values that can be read after a run, wherever they lie.
  ///   - isParallel: whether large steps use all threads. Off where many programs run beside each other.
  package init(
    _ source: Graph, inlets: [Inlet], outputs wanted: [Value], keeping observed: [Value] = [],
    isParallel: Bool = false
  ) {
    var graph = source
    // An output that is an input, an alias or another output too gets a copy of its own.
    var taken: Set<Value> = []
    let results = wanted.map { value -> Value in
      let mustCopy = graph.isInput(value) || graph.nodes[value.index].primitive.isAlias || taken.contains(value)
      let result = mustCopy ? graph.copy(value) : value
      taken.insert(result)
      return result
    }
    let running = Self.needed(graph.nodes, results + observed)
    graph.packOperands(of: Self.stages(graph.nodes, running, inlets), where: running)
    let nodes = graph.nodes
    let needed = running + Array(repeating: true, count: nodes.count - running.count)
    let stage = Self.stages(nodes, needed, inlets)
    stages = (stage.max() ?? 0) + 1

    // Aliases share the memory of what they rename.
    var root = Array(nodes.indices)
    for index in nodes.indices where nodes[index].primitive.isAlias { root[index] = root[nodes[index].inputs[0].index] }
    func count(_ index: Int) -> Int { nodes[index].shape.reduce(1, *) }

    var offset = [Int?](repeating: nil, count: nodes.count)
    var end = 0
    func place(_ index: Int) -> Range<Int> {
      let range = end..<(end + count(index))
      offset[index] = end
      end = range.upperBound
      return range
    }
    inputs = inlets.map { place($0.value.index) }
    end = ArenaLayout.aligned(end)
    outputs = results.map { place($0.index) }

    let order = nodes.indices.filter { needed[$0] && !(nodes[$0].primitive is Input) }
      .sorted { (stage[$0], $0) < (stage[$1], $1) }
    var position = [Int](repeating: -1, count: nodes.count)
    for (time, index) in order.enumerated() { position[index] = time }
    // The last step that reads each piece of memory; what a later stage or the caller reads stays.
    var lastUse = [Int](repeating: -1, count: nodes.count)
    for index in order {
      for input in nodes[index].inputs {
        let memory = root[input.index]
        lastUse[memory] = max(lastUse[memory], stage[index] > stage[memory] ? .max : position[index])
      }
    }
    for value in observed { lastUse[root[value.index]] = .max }
    for index in nodes.indices where nodes[index].primitive is Constant { lastUse[index] = .max }

    // Single precision has the wider tiles: enough for both.
    let tileColumns = RegisterProduct.tileColumns(Float.self)
    var layout = ArenaLayout(start: end)
    // Constants are filled once: nothing else may ever lie where they do.
    for index in order where nodes[index].primitive is Constant && offset[index] == nil {
      offset[index] = layout.take(count(index))
    }
    var steps: [Step] = []
    for (time, index) in order.enumerated() {
      let node = nodes[index]
      guard !node.primitive.isAlias else { continue }
      let inputs = node.inputs.map { Placement.Slot(offset: offset[root[$0.index]]!, shape: nodes[$0.index].shape) }
      let scratchCount = node.primitive.scratch(inputs.map(\.shape), alignedTo: tileColumns)
      let scratch = scratchCount > 0 ? layout.take(scratchCount) : 0
      let dying = Set(
        node.inputs.map { root[$0.index] }.filter { lastUse[$0] == time && !(nodes[$0].primitive is Input) })
      var reused: Int?
      if offset[index] == nil {
        reused = node.primitive.reusableInputs.map { root[node.inputs[$0].index] }
          .first { dying.contains($0) && !taken.contains(Value(index: $0)) && count($0) == count(index) }
        offset[index] = reused.map { offset[$0]! } ?? layout.take(count(index))
      }
      if scratchCount > 0 { layout.give(scratch, scratchCount) }
      for memory in dying where memory != reused && !taken.contains(Value(index: memory)) {
        layout.give(offset[memory]!, count(memory))
      }
      if lastUse[index] < 0, !taken.contains(Value(index: index)) { layout.give(offset[index]!, count(index)) }
      steps.append(
        Step(
          primitive: node.primitive,
          placement: Placement(
            inputs: inputs, output: .init(offset: offset[index]!, shape: node.shape), scratch: scratch,
            isParallel: isParallel), stage: stage[index]))
    }
    self.steps = steps
    kept = observed.map { value in
      let start = offset[root[value.index]]!
      return start..<(start + count(value.index))
    }
    size = layout.end
  }

  /// The nodes that the results depend on.
  fileprivate static func needed(_ nodes: [Graph.Node], _ results: [Value]) -> [Bool] {
    var needed = [Bool](repeating: false, count: nodes.count)
    for value in results { needed[value.index] = true }
    for index in nodes.indices.reversed() where needed[index] {
      for input in nodes[index].inputs { needed[input.index] = true }
    }
    return needed
  }

  private static func stages(_ nodes: [Graph.Node], _ needed: [Bool], _ inlets: [Inlet]) -> [Int] {
    var stage = [Int](repeating: 0, count: nodes.count)
    let given = Dictionary(uniqueKeysWithValues: inlets.map { ($0.value.index, $0.stage) })
    for index in nodes.indices {
      if nodes[index].primitive is Input {
        precondition(!needed[index] || given[index] != nil, "An input that the outputs need is not among the inlets.")
        stage[index] = given[index] ?? 0
      } else {
        stage[index] = nodes[index].inputs.map { stage[$0.index] }.max() ?? 0
      }
    }
    return stage
  }
}

extension Graph {
  /// Every value that is computed on the way to some, inputs left out.
  package func needed(for values: [Value]) -> [Value] {
    let needed = Program.needed(nodes, values)
    return nodes.indices.filter { needed[$0] && !(nodes[$0].primitive is Input) }.map { Value(index: $0) }
  }

  fileprivate mutating func copy(_ value: Value) -> Value { apply(Copy(), [value]) }
}
