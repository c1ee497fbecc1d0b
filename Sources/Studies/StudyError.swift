import OrreryFormats
import OrreryNetworks

/// Why a study cannot go on, in a sentence with a remedy.
public struct StudyError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of trouble, for programs that want to tell them apart.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The description lacks a part that the command needs.
    case missingPart
    /// The network's outputs and the data's targets do not fit.
    case mismatch
    /// `critical` was asked for, and the activation has no critical point.
    case noCriticalPoint
    /// Kernels grow beyond what numbers can hold.
    case overflow
    /// More memory is needed than the machine has.
    case tooLarge
    /// A part that the command cannot use as it is.
    case unusable
    /// The work was interrupted.
    case interrupted
  }

  public let kind: Kind
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  public var category: FailureCategory { .badData }

  /// Of pieces of theory that take perceptrons alone.
  ///
  /// - Parameter reason: which layer is none of a perceptron's.
  static func notAPerceptron(_ reason: Unrecognized) -> StudyError {
    StudyError(
      .unusable,
      "This part of theory covers multilayer perceptrons so far, and here \(reason); orrery check says what is covered of this network, "
        + "or describe an mlp.")
  }

  static let noTargets = StudyError(
    .unusable, "The data have no targets to train on; set data.targets to plus-minus-one, one-hot or centred.")

  static func missing(_ key: String, example: String) -> StudyError {
    StudyError(
      .missingPart, "The description has no key \(key), which this command needs; add, for example, \(example).")
  }
}
