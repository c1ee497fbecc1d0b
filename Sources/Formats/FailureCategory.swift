/// What kind of trouble a file made, as far as a calling program cares.
///
/// The command line ends with `exitStatus`, the codes of BSD's `sysexits.h`.
public enum FailureCategory: String, Sendable, Hashable, CaseIterable {
  /// The input was read, and is not what it should be.
  case badData
  /// The input does not exist or may not be read.
  case noSuchInput
  /// The output cannot be written where it was asked for.
  case cannotWrite

  /// 65 (`EX_DATAERR`), 66 (`EX_NOINPUT`) or 73 (`EX_CANTCREAT`).
  public var exitStatus: Int32 {
    switch self {
    case .badData: 65
    case .noSuchInput: 66
    case .cannotWrite: 73
    }
  }
}
