import OrreryNetworks
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
      if let view = residual.view {
        ResidualFlow(view, meanSquaredInput: 1).vertexExclusion
      } else {
        perceptron.view?.firstDependentLayer.map { "the weights of layer \($0) are orthogonal" } ?? neither
      }
    pieces = [
      Piece("kernel and NTK of every layer, on one input", neither),
      Piece("the four-point vertex at order 1/n", vertices),
      Piece("correlations of inputs, criticality and trainability", perceptron.reason),
      Piece(
        "the NTK's statistics at order 1/n", perceptron.view?.firstDependentLayer != nil ? vertices : perceptron.reason),
      Piece(
        "the law of training", training.map { String($0.prefix(1)).lowercased() + $0.dropFirst().dropLast() }),
    ]
  }

  /// Names of the pieces that speak.
  public var covered: [String] { pieces.filter { $0.exclusion == nil }.map(\.name) }

  /// A sentence for each piece that does not.
  public var notSaid: [String] {
    pieces.compactMap { piece in
      piece.exclusion.map { "\(piece.name.prefix(1).uppercased())\(piece.name.dropFirst()): \($0)." }
    }
  }

  /// Refuses a network of which nothing is known.
  ///
  /// - Throws: `StudyError` with the reason.
  func requireAnything() throws {
    guard covered.isEmpty || covered == ["the law of training"], let reason = pieces[0].exclusion else { return }
    throw StudyError(
      .unusable,
      "Theory covers multilayer perceptrons and residual ones so far, and has nothing to say of this network: \(reason); train and "
        + "measure it, or describe one of these.")
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
