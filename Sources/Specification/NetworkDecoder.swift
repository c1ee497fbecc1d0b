import Foundation
import OrreryNetworks

extension SpecificationNode {
  func network() throws -> Network {
    let keys = try keys(["mlp", "layers", "init", "parametrization"])
    var network: Network
    switch (keys["mlp"], keys["layers"]) {
    case (let mlp?, nil): network = Network(try mlp.multilayerPerceptron())
    case (nil, let layers?): network = Network(Architecture(try layers.layers()))
    case (_?, let layers?):
      throw layers.error("network has both mlp and layers; keep the one that is meant.")
    case (nil, nil):
      throw error(
        "network needs a key mlp, such as mlp: { depth: 5, width: 128, activation: gelu, outputs: 1 }, or a list of layers."
      )
    }
    if let node = keys["init"] {
      network.initialization = try node.initialization(layerCount: network.architecture.perceptron?.layerCount)
    }
    if let node = keys["parametrization"] { network.parametrization = try node.choice(Parametrization.self) }
    return network
  }

  private func multilayerPerceptron() throws -> MultilayerPerceptron {
    let keys = try keys(["depth", "width", "activation", "outputs"])
    guard let widthNode = keys["width"] else {
      throw error("network.mlp needs a width: one number, or a list with one number for each hidden layer.")
    }
    guard let activationNode = keys["activation"] else {
      throw error("network.mlp needs an activation, such as relu, gelu or tanh.")
    }
    let widths: [Int]
    if case .sequence(let nodes) = widthNode.value {
      widths = try nodes.map { try $0.integer(atLeast: 1, atMost: EnsembleDescription.largestWidth) }
      guard !widths.isEmpty else {
        throw widthNode.error("network.mlp.width is an empty list; give one number a layer.")
      }
      guard widths.count <= MultilayerPerceptron.largestDepth else {
        throw widthNode.error(
          "network.mlp.width lists \(widths.count) layers; list at most \(MultilayerPerceptron.largestDepth).")
      }
      if let depthNode = keys["depth"], try depthNode.integer(atLeast: 1) != widths.count {
        throw depthNode.error(
          "network.mlp.depth is \(depthNode.text ?? "?") and width lists \(widths.count) \(widths.count == 1 ? "layer" : "layers"); leave out depth, or make them equal."
        )
      }
    } else {
      guard let depthNode = keys["depth"] else {
        throw error("network.mlp needs a depth, the number of hidden layers, unless width is a list.")
      }
      widths = Array(
        repeating: try widthNode.integer(atLeast: 1, atMost: EnsembleDescription.largestWidth),
        count: try depthNode.integer(atLeast: 1, atMost: MultilayerPerceptron.largestDepth))
    }
    let outputs = try keys["outputs"]?.integer(atLeast: 1, atMost: EnsembleDescription.largestWidth) ?? 1
    return MultilayerPerceptron(widths: widths, activation: try activationNode.activation(), outputs: outputs)
  }

  /// - Parameter layerCount: L, where it is known yet.
  func initialization(layerCount: Int?) throws -> Initialization {
    switch value {
    case .scalar:
      let word = try word(
        of: ["critical"] + NamedInitialization.allCases.map(\.rawValue),
        // What the pages and PyTorch itself call it.
        spellings: ["nn.Linear": NamedInitialization.pytorchLinear.rawValue])
      return NamedInitialization(rawValue: word).map { .named($0) } ?? .critical
    case .mapping: return .uniform(try layerInitialization())
    case .sequence(let nodes):
      if let layerCount, nodes.count != layerCount {
        throw error(
          "\(name) lists \(nodes.count) layers, and the network has L = depth + 1 = \(layerCount) dense layers; give one entry for each."
        )
      }
      return .perLayer(try nodes.map { try $0.layerInitialization() })
    case .null:
      throw error(
        "\(name) is empty; write critical, a name such as he, or { weight-variance: 2, bias-variance: 0 }.")
    }
  }

  private func layerInitialization() throws -> LayerInitialization {
    let keys = try keys(["weight-variance", "bias-variance", "weights", "biases"])
    func variance(_ key: String, default fallback: Double?) throws -> Double {
      guard let node = keys[key] else {
        guard let fallback else { throw error("\(name) needs a \(key), C_W = fan-in times the variance of a weight.") }
        return fallback
      }
      let value = try node.double()
      guard value >= 0 else { throw node.error("\(node.name) is a variance and cannot be negative; it is \(value).") }
      return value
    }
    return LayerInitialization(
      weightVariance: try variance("weight-variance", default: nil),
      biasVariance: try variance("bias-variance", default: 0),
      weightDistribution: try keys["weights"]?.choice(WeightDistribution.self) ?? .gaussian,
      biasDistribution: try keys["biases"]?.choice(WeightDistribution.self) ?? .gaussian)
  }
}
