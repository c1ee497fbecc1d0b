import OrreryNetworks
import OrreryTensors
import OrreryTheory

/// Which pieces of theory speak of a study's network, and why others do not.
public struct Coverage: Hashable, Codable, Sendable {
  /// One piece of theory.
  public struct Piece: Hashable, Codable, Sendable {
    /// What it says, such as "correlations, criticality and trainability".
    public var name: String
    /// Why it does not, as a clause that names the layer or the setting; nil where it does.
    public var exclusion: String?

    init(_ name: String, _ exclusion: String?) {
      self.name = name
      self.exclusion = exclusion
    }
  }

  public var pieces: [Piece]

  /// - Parameter training: why training at infinite width is not covered, as a sentence; nil where it is.
  init(_ network: ResolvedNetwork, training: String?) {
    let perceptron = Recognition<PerceptronView> { () throws(Unrecognized) in try PerceptronView(network) }
    let residual = Recognition<ResidualView> { () throws(Unrecognized) in try ResidualView(network) }
    let neither = perceptron.reason.flatMap { first in
      residual.reason.map { "as a perceptron, \(first); as a residual one, \($0)" }
    }
    let vertices =
      if perceptron.view == nil, let view = residual.view {
        ResidualFlow(view, meanSquaredInput: 1).vertexExclusion
      } else {
        perceptron.view?.firstDependentLayer.map { "the weights of layer \($0) are orthogonal" } ?? neither
      }
    let jump = Self.jump(network.architecture.layers)
    let tangents =
      perceptron.view?.firstDependentLayer != nil ? vertices : perceptron.reason ?? jump
    pieces = [
      Piece("the kernel of every layer, on one input", neither),
      Piece("the NTK of every layer, on one input", neither ?? jump),
      Piece("the four-point vertex at order 1/n", vertices),
      Piece("correlations of inputs, criticality and trainability", perceptron.reason),
      Piece("the NTK's statistics at order 1/n", tangents),
      Piece("kernels of any inputs (orrery kernel)", Self.kernels(network)),
      Piece(
        "the law of training", training.map { String($0.prefix(1)).lowercased() + $0.dropFirst().dropLast() }),
    ]
  }

  /// Why `orrery kernel` does not speak of a network.
  private static func kernels(_ network: ResolvedNetwork) -> String? {
    guard network.perceptron == nil else { return nil }
    let input = Matrix<Double>(rows: 1, columns: network.inputs, elements: Array(repeating: 1, count: network.inputs))
    do {
      _ = try NetworkKernels(network, input, tangents: false)
      return nil
    } catch {
      let text = "\(error)"
      let problem = text.firstIndex(of: ";").map { text[..<$0] } ?? text.dropLast()
      return problem.prefix(1).lowercased() + problem.dropFirst()
    }
  }

  /// Why gradients are not defined, where an activation jumps.
  private static func jump(_ layers: [Layer]) -> String? {
    for (index, layer) in layers.enumerated() {
      let inner = (layer.description as? Residual)?.branch ?? [layer]
      if let own = inner.lazy.compactMap({ ($0.description as? Nonlinearity)?.activation }).first(
        where: \.isDiscontinuous)
      {
        return "\(own.text), the activation of layer \(index + 1), jumps, and gradients see nothing of it"
      }
    }
    return nil
  }

  /// Names of the pieces that speak.
  public var covered: [String] { pieces.filter { $0.exclusion == nil }.map(\.name) }

  /// A sentence for each piece that does not.
  public var notSaid: [String] {
    pieces.compactMap { piece in
      piece.exclusion.map { "\(piece.name.prefix(1).uppercased())\(piece.name.dropFirst()): \($0)." }
    }
  }

  /// Why nothing at all is known of the network; nil where something is.
  var refusal: StudyError? {
    guard let reason = pieces[0].exclusion else { return nil }
    return StudyError(
      .unusable,
      "Theory covers multilayer, residual and normalized perceptrons so far, and has nothing to say of this network: \(reason); train "
        + "and measure it, or describe one of these.")
  }

  /// - Throws: ``refusal``.
  func requireAnything() throws {
    if let refusal { throw refusal }
  }
}

/// A view, or why there is none.
private struct Recognition<View> {
  var view: View?
  var reason: String?

  init(_ recognize: () throws(Unrecognized) -> View) {
    do {
      view = try recognize()
    } catch {
      reason = error.description
    }
  }
}

extension LoadedStudy {
  /// Which pieces of theory speak of it.
  public var coverage: Coverage { Coverage(resolved.network, training: DynamicsCoverage.exclusion(self)) }
}
