import ArgumentParser
import OrrerySpecification

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Print a commented description to start from.",
    discussion: "Use it as: orrery new > mine.yaml")

  func run() throws {
    try StandardOutput.print(Specification.template, terminator: "")
  }
}
