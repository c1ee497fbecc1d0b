/// Commands as a user runs them.
enum CommandCase: String, CaseIterable {
  case forecast
  case kernel = "kernel-20000"
  case networks = "ten-thousand"

  /// As many bytes as the kernel has, written by the system's own tool.
  static let disk = "disk-1600MB"

  var title: String {
    switch self {
    case .forecast: "orrery forecast Examples/digits.yaml"
    case .kernel: "orrery kernel, n = 20 000 images, f32, NNGP to disk (1.6 GB)"
    case .networks: "orrery train Examples/ten-thousand.yaml, outputs of 10 000 networks and their cumulants"
    }
  }

  /// Of all products, where they are the work: 200 steps of 10 000 networks on 64 images, 3 hidden layers of width 64, and the
  /// observations.
  var operations: Double? { self == .networks ? 8.4e12 : nil }

  /// - Parameter limit: GFLOP/s of all cores' products.
  func target(limit: Double) -> String {
    switch self {
    case .forecast: "≤ 1 s"
    case .kernel: "≤ 10 s and the disk, ≤ 512 MiB"
    case .networks: limit >= 230 ? "≤ 60 s" : "≤ 1.4 × the limit"
    }
  }
}
