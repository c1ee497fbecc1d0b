import ArgumentParser

@main
struct OrreryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orrery", abstract: "A laboratory for the physics of deep learning.")
}
