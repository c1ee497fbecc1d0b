// swift-tools-version: 6.1
import PackageDescription

/// Orrery's benchmarks: a package of their own, so that nobody who depends on Orrery builds them.
let package = Package(
  name: "orrery-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "orrery", path: "..")],
  targets: [
    // One call of every vector kernel, and what the processor can do at most.
    .target(
      name: "CLevels",
      dependencies: [.product(name: "CElementwise", package: "orrery")]),
    .executableTarget(
      name: "OrreryBenchmarks",
      dependencies: ["CLevels"]
        + ["Tensors", "Analysis", "Formats", "Networks", "Findings", "Theory", "Experiment"].map {
          .product(name: "Orrery" + $0, package: "orrery")
        },
      path: "Sources/OrreryBenchmarks",
      swiftSettings: [.enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility")]),
  ],
  swiftLanguageModes: [.v6]
)
