import ArgumentParser
import Foundation
import OrreryArchive
import OrreryExperiment
import OrreryFormats
import OrreryLaws
import OrreryNetworks
import OrrerySpecification
import OrreryStudies
import OrreryTheory

/// How a command ends: 0 success, 1 failure, 64 wrong usage, 65 bad input data, 66 no such input, 73 cannot write,
/// 130 interrupted.
enum ExitStatus {
  static let failure: Int32 = 1
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let interrupted: Int32 = 130
}

/// An error's sentence on standard error, and the exit status of its kind.
func report(_ error: any Error) -> ExitCode {
  if let code = error as? ExitCode { return code }
  let status: Int32 =
    switch error {
    case let error as SpecificationError:
      error.line == nil && error.isFromCommandLine ? ExitStatus.usage : ExitStatus.badData
    case let error as FormatError: error.category.exitStatus
    case let error as OutputError: error.category.exitStatus
    case let error as ArchiveError: error.category.exitStatus
    case let error as DataError: error.category.exitStatus
    case let error as CitationError: error.category.exitStatus
    case let error as StudyError: error.kind == .interrupted ? ExitStatus.interrupted : error.category.exitStatus
    case is WrongUsage, is UnknownLaw: ExitStatus.usage
    case let error as MissingInput: error.category.exitStatus
    case let error as UnwritableOutput: error.category.exitStatus
    case ExperimentError.cancelled, ExperimentError.stopped, GramChainError.cancelled: ExitStatus.interrupted
    default: ExitStatus.badData
    }
  StandardError.print("orrery: \(error)")
  return ExitCode(status)
}

/// Runs a command's work, turning errors into sentences and exit statuses.
func reportingFailures(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as CleanExit {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    throw report(error)
  }
}
