import Foundation
import OrreryNetworks
import OrreryTensors
import OrreryTestSupport
import OrreryTheory
import Testing

/// Every tensor at order 1/n against the independent reference, whose conventions are those of `FiniteWidthLayer`.
@Suite("Tensors at order 1/n against the reference")
struct FiniteWidthReferenceTests {
  static let functions: [String: ActivationFunction] = ["tanh": .tanh, "relu": .relu, "gelu": .gelu]

  /// The numbers in nested lists, outermost index first.
  private func flat(_ value: JSONValue) throws -> [Double] { try value.flattened }

  /// The largest difference in a tensor, relative to its largest element; elements below 1e-3 of 1 count as of that size.
  private func error(_ tensor: [Double], _ value: JSONValue) throws -> Double {
    let expected = try flat(value)
    let size = max(expected.map(abs).max() ?? 0, 1e-3)
    return zip(tensor, expected).map { abs($0 - $1) }.max()! / size
  }

  private func check(_ layer: FiniteWidthLayer, _ row: JSONValue, differentials: Bool) throws {
    let tangent = try #require(layer.tangentKernel)
    var tensors: [(String, [Double])] = [
      ("K", layer.kernel.tensor.elements), ("V", layer.fourPointVertex.denseElements),
      ("G1", layer.kernelCorrection.tensor.elements), ("Theta", tangent.mean.tensor.elements),
      ("H1", tangent.correction.tensor.elements), ("A", tangent.a.denseElements), ("B", tangent.b.elements),
      ("D", tangent.d.denseElements), ("F", tangent.f.elements),
    ]
    if differentials {
      let d = try #require(layer.differentials)
      tensors += [
        ("P", d.p.elements), ("Q", d.q.elements), ("R", d.r.elements), ("S", d.s.elements), ("T", d.t.elements),
        ("U", d.u.elements),
      ]
    }
    for (name, values) in tensors {
      let difference = try error(values, row[name])
      #expect(difference < 1e-9, "\(name) of layer \(layer.layer)")
    }
  }

  @Test("Two inputs: K, Θ, V, G1, H1, A, B, D, F and P … U to 1e-9", arguments: [0, 1, 2])
  func twoInputs(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["two_input"][index]
    let rows = try block["layers"].elements
    let function = try #require(Self.functions[try block["act"].string])
    let network = ChainNetworks.network(
      function, widths: Array(repeating: 10, count: rows.count - 1), weight: try block["C_W"].double,
      bias: try block["C_b"].double)
    let inputs = Matrix(try block["x"].rows)
    let rates = LayerLearningRates(bias: try block["lambda_b"].double, weight: try block["lambda_W"].double)
    let flow = try FiniteWidthFlow(
      network, inputs: inputs, learningRates: Array(repeating: rates, count: rows.count))
    #expect(flow.layers.count == rows.count)
    for (layer, row) in zip(flow.layers, rows) {
      try check(layer, row, differentials: function != .relu)
    }
  }

  @Test("One input: every tensor to 1e-9", arguments: [0, 1, 2, 3])
  func oneInput(_ index: Int) throws {
    let block = try Fixtures.json("effective_theory")["single_input"][index]
    let rows = try block["layers"].elements
    let function = try #require(Self.functions[try block["act"].string])
    let (weight, bias) = (try block["C_W"].double, try block["C_b"].double)
    let network = ChainNetworks.network(
      function, widths: Array(repeating: 10, count: rows.count - 1), inputs: 1, weight: weight, bias: bias)
    let input = ((try block["K1"].double - bias) / weight).squareRoot()
    let rates = LayerLearningRates(bias: try block["lambda_b"].double, weight: try block["lambda_W"].double)
    let flow = try FiniteWidthFlow(
      network, inputs: Matrix(rows: 1, columns: 1, elements: [input]),
      learningRates: Array(repeating: rates, count: rows.count))
    for (layer, row) in zip(flow.layers, rows) { try check(layer, row, differentials: true) }
  }
}
