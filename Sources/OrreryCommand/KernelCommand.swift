import ArgumentParser

struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Write the NNGP and NTK of the described network on arrays.")
}
