/// Which parameters of a network enter through one product with a row for each sample, z = x Wᵀ + b: their part of the tangent
/// kernel is a product of two Gram matrices, and no Jacobian is written down.
///
/// With δ_io = ∂z_o(x_i)/∂z^(ℓ)(x_i) and a_i what enters layer ℓ, ∂z_o/∂W = δ_io a_iᵀ and ∂z_o/∂b = δ_io, so
///
///     Θ_W[(i,o),(j,p)] = (a_i·a_j)(δ_io·δ_jp),   Θ_b[(i,o),(j,p)] = δ_io·δ_jp
///
/// (R. Novak, J. Sohl-Dickstein, S. Schoenholz, arXiv:2206.08720, structured derivatives). Samples must not know of each other.
struct TangentStructure {
  struct Product {
    /// a, (samples, fan-in).
    let input: Value
    /// z^(ℓ), (samples, units).
    let output: Value
    let fanIn: Int
    let units: Int
    /// Numbers of tensors; nil where there is none or where it is used elsewhere too.
    let weight: Int?
    let bias: Int?
  }

  let products: [Product]
  /// Tensors that do not enter like this.
  let others: [Int]

  init(_ lowered: LoweredNetwork) {
    let graph = lowered.graph
    let samples = graph.shape(lowered.input)[0]
    var uses: [Value: [Int]] = [:]
    let needed = graph.needed(for: [lowered.output])
    for value in needed {
      for input in Set(graph.nodes[value.index].inputs) { uses[input, default: []].append(value.index) }
    }
    var products: [Product] = []
    var found: Set<Int> = []
    func number(_ value: Value, usedBy node: Int) -> Int? {
      guard uses[value] == [node] else { return nil }
      return lowered.parameters.firstIndex(of: value)
    }
    for value in needed {
      let node = graph.nodes[value.index]
      let isAffine = node.primitive is Affine
      let isProduct = (node.primitive as? MatrixProduct).map { !$0.transposesLeft && $0.transposesRight } ?? false
      guard isAffine || isProduct else { continue }
      let (x, w) = (node.inputs[0], node.inputs[1])
      guard graph.shape(x).count == 2, graph.shape(x)[0] == samples, graph.shape(w).count == 2 else { continue }
      let weight = number(w, usedBy: value.index)
      let bias = isAffine ? number(node.inputs[2], usedBy: value.index) : nil
      guard weight != nil || bias != nil else { continue }
      found.formUnion([weight, bias].compactMap { $0 })
      products.append(
        Product(
          input: x, output: value, fanIn: graph.shape(w)[1], units: graph.shape(w)[0], weight: weight, bias: bias))
    }
    self.products = products
    others = lowered.parameters.indices.filter { !found.contains($0) }
  }
}
