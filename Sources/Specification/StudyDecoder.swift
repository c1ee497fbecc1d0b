import Foundation
import OrreryNetworks

/// One point of a description's sweep: a study, and which settings make it different from the others.
public struct StudyPoint: Sendable {
  public var study: Study
  /// The swept keys with this point's values, in the order of the command line; empty without a sweep.
  public var settings: [Setting]

  public struct Setting: Hashable, Codable, Sendable {
    public var key: String
    public var value: String
  }

  /// "network.mlp.width = 64, seed = 2"; empty without a sweep.
  public var label: String { settings.map { "\($0.key) = \($0.value)" }.joined(separator: ", ") }
}

/// From YAML text to studies.
public enum Specification {
  /// The studies of a description, one for each combination of the overrides' values.
  ///
  /// - Parameters:
  ///   - yaml: The description's text.
  ///   - origin: What errors call it, usually the file's name.
  ///   - overrides: Changes such as `network.mlp.width=64,128`.
  /// - Throws: `SpecificationError`, which names the line and what to do.
  public static func studies(yaml: String, origin: String, overrides: [String] = []) throws -> [StudyPoint] {
    let root = try SpecificationNode(yaml: yaml, origin: origin)
    // Checked before the overrides: a misspelt key in the file is reported with its line.
    _ = try root.study()
    return try root.sweep(overrides.map(Override.init)).map { point in
      StudyPoint(
        study: try point.node.study(),
        settings: point.settings.map { StudyPoint.Setting(key: $0.path, value: $0.value) })
    }
  }
}

extension SpecificationNode {
  package func study() throws -> Study {
    let keys = try keys(["orrery", "seed", "precision", "network", "data", "optimizer", "ensemble"])
    guard let version = keys["orrery"] else {
      throw error("The description does not say its version; begin it with `orrery: \(Study.grammarVersion)`.")
    }
    let number = try version.integer()
    guard number == Study.grammarVersion else {
      throw version.error(
        "This description is of version \(number), and this Orrery reads version \(Study.grammarVersion); write "
          + "`orrery: \(Study.grammarVersion)`\(number > Study.grammarVersion ? ", or use a newer Orrery" : "").")
    }
    var study = Study()
    if let seed = keys["seed"] { study.seed = UInt64(try seed.integer(atLeast: 0)) }
    if let precision = keys["precision"] { study.precision = try precision.choice(Precision.self) }
    if let network = keys["network"], !network.isNull { study.network = try network.network() }
    if let data = keys["data"], !data.isNull { study.data = try data.dataDescription() }
    if let optimizer = keys["optimizer"], !optimizer.isNull { study.optimizer = try optimizer.optimizer() }
    if let ensemble = keys["ensemble"], !ensemble.isNull { study.ensemble = try ensemble.ensemble() }
    return study
  }

  func ensemble() throws -> EnsembleDescription {
    let keys = try keys(["networks", "chain", "inputs", "widths", "trained"])
    var ensemble = EnsembleDescription()
    if let node = keys["widths"] {
      ensemble.widths = try node.list().map { try $0.integer(atLeast: 2, atMost: EnsembleDescription.largestWidth) }
      guard ensemble.widths.count <= EnsembleDescription.mostWidths else {
        throw node.error(
          "\(node.name) lists \(ensemble.widths.count) widths; list at most \(EnsembleDescription.mostWidths).")
      }
    }
    // Two networks are the least that have a variance.
    if let node = keys["networks"] {
      ensemble.networks = try node.integer(atLeast: 2, atMost: ensemble.mostNetworks)
    }
    if let node = keys["chain"] {
      ensemble.chainNetworks = try node.integer(atLeast: 2, atMost: ensemble.mostNetworks)
    }
    if let node = keys["trained"] {
      ensemble.trained = try node.integer(atLeast: 2, atMost: ensemble.mostNetworks)
    }
    if let node = keys["inputs"] {
      ensemble.inputs = try node.integer(atLeast: 1, atMost: EnsembleDescription.mostInputs)
    }
    return ensemble
  }
}

extension EnsembleDescription {
  /// Neurons of a layer are counted in 32 bits where matrices are multiplied.
  static let largestWidth = LayerBounds.largestExtent
  static let mostWidths = 1000
  /// Kernels of the inputs followed are kept of every network, and grow with the square of their number.
  static let mostInputs = 4096
  /// Networks are numbered in 32 bits where random numbers are drawn, and every width has a range of numbers of its own.
  var mostNetworks: Int { Int(UInt32.max) / (widths.count + 1) }
}
