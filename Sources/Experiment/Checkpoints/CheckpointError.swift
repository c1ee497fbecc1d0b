import OrreryFormats
import OrreryNetworks

/// A file that does not hold the state of the network that it was read for: everything that is wrong with it, by tensor.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Fault: Hashable, Sendable {
    case missing(String, shape: [Int])
    /// No tensor of the network has this name.
    case extra(String, shape: [Int])
    case misshapen(String, shape: [Int], wanted: [Int])
    /// Integers and booleans are no parameters.
    case wrongType(String, ElementType)
    case notFinite(String, problem: String)
  }

  /// The file, as the caller named it.
  public let file: String
  /// Missing and misshapen ones in the network's order; behind them extra ones, then those with wrong elements.
  public let faults: [Fault]

  /// As many of one kind as a sentence lists.
  private static let mostListed = 6

  /// One sentence that lists the tensors, and says what to do.
  public var description: String {
    let missing = faults.compactMap { fault in
      if case .missing(let name, let shape) = fault { "\(Self.shown(name)) \(Self.text(shape))" } else { nil }
    }
    let extra = faults.compactMap { fault in
      if case .extra(let name, let shape) = fault { "\(Self.shown(name)) \(Self.text(shape))" } else { nil }
    }
    let misshapen = faults.compactMap { fault -> String? in
      guard case .misshapen(let name, let shape, let wanted) = fault else { return nil }
      let isTransposed = shape.count == 2 && shape == wanted.reversed()
      return "\(name) is \(Self.text(shape)) and must be \(Self.text(wanted))\(isTransposed ? ", its transpose" : "")"
    }
    let types = faults.compactMap { fault in
      if case .wrongType(let name, let type) = fault { "\(name) is of type \(type.rawValue)" } else { nil }
    }
    let elements = faults.compactMap { fault in
      if case .notFinite(let name, let problem) = fault { "in \(name) \(problem)" } else { nil }
    }
    var clauses: [String] = []
    if !missing.isEmpty { clauses.append("it lacks \(Self.list(missing, separator: ", "))") }
    if !extra.isEmpty { clauses.append("the network has no \(Self.list(extra, separator: ", "))") }
    if !misshapen.isEmpty { clauses.append(Self.list(misshapen)) }
    if !types.isEmpty { clauses.append("\(Self.list(types, separator: ", ")), and must be of floating-point numbers") }
    if !elements.isEmpty { clauses.append(Self.list(elements)) }
    var remedies: [String] = []
    if !(missing + extra + misshapen).isEmpty {
      remedies.append(
        "name a checkpoint of the network that is described, or write the file with the names and shapes of its tensors"
      )
    }
    if !types.isEmpty { remedies.append("save it as float32 or float64") }
    if !elements.isEmpty {
      let isTooLarge = elements.contains { $0.contains("too large for single precision") }
      remedies.append("save it before training diverged" + (isTooLarge ? ", or describe it in precision float64" : ""))
    }
    return "\(file) is no checkpoint of this network: \((clauses + remedies).joined(separator: "; "))."
  }

  private static func list(_ items: [String], separator: String = "; ") -> String {
    items.prefix(mostListed).joined(separator: separator)
      + (items.count > mostListed ? "\(separator)and \(items.count - mostListed) more" : "")
  }

  /// As numpy prints it.
  private static func text(_ shape: [Int]) -> String { shapeText(shape) }

  /// Names in a file may be anything.
  private static func shown(_ name: String) -> String { printable(name) }
}
